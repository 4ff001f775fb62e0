"""Folding for matching: width, case, accents and invisible characters, with a way back to the body.

Matching happens on folded text only; what people see keeps its own characters. The fold of a text is the fold
of each of its characters as the search's tokeniser has it (answerable/tokens.py), so that almost always one
character stays one character and no map is needed at all.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.tokens import fold

__all__ = ["Folded", "folded"]

_MANY = "\ue000"  # private use: marks a character that folds to none or to several
_KEPT = {ord("…"): "…", ord("’"): "'", ord("‘"): "'", ord("＇"): "'", ord("`"): "'", 0: " ", 0xE000: " "}
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


class Folded(Struct, frozen=True):
    """Folded text; `starts[i]` is the body's code point that character i came from, None = i itself."""

    text: str
    body: str
    starts: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Turn a stretch of the folded text into code points of the body."""
        if self.starts is None or start >= end:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1

    def at(self, position: int) -> int:
        """Find where a code point of the body begins in the folded text."""
        if self.starts is None:
            return position
        return bisect_left(self.starts, position)


@lru_cache(maxsize=65536)
def _fold_one(character: str) -> str:
    return "" if _INVISIBLE.match(character) else fold(character)


class _Table:
    """The fold of every character seen so far, by code point; 0 = not seen yet, _MANY = not one character."""

    def __init__(self) -> None:
        self._codes: NDArray[np.uint32] = np.zeros(sys.maxunicode + 1, np.uint32)

    def fold(self, body: str) -> str:
        """Fold character by character."""
        codes = np.frombuffer(body.encode("utf-32-le", "surrogatepass"), np.uint32)
        found = self._codes[codes]
        if not found.all():
            self._learn(codes[found == 0])
            found = self._codes[codes]
        return found.tobytes().decode("utf-32-le", "surrogatepass")

    def _learn(self, codes: NDArray[np.uint32]) -> None:
        for code in set(codes.tolist()):
            text = _KEPT.get(code) or _fold_one(chr(code))
            self._codes[code] = ord(text) if len(text) == 1 else ord(_MANY)


_table = _Table()


def folded(body: str) -> Folded:
    r"""Fold a text for matching and keep the way back.

    >>> folded("Ａ３区停水！").text
    'a3区停水!'
    >>> seen = folded("停\u200b水")
    >>> seen.text, seen.span(0, 2)
    ('停水', (0, 3))
    """
    text = _table.fold(body)
    return Folded(text, body) if _MANY not in text else _spelled(text, body)


def _spelled(text: str, body: str) -> Folded:
    """Write what each marked character folds to into a folded text, with the way back."""
    first, *others = text.split(_MANY)
    parts, at = [first], len(first)
    sizes = np.ones(len(body), np.intp)
    for other in others:
        one = _fold_one(body[at])
        sizes[at] = len(one)
        parts += one, other
        at += 1 + len(other)
    return Folded("".join(parts), body, tuple(np.arange(len(body)).repeat(sizes).tolist()))
