"""How telling a term is: inverse document frequency from the past alone, frozen between fixed moments."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import xxhash

from answerable.post import Term
from incidents.records import Vector

__all__ = ["CAP", "UNIT", "Idf", "term_hash"]

UNIT = 1000
CAP = {"zh": 25}
_CAP = 40


def term_hash(text: str) -> int:
    """Return the 64-bit hash that stands for a term in all state."""
    return xxhash.xxh3_64_intdigest(text.encode())


class Idf:
    """Document counts of the remembered posts; new posts count from the next freeze on.

    >>> idf = Idf()
    >>> idf.remember([1, 2])
    >>> idf.remember([1])
    >>> idf.freeze()
    >>> idf.factor(1) < idf.factor(2)
    True
    """

    def __init__(self) -> None:
        self.frozen: dict[int, int] = {}
        self.docs = 0
        self._pending: dict[int, int] = {}
        self._pending_docs = 0
        self._factors: dict[int, float] = {}

    @property
    def pending(self) -> int:
        """Posts remembered since the last freeze."""
        return self._pending_docs

    def remember(self, hashes: Iterable[int], frozen: bool = False) -> None:
        """Count a post's terms; they weigh from the next freeze on, or at once where that is past."""
        counts = self.frozen if frozen else self._pending
        if frozen:
            self.docs += 1
        else:
            self._pending_docs += 1
        for term in hashes:
            counts[term] = counts.get(term, 0) + 1

    def freeze(self) -> None:
        """Let everything remembered so far weigh."""
        frozen = self.frozen
        for term, count in self._pending.items():
            frozen[term] = frozen.get(term, 0) + count
        self.docs += self._pending_docs
        self._pending, self._pending_docs, self._factors = {}, 0, {}

    def drop(self, hashes: Iterable[int], frozen: bool) -> list[int]:
        """Take a remembered post back; return those of its terms that fewer than three posts hold now."""
        counts = self.frozen if frozen else self._pending
        rare = []
        if frozen:
            self.docs -= 1
            self._factors = {}
        else:
            self._pending_docs -= 1
        for term in hashes:
            left = counts[term] - 1
            if left:
                counts[term] = left
            else:
                del counts[term]
            if self.count(term) < 3:
                rare.append(term)
        return rare

    def count(self, term: int) -> int:
        """In how many remembered posts a term stands."""
        return self.frozen.get(term, 0) + self._pending.get(term, 0)

    def factor(self, term: int) -> float:
        """Return ln((N + 1) / df + 1) to the power ½, df at least 1."""
        known = self._factors.get(term)
        if known is None:
            known = math.sqrt(math.log((self.docs + 1) / (self.frozen.get(term, 0) or 1) + 1))
            self._factors[term] = known
        return known

    def vector(self, terms: Sequence[Term], lang: str) -> tuple[Vector, dict[int, Term]]:
        """Weigh terms into a vector of length UNIT, heaviest first, and tell each hash's term."""
        words: dict[int, Term] = {}
        weighed: list[tuple[float, int]] = []
        factors = self._factors
        for term in terms:
            number = term_hash(term.text)
            if number not in words:
                words[number] = term
                weighed.append((-term.weight * (factors.get(number) or self.factor(number)), number))
        weighed.sort()
        del weighed[CAP.get(lang, _CAP) :]
        length = math.sqrt(sum(weight * weight for weight, _ in weighed)) or 1.0
        return [(number, max(1, round(-weight * UNIT / length))) for weight, number in weighed], words
