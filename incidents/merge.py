"""Whole groups that turn out to be about one matter: average linkage of live groups at fixed moments."""

from __future__ import annotations

import math

from incidents import merging
from incidents.memory import Memory
from incidents.policy import SLOW
from incidents.records import Group

__all__ = ["merge_live", "retire_idle"]

_STOP = {"zh": 0.20}
_STOP_ELSE = 0.11
_NEAR = 36 * 3600
_TOP = 24


def retire_idle(memory: Memory, now: int) -> None:
    """Let groups take no more posts that have been idle; letters and what people see stay."""
    policy = memory.policy
    for name in list(memory.sums.terms):
        group = memory.groups[name]
        if group.kind in SLOW or (group.revision and not group.closed):
            continue
        if now - group.last_at > (policy.idle_single if group.posts == 1 else policy.idle_group):
            memory.retire(group)


def merge_live(memory: Memory, slow: bool) -> list[Group]:
    """Merge live groups of slow (or of fast) kinds until none are near enough; return those that went into others."""
    names = sorted(name for name in memory.sums.terms if (memory.groups[name].kind in SLOW) is slow)
    linkage = _Linkage(memory, names)
    done = []
    while (pair := linkage.nearest()) is not None:
        gone, into = merging.direction(memory.groups[pair[0]], memory.groups[pair[1]])
        linkage.join(gone.id, into.id)
        merging.absorb(memory, gone, into)
        done.append(gone)
    return done


class _Linkage:
    """Sums of weighted similarity between groups, sparse; the average is over both weights (n to the ¾)."""

    def __init__(self, memory: Memory, names: list[str]) -> None:
        self._memory = memory
        self._weights = {name: memory.groups[name].posts ** 0.75 for name in names}
        self._sums: dict[str, dict[str, float]] = {name: {} for name in names}
        for name in names:
            for other, alike in self._alike(name).items():
                if other > name and other in self._weights:
                    value = alike * self._weights[name] * self._weights[other]
                    self._sums[name][other] = self._sums[other][name] = value

    def _alike(self, name: str) -> dict[str, float]:
        sums, groups = self._memory.sums, self._memory.groups
        top = sorted((-sums.weight(name, term), term) for term in sums.terms[name])[:_TOP]
        dots: dict[str, int] = {}
        for weight, term in top:
            for other, total in sums.postings[term].items():
                dots[other] = dots.get(other, 0) - weight * total
        own, group = math.sqrt(sums.squares[name]), groups[name]
        found = {}
        for other, dot in dots.items():
            if other == name or other in group.apart:
                continue
            cosine = dot / (own * math.sqrt(sums.squares[other]))
            found[other] = cosine * self._proximity(group, groups[other])
        return found

    def _proximity(self, one: Group, other: Group) -> float:
        if one.kind in SLOW:
            return 1.0
        gap = max(0, one.first_at - other.last_at, other.first_at - one.last_at)
        return math.exp(-gap / _NEAR)

    def nearest(self) -> tuple[str, str] | None:
        """Return the two groups of greatest average, if that reaches the stop."""
        best: tuple[float, str, str] | None = None
        for name in sorted(self._sums):
            for other, value in self._sums[name].items():
                if other < name:
                    continue
                average = value / (self._weights[name] * self._weights[other])
                if best is None or (-average, name, other) < best:
                    best = (-average, name, other)
        if best is None:
            return None
        stop = _STOP.get(self._memory.groups[best[1]].lang, _STOP_ELSE)
        return (best[1], best[2]) if -best[0] >= stop else None

    def join(self, gone: str, into: str) -> None:
        """Add one group's sums to another's."""
        self._sums[into].pop(gone, None)
        for other, value in self._sums.pop(gone).items():
            if other == into:
                continue
            self._sums[other].pop(gone)
            total = self._sums[into].get(other, 0.0) + value
            self._sums[into][other] = self._sums[other][into] = total
        self._weights[into] += self._weights.pop(gone)
