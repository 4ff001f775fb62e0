"""One-for-one folding, so that a mask found in the folded text stands at the same place in the original."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import count

import numpy as np
from ahocorasick_rs import AhoCorasick, Implementation

__all__ = ["Hints", "Span", "beginning", "flatten", "paint", "unseen"]

Span = tuple[int, int]

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_ZEROS = (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0)


_numbers = count()
_bits: dict[str, int] = {}  # which hints each word belongs to


class Hints:
    """Words, in lower case, without which a dearer search could find nothing; looked for with all others at once.

    >>> Hints("phone", "电话").within("my Phone"), Hints("phone").within("nothing")
    (True, False)
    """

    def __init__(self, *words: str) -> None:
        self._bit = 1 << next(_numbers)
        for word in words:
            _bits[word] = _bits.get(word, 0) | self._bit
        _automaton.cache_clear()
        _within.cache_clear()

    def within(self, text: str) -> bool:
        """Tell whether one of them stands in a text, in any case."""
        return _within(text) & self._bit != 0


@cache
def _automaton() -> tuple[AhoCorasick, list[int]]:
    return AhoCorasick(list(_bits), implementation=Implementation.DFA), list(_bits.values())


@lru_cache(maxsize=1)
def _within(text: str) -> int:
    automaton, bits = _automaton()
    found = 0
    for index, _, _ in automaton.find_matches_as_indexes(text.lower(), overlapping=True):
        found |= bits[index]
    return found


def beginning(first: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what `pattern` finds, tried only where `first`, a set of characters, does: that is found fast.

    >>> [found[0] for found in beginning(re.compile("[0-9]"), re.compile("(?<!-)[0-9]{2}|(?<=-)[0-9]"), "12, -34, 5")]
    ['12', '3']
    """
    end = 0
    for begin in first.finditer(text):
        if begin.start() >= end and (found := pattern.match(text, begin.start())) is not None:
            end = found.end()
            yield found


def _table() -> dict[int, int]:
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), ord(" "))
    table |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0x2500), ord("-"))
    table |= dict.fromkeys((0x2022, 0x2027, 0x30FB, 0xFF65), 0xB7)
    table |= {zero + n: ord("0") + n for zero in _ZEROS for n in range(10)}
    table |= {0x1D7CE + n: ord("0") + n % 10 for n in range(50)}
    table |= {first + n: ord("1") + n for first in (0x2460, 0x2474, 0x2776, 0x2780, 0x278A) for n in range(9)}
    table |= {0x24EA: ord("0"), 0xFE6B: ord("@"), 0x2019: ord("'")}
    for code in (*range(0x2070, 0x207A), *range(0x2080, 0x208A), 0xB2, 0xB3, 0xB9):
        digit = unicodedata.digit(chr(code), -1)
        table |= {code: ord("0") + digit} if digit >= 0 else {}
    return table


_TABLE = _table()
_CODES = np.arange(sys.maxunicode + 1, dtype=np.uint32)
_CODES[list(_TABLE)] = list(_TABLE.values())


def flatten(text: str) -> str:
    """Fold width, digits of other scripts, dashes and spaces, one code point for one.

    >>> flatten("１３８－００①٣")
    '138-0013'
    """
    if text.isascii():
        return text
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _CODES.take(codes).tobytes().decode("utf-32-le", "surrogatepass")


def unseen(text: str) -> tuple[str, list[int] | None]:
    r"""Drop invisible characters; return the rest and where each stood, None where nothing was dropped.

    >>> unseen("1\u200b38")
    ('138', [0, 2, 3])
    """
    if text.isascii() or not _INVISIBLE.search(text):
        return text, None
    kept = [at for at, char in enumerate(text) if not _INVISIBLE.match(char)]
    return "".join(text[at] for at in kept), kept


def paint(text: str, spans: Iterable[Span], kept: list[int] | None = None) -> str:
    """Replace each code point inside the spans by a star; `kept` maps spans back to the original.

    >>> paint("call 555", [(5, 8)])
    'call ***'
    """
    for start, end in spans:
        if start >= end:
            continue
        if kept is not None:
            start, end = kept[start], kept[end - 1] + 1
        text = text[:start] + "*" * (end - start) + text[end:]
    return text
