"""Phone numbers: Chinese mobiles, landlines and 400 numbers, international and national forms elsewhere.

Short public numbers (110, 12345, 95598) are services, not persons, and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks.fold import Hints, Span, beginning

__all__ = ["find"]

_S = r"(?: ?[-._·] ?| {1,2})?"
_EXT = r"(?:\s?(?:转|[Ee]xt\.?|x|#|-)\s?\d{1,6}(?!\d))?"
_PREFIX = rf"(?<![A-Za-z0-9_.])(?:(?:\+|00)?{_S}86{_S})?"
_MOBILE = (
    rf"{_PREFIX}1[3-9](?:\d(?:{_S}[\d*×]{{4}}{_S}\d{{4}}|{_S}\d{{3}}{_S}\d{{5}}|{_S}\d{{3}}{_S}\d{{3}}{_S}\d\d)"
    rf"|\d\d{_S}\d{{3}}{_S}\d{{4}}|(?:[ \-._]\d){{9}}|\d(?: ?[*x×]){{4}} ?\d{{4}})(?![\d])"
    rf"|(?<![A-Za-z0-9_.])1 [3-9](?: \d){{9}}(?![\d])"
)
_AREA = r"(?<![\d.])(?:(?:\+|00)86[- ]?\(?0?\d{2,3}\)?|\(?0\d{2,3}\)?)"
_LANDLINE = rf"{_AREA}[- ]{{0,2}}[2-9]\d{{2,3}}[- ]?\d{{4}}{_EXT}(?![\d])"
_SERVICE = r"(?<![\d])(?:400|800)[- ]?(?:\d{3}[- ]?\d{4}|\d{4}[- ]?\d{3}|\d[- ]?\d{3}[- ]?\d{3})(?![\d])"
_PLUS = r"(?<![\d+])\+\d(?:[-\s.()/]{0,2}\d){6,14}(?!\d)"
_NANP = rf"(?<![\d.\-])(?:1[-. ])?(?:\([2-9]\d{{2}}\) ?|[2-9]\d{{2}}[-. /])[2-9]\d{{2}}[-. ]\d{{4}}{_EXT}(?![\d])"
_TEN = r"(?<![A-Za-z\d.\-=/_])(?!20[0-4]\d(?:0[1-9]|1[0-2]))[2-9]\d{2}[2-9]\d{6}(?![A-Za-z\d.%元])"
_EURO = r"(?<![\d.\-/:])0\d{1,4}(?:[ \-./]\d{2,4}){2,5}(?![\d:])"
_JOINED = r"(?<![A-Za-z\d.\-=/_])0[1-9]\d{8,10}(?![\d])"
_FIRST = re.compile("[(+0-9]")
_NUMERIC = re.compile("|".join((_MOBILE, _SERVICE, _PLUS, _NANP, _TEN, _EURO, _JOINED, _LANDLINE)))
_WORDS = (
    "电话", "座机", "手机", "热线", "号码", "致电", "拨打", "联系方式", "传真", "tel", "phone", "call", "text",
    "fax", "mobile", "cell", "電話", "전화",
)  # fmt: skip
_HINTS = Hints(*_WORDS)
_LOCAL = re.compile(
    rf"(?:{'|'.join(_WORDS)})(?:ephone)?[^\d\n]{{0,12}}(?P<local>[2-9]\d{{2,3}}{_S}\d{{4}})(?![\d元%])", re.IGNORECASE
)
_HAN = str.maketrans("〇零洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾", "0001112223344556677788999")
_SPOKEN = re.compile(
    r"[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖](?:[- ]?[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]){10,12}"
)
_HAN_DIGIT = "[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_HAN_DIGITS = re.compile(rf"{_HAN_DIGIT}(?:[0-9]?{_HAN_DIGIT})")
_DATE = re.compile(r"\(?\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d|(?:19|20)\d\d[-/. ]?\d{1,2}[-/. ]?\d{1,2}(?!\d)")
_DIGITS = re.compile(r"\d")
_SEVEN = re.compile(r"\d(?:[^\d\n]{0,3}[\d*×]){6}")


def find(text: str) -> Iterator[Span]:
    """Yield the span of each phone number in folded text.

    >>> list(find("打138-0013-8000或0531-88881234，热线12345"))
    [(1, 14), (15, 28)]
    >>> list(find("on 2026-03-01 at (203) 555-0134"))
    [(17, 31)]
    """
    if _SEVEN.search(text):
        yield from (found.span() for found in beginning(_FIRST, _NUMERIC, text) if _is_number(found[0]))
        if _HINTS.within(text):
            yield from (found.span("local") for found in _LOCAL.finditer(text) if _is_number(found["local"]))
    if not text.isascii() and _HAN_DIGITS.search(text):
        for spoken in _SPOKEN.finditer(text):
            if not spoken[0].isascii() and re.fullmatch(_MOBILE, spoken[0].translate(_HAN)):
                yield spoken.span()


def _is_number(text: str) -> bool:
    """Tell a number from a date, and from too few digits."""
    return not _DATE.match(text) and len(_DIGITS.findall(text)) >= 7
