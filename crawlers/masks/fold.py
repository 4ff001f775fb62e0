"""One-for-one folding, so that a mask found in the folded text stands at the same place in the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ahocorasick_rs import AhoCorasick, Implementation

__all__ = ["Hints", "Span", "beginning", "flatten", "paint", "unseen"]

Span = tuple[int, int]

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_ZEROS = (0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0)


class Hints:
    """Words without which a dearer search could find nothing.

    >>> Hints("phone", "电话").within("my phone"), Hints("phone").within("nothing")
    (True, False)
    """

    def __init__(self, *words: str) -> None:
        self._words = AhoCorasick(words, implementation=Implementation.DFA)

    def within(self, text: str) -> bool:
        """Tell whether one of them stands in a text."""
        return bool(self._words.find_matches_as_indexes(text))


def beginning(first: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what `pattern` finds, tried only where `first`, a set of characters, does: that is found fast.

    >>> [found[0] for found in beginning(re.compile("[0-9]"), re.compile("(?<!-)[0-9]{2}|(?<=-)[0-9]"), "12, -34, 5")]
    ['12', '3']
    """
    at = 0
    while (begin := first.search(text, at)) is not None:
        found = pattern.match(text, begin.start())
        at = begin.end() if found is None else found.end()
        if found is not None:
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
_COMMON = tuple((char, chr(_TABLE[ord(char)])) for char in "，：（）！？；\u3000—～")
_RARE = re.compile(f"[{''.join(re.escape(chr(code)) for code in sorted(_TABLE))}]")


def flatten(text: str) -> str:
    """Fold width, digits of other scripts, dashes and spaces, one code point for one.

    >>> flatten("１３８－００①٣")
    '138-0013'
    """
    if text.isascii():
        return text
    for wide, narrow in _COMMON:
        text = text.replace(wide, narrow)
    return text.translate(_TABLE) if _RARE.search(text) else text


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
    chars: list[str] | None = None
    for start, end in spans:
        if start >= end:
            continue
        if kept is not None:
            start, end = kept[start], kept[end - 1] + 1
        chars = chars if chars is not None else list(text)
        chars[start:end] = "*" * (end - start)
    return text if chars is None else "".join(chars)
