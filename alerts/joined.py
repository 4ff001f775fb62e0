"""Which incidents of different areas are about one matter: a symmetrical rule, asked on five-minute boundaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from answerable.clock import DAY
from answerable.incident import IncidentUpdate

__all__ = ["TICK", "Index", "gathered", "same_matter"]

TICK = 300
_SHARED, _JACCARD = 3, 0.3
_APART = 3 * DAY


def same_matter(one: IncidentUpdate, other: IncidentUpdate) -> bool:
    """Tell whether two incidents of different areas share their matter and their days; the same both ways."""
    if one.area == other.area or not (one.shown and other.shown):
        return False
    shared = len(set(one.links_terms) & set(other.links_terms))
    every = len(set(one.links_terms) | set(other.links_terms))
    together = one.first_at - _APART <= other.last_at and other.first_at - _APART <= one.last_at
    return shared >= _SHARED and shared >= _JACCARD * every and together


def gathered(joined: Mapping[str, Collection[str]], areas: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return each matter as its incidents, in the given order: the first, and those that are joined with it.

    Of an area each matter has one incident at most: what a person or the fold keeps apart stays apart.

    >>> gathered({"a": ["c", "d"], "b": [], "c": ["a", "z"], "d": ["a"]}, {"a": "1", "b": "1", "c": "2", "d": "2"})
    [('a', 'c'), ('b',), ('d',)]
    """
    taken: set[str] = set()
    matters = []
    for first in joined:
        if first in taken:
            continue
        matter = {areas[first]: first}
        for other in joined:
            if other in joined[first] and other not in taken:
                matter.setdefault(areas[other], other)
        taken.update(matter.values())
        matters.append(tuple(matter.values()))
    return matters


class Index:
    """Finds incidents that may share a matter, by their terms."""

    def __init__(self) -> None:
        self._terms: dict[str, tuple[str, ...]] = {}
        self._holders: dict[str, set[str]] = {}

    def put(self, incident: str, terms: Iterable[str]) -> bool:
        """File an incident under its terms; tell whether they changed."""
        now = tuple(terms)
        before = self._terms.get(incident, ())
        if now == before:
            return False
        for term in before:
            self._holders[term].discard(incident)
        for term in now:
            self._holders.setdefault(term, set()).add(incident)
        self._terms[incident] = now
        return True

    def drop(self, incident: str) -> None:
        """Take an incident out."""
        self.put(incident, ())
        self._terms.pop(incident, None)

    def near(self, incident: str) -> list[str]:
        """Return the incidents that share enough terms to be looked at, in order of id."""
        shared = Counter(
            other for term in self._terms.get(incident, ()) for other in self._holders[term] if other != incident
        )
        return sorted(other for other, count in shared.items() if count >= _SHARED)

    def links(self, incident: str, find: Callable[[str], IncidentUpdate | None]) -> tuple[str, ...]:
        """Return the incidents about the same matter, in order of id."""
        one = find(incident)
        if one is None:
            return ()
        return tuple(
            near for near in self.near(incident) if (other := find(near)) is not None and same_matter(one, other)
        )
