"""Live groups as term sums, and the nearest of them to a post: one pass, exact, with an inverted index.

All sums are whole numbers, so that adding and taking back in any order gives the same sums.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from incidents.idf import UNIT
from incidents.postings import Postings
from incidents.records import Vector

__all__ = ["Core", "Groups"]

Core = list[tuple[int, float]]


class Groups:
    """Term sums by group: `postings` has the weights, `terms[group][term]` is how many author-days.

    >>> groups = Groups()
    >>> groups.add("a", [(1, 800), (2, 600)], True)
    >>> groups.nearest([(1, 1000)], lambda group: 1.0, 0.25)
    ('a', 0.8)
    """

    def __init__(self) -> None:
        self.postings = Postings()
        self.terms: dict[str, dict[int, int]] = {}
        self.squares: dict[str, int] = {}
        self._heaviest: dict[str, tuple[int, Core]] = {}

    def add(self, group: str, vector: Vector, counted: bool) -> None:
        """Add a post's vector; `counted` tells whether its author-day counts for the terms."""
        terms = self.terms.setdefault(group, {})
        self._heaviest.pop(group, None)
        square = self.squares.get(group, 0)
        one = 1 if counted else 0
        for term, weight in vector:
            old = self.postings.add(term, group, weight)
            square += weight * (2 * old + weight)
            terms[term] = terms.get(term, 0) + one
        self.squares[group] = square

    def take(self, group: str, vector: Vector, counted: bool) -> None:
        """Take back what `add` added."""
        terms = self.terms.get(group)
        if terms is None:
            return
        self._heaviest.pop(group, None)
        square = self.squares[group]
        one = 1 if counted else 0
        for term, weight in vector:
            old = self.postings.weight(term, group)
            square += weight * (weight - 2 * old)
            terms[term] -= one
            if old > weight:
                self.postings.add(term, group, -weight)
            else:
                self.postings.drop(term, group)
                del terms[term]
        self.squares[group] = square

    def uncount(self, group: str, vector: Vector) -> None:
        """Take back the author-day of a post whose author was counted in that group already."""
        terms = self.terms.get(group, {})
        for term, _ in vector:
            if term in terms:
                terms[term] -= 1

    def merge(self, group: str, into: str) -> None:
        """Move a whole group's sums into another's."""
        self._heaviest.pop(group, None)
        self._heaviest.pop(into, None)
        square = self.squares.pop(into, 0)
        target = self.terms.setdefault(into, {})
        for term, count in self.terms.pop(group, {}).items():
            weight = self.postings.drop(term, group)
            old = self.postings.add(term, into, weight)
            square += weight * (2 * old + weight)
            target[term] = target.get(term, 0) + count
        self.squares[into] = square
        self.squares.pop(group, None)

    def retire(self, group: str) -> None:
        """Forget a group's sums; it takes no more posts."""
        self._heaviest.pop(group, None)
        for term in self.terms.pop(group, {}):
            self.postings.drop(term, group)
        self.squares.pop(group, None)

    def core(self, group: str, top: int) -> Core:
        """Return a group's `top` heaviest terms as a unit vector, heaviest first.

        >>> groups = Groups()
        >>> groups.add("a", [(1, 800), (2, 600)], True)
        >>> groups.core("a", 1)
        [(1, 1.0)]
        """
        best = self.postings.heaviest(self.terms[group], group, top)
        length = math.sqrt(sum(weight * weight for _, weight in best)) or 1.0
        return [(term, weight / length) for term, weight in best]

    def heaviest(self, group: str, top: int) -> Core:
        """Return the same, kept until the group changes; for groups that are asked about again and again."""
        kept = self._heaviest.get(group)
        if kept is None or kept[0] != top:
            kept = self._heaviest[group] = top, self.core(group, top)
        return kept[1]

    def cohesion(self, group: str, posts: int) -> float:
        """Length of the mean of a group's unit vectors: 1 where all posts say the same."""
        return math.sqrt(self.squares.get(group, 0)) / (UNIT * posts) if posts else 0.0

    def nearest(self, vector: Vector, decay: Callable[[str], float], least: float) -> tuple[str, float] | None:
        """Return the group of greatest cosine × decay, if that is at least `least`; the smaller id on a tie.

        Terms come heaviest first: once what is left of the vector is shorter than `least`, a group that
        shares none of the terms before cannot reach it.
        """
        dots, left, tail = self._candidates(vector, least)
        rest = self.postings.dots(tail)
        best, found, slack = least, "", math.sqrt(left) / UNIT
        for group, dot in dots.items():
            length = math.sqrt(self.squares[group]) * UNIT
            if dot / length + slack < best:
                continue
            score = (dot + rest(group)) / length
            if score < best:  # age only lessens
                continue
            score *= decay(group)
            if score > best or (score == best and (not found or group < found)):
                best, found = score, group
        return (found, best) if found else None

    def _candidates(self, vector: Vector, least: float) -> tuple[dict[str, int], int, Vector]:
        left = sum(weight * weight for _, weight in vector)
        enough = least * least * UNIT * UNIT
        dots: dict[str, int] = {}
        for position, (term, weight) in enumerate(vector):
            if left < enough:
                return dots, left, vector[position:]
            left -= weight * weight
            for group, total in self.postings.of(term):
                dots[group] = dots.get(group, 0) + weight * total
        return dots, 0, []
