"""Whether a cue (please, 要求, 能…吗, must) governs what follows, or asks it of residents, or is denied."""

from __future__ import annotations

import re

from nlp.lexicon import Hit

__all__ = ["governs"]

_TWO_WAY = ("要求", "需要", "必须", "应该", "应当", "督促")  # said by residents, and to them
_DENIED = re.compile(r"(?:没|未|不|没有|不能|无法)$")
_ASKED_OF_US = re.compile(
    r"\s?(?:我们?|业主|员工|学生|家长|居民|村民|百姓|老百姓|顾客|消费者|孩子|工人|职工|每户|每人|交|缴|提供|出示|先交|签字)"
)
_OF_ME = re.compile(r"\s(?:me|us|everyone|tenants|residents)\sto\b")
_MAY = frozenset(("能", "可以", "能够"))  # ask only in a question that ends so
_ASKS = re.compile(r"[^。!?;\n]{1,30}(?:吗|么|嘛|不\?|不$)")
_WE_ASK = re.compile(
    r"(?:我|我们|业主|居民|村民|强烈|坚决|一致|特|现|诚恳|,|。|!|^|\s|再次|并|家长|大家|市民|群众|共同|迫切)$"
)


def governs(text: str, cue: Hit) -> bool:
    """Refuse cues with which somebody asks something of residents, and adverbs in denied clauses."""
    if cue.value == "imperative":
        return not _DENIED.search(text, max(0, cue.start - 3), cue.start)
    if text[cue.start : cue.end] in _MAY:
        return _ASKS.match(text, cue.end) is not None
    if text[cue.start : cue.end] in _TWO_WAY:
        before = text[max(0, cue.start - 6) : cue.start]
        return not (_ASKED_OF_US.match(text, cue.end) and not _WE_ASK.search(before))
    return not _OF_ME.match(text, cue.end)
