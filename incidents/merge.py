"""Whole groups that turn out to be about one matter: average linkage of live groups at fixed moments."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection

from answerable.clock import HOUR
from answerable.post import Kind
from incidents import merging
from incidents.groups import Core
from incidents.memory import Memory
from incidents.places import elsewhere
from incidents.policy import SLOW
from incidents.records import Group
from incidents.series import bulk
from incidents.thresholds import Threshold, threshold

__all__ = ["merge_live", "near", "proximity", "retire_idle"]

_HELD_BACK = 0.5
_NEAR, _NIGHT = 10 * HOUR, 12 * HOUR
_SPAN = 0.3
_FAINT = 0.02
_STRAY = 2
_EVERYWHERE = 1000  # a word that so many live groups share tells none apart, and comparing by it costs their square
_SURE = Threshold(stop=0.3)
_LIKELY = 8


def retire_idle(memory: Memory, now: int) -> None:
    """Let groups take no more posts that have been idle; letters stay."""
    policy = memory.policy
    for name in list(memory.sums.terms):
        group = memory.groups[name]
        if group.kind in SLOW:
            continue
        if now - group.last_at > (policy.idle_single if group.posts == 1 else policy.idle_group):
            memory.retire(group)


def merge_live(memory: Memory, slow: bool, since: int) -> list[Group]:
    """Merge live groups of slow (or of fast) kinds until none are near enough; return those that went into others.

    Only groups that changed after record `since` are compared anew, with all others.
    """
    names = sorted(name for name in memory.sums.terms if (memory.groups[name].kind in SLOW) is slow)
    usual = _usual(memory, names)
    cores = {name: memory.sums.core(name, usual.top) for name in names}
    linkage = _Linkage(memory, cores, usual, since)
    done = []
    while (pair := linkage.nearest()) is not None:
        gone, into = merging.direction(memory.groups[pair[0]], memory.groups[pair[1]])
        linkage.join(gone.id, into.id)
        merging.absorb(memory, gone, into)
        done.append(gone)
    return done


def near(memory: Memory, group: Group) -> Group | None:
    """Return the incident spoken of already that a group is surely one with, None where none is; nothing is changed.

    It is compared as at fixed moments, but what joins in between has to be more alike: few posts may mislead.
    Of the incidents that share heavy terms the few most alike are looked at.
    """
    if group.id not in memory.sums.terms:
        return None
    names = sorted([*_likely(memory, group), group.id])
    cores = {name: memory.sums.heaviest(name, _SURE.top) for name in names}
    linkage = _Linkage(memory, cores, _SURE, memory.head.seq)
    linkage.compare(group.id, memory.head.seq)
    pair = linkage.nearest()
    return memory.groups[pair[0] if pair[1] == group.id else pair[1]] if pair is not None else None


def _likely(memory: Memory, group: Group) -> list[str]:
    """Return the incidents spoken of already whose terms are nearest to a group's heaviest terms."""
    groups, sums, dots = memory.groups, memory.sums, dict[str, float]()
    for term, weight in sums.heaviest(group.id, _SURE.top):
        for name, theirs in sums.postings.of(term):
            other = groups[name]
            if other.revision and other is not group and (other.kind in SLOW) is (group.kind in SLOW):
                dots[name] = dots.get(name, 0.0) + weight * theirs
    return heapq.nsmallest(_LIKELY, dots, key=lambda name: (-dots[name] / math.sqrt(sums.squares[name]), name))


def _usual(memory: Memory, names: list[str]) -> Threshold:
    """Return what holds for the language and kind that most groups have."""
    found: dict[tuple[str, Kind], int] = {}
    for name in names:
        sort = memory.groups[name].lang, memory.groups[name].kind
        found[sort] = found.get(sort, 0) + 1
    return threshold(*min(found, key=lambda sort: (-found[sort], sort), default=("", Kind.MICROBLOG)))


def proximity(one: Group, other: Group, bulk_of_one: tuple[int, int], bulk_of_other: tuple[int, int]) -> float:
    """Return how near two groups lie in time, 1 where they overlap; their bulks may lie a night apart.

    A gap counts for less the longer one of them lasted: what went on for days goes on after a pause.
    """
    (begin, end), (first, last) = bulk_of_one, bulk_of_other
    ends = max(one.first_at - other.last_at, other.first_at - one.last_at)
    gap = max(0, ends, begin - last - _NIGHT, first - end - _NIGHT)
    return math.exp(-gap / (_NEAR + _SPAN * max(end - begin, last - first)))


