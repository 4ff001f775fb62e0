"""Number plates of vehicles: Chinese ones by their shape, others where the text calls them a plate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span

__all__ = ["find"]

_CHINESE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]\s?[A-HJ-NP-Za-hj-np-z][\s·.\-]{0,2}"
    r"(?=[A-Za-z*]{0,5}[0-9*])[A-HJ-NP-Za-hj-np-z0-9*]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳*](?![A-Za-z0-9])"
)
_POLICE = re.compile(r"(?<![A-Za-z0-9])WJ[\s·]?[0-9]{2}[\s·\-]?[0-9]{3}[0-9XBTSHJDxbtshjd](?![0-9])")
_WORDS = Hints("plate", "reg", "tag", "车牌", "牌照", "kennzeichen", "plaque", "targa", "matr", "placa")
_CALLED = re.compile(
    r"(?:\bplates?|\bregistration|\breg|\btag|车牌号?码?|牌照|Kennzeichen|plaque|targa|matr[ií]cula|placa)"
    r"(?: (?:number|no\.?|num|is|was|reads?|of))*[\s:#，为是]{0,3}"
    r"(?P<plate>(?=[A-Za-z\- ]{0,4}[0-9])[A-Za-z0-9]{1,4}[- ]?[A-Za-z0-9]{1,5}(?:[- ]?(?-i:[A-Z0-9]{2,4}))?)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)


def find(text: str) -> Iterator[Span]:
    """Yield the span of each number plate in folded text.

    >>> list(find("车牌鲁A·12345占道")), list(find("license plate ABC-1234 again"))
    ([(2, 10)], [(14, 22)])
    """
    for found in _CHINESE.finditer(text):
        yield found.span()
    if "WJ" in text:
        yield from (found.span() for found in _POLICE.finditer(text))
    if _WORDS.within(text):
        yield from (found.span("plate") for found in _CALLED.finditer(text) if len(found["plate"]) >= 4)
