"""Mail addresses, also those written with (at), [at] or # and with (dot)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span

__all__ = ["find"]

_SIGN = r"[A-Za-z0-9._%+\-\u00c0-\u024f]"
_LOCAL = rf"(?<![A-Za-z0-9._%+\-]){_SIGN}{{1,64}}"
_JOINED = re.compile(rf"@(?<={_SIGN}@)\S")
_HASHED = re.compile(rf"#(?<={_SIGN}#)\S")
_PLAIN = re.compile(rf"{_LOCAL}@(?:[A-Za-z0-9\u00c0-\u024f\-]{{1,63}}\.){{1,6}}[A-Za-z]{{2,24}}")
_MARK = r"(?:\s?(?:[\[({<]\s?(?:at|@|艾特)\s?[\])}>]|艾特)\s?|#)"
_DOT = r"\s?(?:\.|[\[({<]\s?(?:dot|点)\s?[\])}>]|\sdot\s|点)\s?"
_TOP = r"(?:com|cn|net|org|edu|gov|info|io|de|fr|it|es|uk|jp|kr|in|br|pt)\b"
_HOST = r"[A-Za-z0-9\-]{1,63}"
_HIDDEN = re.compile(
    rf"{_LOCAL}(?:{_MARK}{_HOST}(?:{_DOT}{_HOST}){{0,3}}{_DOT}|\sat\s{_HOST}(?:\sdot\s{_HOST}){{0,3}}\sdot\s){_TOP}",
    re.IGNORECASE,
)
_HINTS = Hints("(at", "[at", "{at", "<at", "( at", "[ at", "(@", "[@", "艾特", " dot ")


def find(text: str) -> Iterator[Span]:
    """Yield the span of each mail address in folded text.

    >>> list(find("write to li.na@mail.example.cn today"))
    [(9, 30)]
    >>> list(find("li (at) example (dot) com"))
    [(0, 25)]
    """
    if _JOINED.search(text):
        yield from (found.span() for found in _PLAIN.finditer(text))
    if _HINTS.within(text) or _HASHED.search(text):
        yield from (found.span() for found in _HIDDEN.finditer(text))
