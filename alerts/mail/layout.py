"""Plain text in columns: Han characters take two, lines break where the language allows it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["COLUMNS", "columns", "pad", "sparkline", "wrap"]

COLUMNS = 78
_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_NEVER_FIRST = "，。；：、！？）》”’%…,.;:!?)]"
_PIECE = re.compile(rf"\s+|(?:[{_WIDE}]|[^\s{_WIDE}]+)[{re.escape(_NEVER_FIRST)}]*")
_BARS = "▁▂▃▄▅▆▇█"


def columns(text: str) -> int:
    """Count the columns that text takes in a fixed-width face.

    >>> columns("停水 3 天"), columns("no water")
    (9, 8)
    """
    return len(text) if text.isascii() else sum(map(_width, text))


@cache
def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Fill text with spaces up to `width` columns.

    >>> pad("停水", 6) + "|"
    '停水  |'
    """
    return text + " " * max(0, width - columns(text))


def wrap(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Break text into lines of at most 78 columns; `first` opens the first line, `rest` the others.

    Only what cannot be broken at all, such as an address, may be longer. No text gives no line.

    >>> wrap("what people ask for " * 5, "- ")[0]
    '- what people ask for what people ask for what people ask for what people ask'
    """
    rest = " " * columns(first) if rest is None else rest
    if not text:
        return []
    lines: list[str] = []
    line, width = first, columns(first)
    empty = True
    for piece in _PIECE.findall(text):
        space = piece.isspace()
        size = 1 if space else columns(piece)
        if not space and not empty and width + size > COLUMNS:
            lines.append(line.rstrip())
            line, width, empty = rest, columns(rest), True
        if space and empty:
            continue
        line += " " if space else piece
        width += size
        empty = False
    return [*lines, line.rstrip()]


def sparkline(counts: tuple[int, ...]) -> str:
    """Draw counts as a row of bars.

    >>> sparkline((0, 1, 4, 8))
    '▁▂▅█'
    """
    top = max(*counts, 1)
    return "".join(_BARS[(count * (len(_BARS) - 1) + top // 2) // top] for count in counts)
