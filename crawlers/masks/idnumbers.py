"""Numbers that name one person: resident ids of 18 and 15 digits, bank cards, passports, ids of other countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span, beginning

__all__ = ["find"]

_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMERIC = re.compile(
    "|".join(
        (
            rf"(?<!\d)[1-9]\d{{5}}[- ]?(?:18|19|20)\d{{2}}{_DAY}[- ]?\d{{3}}[\dXx](?![\dA-Za-z])",
            rf"(?<!\d)[1-9]\d{{5}}[- ]?\d{{2}}{_DAY}[- ]?\d{{3}}(?!\d)",
            r"(?<!\d)\d{3,6}[*×xX]{4,12}\d{2,4}[Xx]?(?![\dA-Za-z])",
            r"(?<![\d=/])(?:62|4\d|5[1-5])\d{2}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?:[- ]?\d{1,3})?(?!\d)",
            r"(?<![\d\-])\d{3}-\d{2}-\d{4}(?![\d\-])",  # United States
            r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)",  # Brazil
            r"(?<![\d\-])\d{6}-[1-4]\d{6}(?![\d\-])",  # Korea
            r"(?<![A-Za-z\d])\d{8}[A-HJ-NP-TV-Z](?![A-Za-z\d])",  # Spain
            r"(?<!\d)[2-9]\d{3} \d{4} \d{4}(?![ ]?\d)",  # India
            r"(?<![A-Z\d])[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Z\d])",  # Italy
        )
    )
)
_FIRST = re.compile(r"\d|[A-Z](?=[A-Z]{5}\d)")
_WORDS = Hints(
    "护照", "通行证", "证件", "身份证", "银行卡", "卡号", "社保号", "医保号", "学号", "passport", "ssn",
    "id no", "id number", "aadhaar",
)  # fmt: skip
_CALLED = re.compile(
    r"(?:护照|通行证|证件号?|身份证号?码?|银行卡号?|卡号|社保号|医保号|学号"
    r"|\b(?:passport|ssn|id (?:no|number)\.?|aadhaar))"
    r"[^\dA-Za-z\n]{0,6}(?:no\.?|number|is)?[ :#]{0,3}(?P<number>[A-Za-z]{0,3}\d[\dA-Za-z\-]{4,20})",
    re.IGNORECASE,
)
_LONG = re.compile(r"[\dA-Z](?:(?<=\d)[\d*×xX\-. ]{6}|(?<=[A-Z])[A-Z]{5}\d)")


def find(text: str) -> Iterator[Span]:
    """Yield the span of each id number in folded text.

    >>> list(find("证是11010119900307123X，"))
    [(2, 20)]
    """
    if _LONG.search(text):
        yield from (found.span() for found in beginning(_FIRST, _NUMERIC, text))
    if _WORDS.within(text):
        yield from (found.span("number") for found in _CALLED.finditer(text))