def _alone(sizes: Collection[int]) -> float:
    """Return the share of posts that stand alone in their groups."""
    return sum(1 for posts in sizes if posts == 1) / (sum(sizes) or 1)


class _Linkage:
    """Sums of weighted similarity between groups, sparse; the average is over both weights (n to the ¾)."""

    def __init__(self, memory: Memory, cores: dict[str, Core], usual: Threshold, since: int) -> None:
        self._memory, self._usual, self._cores = memory, usual, cores
        names = list(cores)
        self._posts = {name: memory.groups[name].posts for name in names}
        self._weights = {name: posts**0.75 for name, posts in self._posts.items()}
        self._stray = min(1.0, _HELD_BACK + usual.alone * _alone(self._posts.values()))
        self._sums: dict[str, dict[str, float]] = {name: {} for name in names}
        self._ages = dict.fromkeys(names, 0)
        self._bulks: dict[str, tuple[int, int]] = {}
        self._heap: list[tuple[float, str, str, int]] = []
        self._postings: dict[int, dict[str, float]] = {}
        for name, core in self._cores.items():
            for term, weight in core:
                self._postings.setdefault(term, {})[name] = weight
        for name in names:
            if memory.groups[name].changed > since:
                self.compare(name, since)

    def compare(self, name: str, since: int) -> None:
        """Note how much a group that changed is like every other; two that changed are compared once."""
        groups, group = self._memory.groups, self._memory.groups[name]
        weight = self._weights[name]
        for other, alike in self._alike(name, self._cores[name]).items():
            if alike <= _FAINT or other in group.apart or (other < name and groups[other].changed > since):
                continue
            value = alike * self._proximity(group, groups[other]) * weight * self._weights[other]
            self._sums[name][other] = self._sums[other][name] = value
            self._push(name, other)

    def _alike(self, name: str, core: Core) -> dict[str, float]:
        """Return the likeness of every group that shares heavy terms.

        It is the cosine of the heaviest terms. Half of what the one term they share most adds is held
        back: one common word is no common matter; of one or two posts more, the more posts stand alone.
        """
        dots: dict[str, float] = {}
        peaks: dict[str, float] = {}
        for term, weight in core:
            if len(self._postings[term]) > _EVERYWHERE:
                continue
            for other, theirs in self._postings[term].items():
                part = weight * theirs
                dots[other] = dots.get(other, 0.0) + part
                if part > peaks.get(other, 0.0):
                    peaks[other] = part
        dots.pop(name, None)
        posts, few = self._posts, self._posts[name] <= _STRAY
        return {
            other: dot - (self._stray if few or posts[other] <= _STRAY else _HELD_BACK) * peaks[other]
            for other, dot in dots.items()
            if dot > _FAINT
        }

    def _proximity(self, one: Group, other: Group) -> float:
        if one.kind in SLOW:
            return elsewhere(one.districts, other.districts)
        return proximity(one, other, self._bulk(one), self._bulk(other))

    def _bulk(self, group: Group) -> tuple[int, int]:
        known = self._bulks.get(group.id)
        if known is None:
            known = self._bulks[group.id] = bulk(group)
        return known

    def nearest(self) -> tuple[str, str] | None:
        """Return the two groups of greatest average that reaches the stop, None where none does."""
        while self._heap:
            _, one, other, age = heapq.heappop(self._heap)
            if one in self._sums and other in self._sums and age == self._ages[one] + self._ages[other]:
                return one, other
        return None

    def join(self, gone: str, into: str) -> None:
        """Add one group's sums to another's."""
        self._sums[into].pop(gone, None)
        moved = self._sums.pop(gone)
        self._weights[into] += self._weights.pop(gone)
        self._posts[into] += self._posts.pop(gone)
        self._ages[into] += 1
        for other, value in moved.items():
            if other != into:
                self._sums[other].pop(gone)
                total = self._sums[into].get(other, 0.0) + value
                self._sums[into][other] = self._sums[other][into] = total
        for other in self._sums[into]:
            self._push(into, other)

    def _push(self, one: str, other: str) -> None:
        average = self._sums[one][other] / (self._weights[one] * self._weights[other])
        average /= self._usual.asked(min(self._posts[one], self._posts[other]))
        if average >= self._usual.stop:
            first, second = min(one, other), max(one, other)
            heapq.heappush(self._heap, (-average, first, second, self._ages[first] + self._ages[second]))
