"""Names that people give themselves: 我叫…, 我是…, 联系人：…, my name is …, I'm … from, signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawlers.masks import names_zh
from crawlers.masks.fold import Hints, Span

__all__ = ["find"]

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’\-]{0,24}\.?"
_NAME = rf"{_WORD}(?: (?:(?:de|van|von|der|di|da|dos|la|bin|al) )?{_WORD}){{0,3}}"
_LOW = r"[a-zà-ÿ'\-]{2,20}"
_STOP = r"(?!and\b|i\b|from\b|the\b|a\b|of\b|with\b|who\b|we\b|my\b|at\b|in\b)"
_MINE = r"(?i:my (?:full |first |last )?name(?: is|'s|:)|name's|i am called|call me|they call me)"
_RELATION = (
    r"(?i:my (?:late |little |older |younger )?(?:son|daughter|husband|wife|partner|mother|father|mom|mum|dad"
    r"|brother|sister|grandmother|grandfather|grandson|granddaughter|child|kid|baby|boy|girl)"
    r"(?:'s name(?: is|'s)|(?:,| is)? (?:named|called)))"
)
_BEHIND = (
    r"(?=,? (?:from|of|at|and I|a |an |the |writing|living|residing|who|resident|owner|here|speaking|your)\b"
    r"|, (?:I|we|a|an|of|from|resident|\d))"
)
_LABEL = r"(?i:name|signed|signature|contact(?: person)?|submitted by|reported by|complainant|caller|resident)"
_CLOSE = (
    r"(?i:(?:yours )?(?:sincerely|faithfully|truly|respectfully)(?: yours)?|(?:kind |best |warm )?regards"
    r"|best(?: wishes)?|thank you|thanks|cheers|cordially)"
)
_ABROAD = (
    r"(?i:\bje m'appelle|\bmon nom est|\bich hei(?:ß|ss)e|\bmein name ist|\bmi chiamo|\bil mio nome è|\bme llamo"
    r"|\bmi nombre es|\bmeu nome é|\bme chamo)"
)
_ALL = re.compile(
    "|".join(
        (
            rf"\b{_MINE}\s{{1,2}}({_NAME})",
            rf"\b(?i:my (?:full )?name(?: is|'s))\s({_LOW}(?: {_STOP}{_LOW})?)",
            rf"\b{_RELATION}\s({_NAME})",
            rf"\b(?:[Ii](?:'m| am)|[Tt]his is|[Ww]e are)(?: (?:Mr|Mrs|Ms|Miss|Dr)\.?)? ({_NAME}){_BEHIND}",
            rf"\b{_LABEL}\s?(?:[:\-]|by)\s{{0,2}}({_NAME})",
            rf"(?:^|\n|[.!?]\s)\s*{_CLOSE}(?:,[ \t]*|[,.!]?\s*\n\s*)(?:(?:Mr|Mrs|Ms|Dr)\.? )?({_NAME})\s*(?=\n|$|,)",
            rf"{_ABROAD}\s({_NAME}|[a-zà-ÿ\-]{{2,20}})",
            r"(?:私の名前は|私は|名前は|氏名[:は])\s?([\u3040-\u30ff\u3400-\u9fff]{2,8}?)(?=です|と申します|といいます|と言います)",
            r"(?:제 이름은|저는|내 이름은)\s?([가-힣]{2,5}?)(?=입니다|이라고|라고|이에요|예요)",
            r"(?:اسمي|إسمي)\s([\u0621-\u064a]{2,15}(?: [\u0621-\u064a]{2,15})?)",
            r"(?:मेरा नाम)\s([\u0900-\u097f]{2,20}(?: [\u0900-\u097f]{2,20})?)(?= है)",
        )
    )
)
_NO_NAME = re.compile(
    r"(?:I|Not|Sure|Sorry|Glad|Writing|Calling|American|Chinese|English|Very|So|Just|Still|A|An|The|In|On|At|From|Resident"
    r"|Tired|Owner|Neighbou?r|Concerned|Again|Also|City|Town|Mayor|Council|What|Why|How|When|Where|This|That|It|We|You|For"
    r"|Please|Public|Street|Road|Everyone|All|God|Dear|Mr|Mrs|Ms|Unacceptable|Urgent|None|Unknown|Anonymous|Regards|Thanks|Thank|Sincerely|Best|Out|Oh)\b(?!')",
    re.IGNORECASE,
)
_HINTS = Hints(
    "name", "called", "i'm ", "i am ", "this is", "we are", "call me", "i am called", "sign", "contact", "submitted",
    "reported", "complainant", "caller", "resident", "sincerely", "faithfully", "truly", "respectfully",
    "regards", "best", "thank", "cheers", "cordially", "je m'appelle", "mon nom", "ich hei", "mi chiamo",
    "il mio nome", "me llamo", "mi nombre", "meu nome", "me chamo", "私", "名前", "氏名", "이름", "저는",
    "اسمي", "नाम",
)  # fmt: skip


def find(text: str) -> Iterator[Span]:
    """Yield the span of each name that the writer gives as the own, in folded text.

    >>> list(find("my name is Ada Brook and I'm Tired of it"))
    [(11, 20)]
    """
    if not text.isascii():
        yield from names_zh.find(text)
    if not _HINTS.within(text):
        return
    for found in _ALL.finditer(text):
        group = found.lastindex or 0
        if not _NO_NAME.match(found[group]):
            yield found.span(group)
