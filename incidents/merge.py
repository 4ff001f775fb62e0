"""Whole groups that turn out to be about one matter: average linkage of live groups at fixed moments."""

from __future__ import annotations

import heapq
import math

from incidents import merging
from incidents.memory import Memory
from incidents.places import elsewhere
from incidents.policy import SLOW
from incidents.records import Group

__all__ = ["merge_live", "retire_idle"]

_STOP = {"zh": 0.24, "en": 0.11}
_STOP_ELSE = 0.05
_HELD_BACK = 0.5
_NEAR = 36 * 3600
_TOP = 24
_FAINT = 0.02


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
    linkage = _Linkage(memory, names, _stop(memory, names), since)
    done = []
    while (pair := linkage.nearest()) is not None:
        gone, into = merging.direction(memory.groups[pair[0]], memory.groups[pair[1]])
        linkage.join(gone.id, into.id)
        merging.absorb(memory, gone, into)
        done.append(gone)
    return done


def _stop(memory: Memory, names: list[str]) -> float:
    """Return the stop of the language that most groups speak."""
    langs: dict[str, int] = {}
    for name in names:
        lang = memory.groups[name].lang
        langs[lang] = langs.get(lang, 0) + 1
    most = min(langs, key=lambda lang: (-langs[lang], lang), default="")
    return _STOP.get(most, _STOP_ELSE)


class _Linkage:
    """Sums of weighted similarity between groups, sparse; the average is over both weights (n to the ¾)."""

    def __init__(self, memory: Memory, names: list[str], stop: float, since: int) -> None:
        self._memory, self._stop = memory, stop
        self._weights = {name: memory.groups[name].posts ** 0.75 for name in names}
        self._sums: dict[str, dict[str, float]] = {name: {} for name in names}
        self._ages = dict.fromkeys(names, 0)
        self._heap: list[tuple[float, str, str, int]] = []
        self._postings: dict[int, dict[str, float]] = {}
        cores = {name: self._core(name) for name in names}
        for name, core in cores.items():
            for term, weight in core:
                self._postings.setdefault(term, {})[name] = weight
        for name, core in cores.items():
            if memory.groups[name].changed > since:
                self._compare(name, core, since)

    def _compare(self, name: str, core: list[tuple[int, float]], since: int) -> None:
        """Note how much a group that changed is like every other; two that changed are compared once."""
        groups, group = self._memory.groups, self._memory.groups[name]
        weight = self._weights[name]
        for other, alike in self._alike(name, core).items():
            if alike <= _FAINT or other in group.apart or (other < name and groups[other].changed > since):
                continue
            value = alike * self._proximity(group, groups[other]) * weight * self._weights[other]
            self._sums[name][other] = self._sums[other][name] = value
            self._push(name, other)

    def _alike(self, name: str, core: list[tuple[int, float]]) -> dict[str, float]:
        """Return the likeness of every group that shares heavy terms.

        It is the cosine of the heaviest terms. Half of what the one term they share most adds is held
        back: one common word is no common matter.
        """
        dots: dict[str, float] = {}
        peaks: dict[str, float] = {}
        for term, weight in core:
            for other, theirs in self._postings[term].items():
                part = weight * theirs
                dots[other] = dots.get(other, 0.0) + part
                if part > peaks.get(other, 0.0):
                    peaks[other] = part
        dots.pop(name, None)
        return {other: dot - _HELD_BACK * peaks[other] for other, dot in dots.items()}

    def _core(self, name: str) -> list[tuple[int, float]]:
        """Return a group's heaviest terms as a unit vector."""
        postings = self._memory.sums.postings
        top = heapq.nsmallest(_TOP, [(-postings[term][name], term) for term in self._memory.sums.terms[name]])
        length = math.sqrt(sum(weight * weight for weight, _ in top)) or 1.0
        return [(term, -weight / length) for weight, term in top]

    def _proximity(self, one: Group, other: Group) -> float:
        if one.kind in SLOW:
            return elsewhere(one.districts, other.districts)
        gap = max(0, one.first_at - other.last_at, other.first_at - one.last_at)
        return math.exp(-gap / _NEAR)

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
        if average >= self._stop:
            first, second = min(one, other), max(one, other)
            heapq.heappush(self._heap, (-average, first, second, self._ages[first] + self._ages[second]))
