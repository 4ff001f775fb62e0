"""The inverted index: which groups hold a term, and how much it weighs there."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

from incidents.records import Vector

__all__ = ["Postings"]


class Postings:
    """Weights by term and group, all above 0. Most terms stand in one group alone: those are held as a pair.

    >>> postings = Postings()
    >>> postings.add(1, "a", 800), postings.add(1, "b", 100), postings.add(1, "b", 200)
    (0, 0, 100)
    >>> postings.drop(1, "a"), postings.drop(1, "a")
    (800, 0)
    >>> list(postings.of(1)), postings.weight(1, "b")
    ([('b', 300)], 300)
    """

    def __init__(self) -> None:
        self._held: dict[int, tuple[str, int] | dict[str, int]] = {}

    def of(self, term: int) -> Iterable[tuple[str, int]]:
        """Return the groups that hold a term, each with its weight."""
        held = self._held.get(term)
        if held is None:
            return ()
        return (held,) if isinstance(held, tuple) else held.items()

    def weight(self, term: int, group: str) -> int:
        """Return a term's weight in a group, 0 where the group does not hold it."""
        held = self._held.get(term)
        if isinstance(held, tuple):
            return held[1] if held[0] == group else 0
        return 0 if held is None else held.get(group, 0)

    def heaviest(self, terms: Iterable[int], group: str, top: int) -> Vector:
        """Return the `top` heaviest of the group's terms, heaviest first, the smaller term on a tie."""
        held = self._held
        found = [(-(at[1] if isinstance(at := held[term], tuple) else at[group]), term) for term in terms]
        return [(term, -weight) for weight, term in heapq.nsmallest(top, found)]

    def dots(self, vector: Vector) -> Callable[[str], int]:
        """Return how to tell a vector's dot product with any group."""
        alone: dict[str, int] = {}
        shared: list[tuple[dict[str, int], int]] = []
        for term, weight in vector:
            held = self._held.get(term)
            if isinstance(held, dict):
                shared.append((held, weight))
            elif held is not None:
                alone[held[0]] = alone.get(held[0], 0) + weight * held[1]

        def dot(group: str) -> int:
            found = alone.get(group, 0)
            for held, weight in shared:
                found += weight * held.get(group, 0)
            return found

        return dot

    def add(self, term: int, group: str, weight: int) -> int:
        """Let a term weigh so much more in a group; return what it weighed."""
        held, old = self._held.get(term), 0
        if isinstance(held, dict):
            old = held.get(group, 0)
            held[group] = old + weight
        elif held is None:
            self._held[term] = group, weight
        elif held[0] == group:
            old = held[1]
            self._held[term] = group, old + weight
        else:
            self._held[term] = {held[0]: held[1], group: weight}
        return old

    def drop(self, term: int, group: str) -> int:
        """Let go of a term's weight in a group, and return it."""
        old, held = self.weight(term, group), self._held.get(term)
        if isinstance(held, dict) and len(held) > 1:
            held.pop(group, None)
        elif old:
            del self._held[term]
        return old
