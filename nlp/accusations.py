"""Which offices a post accuses: a public body and words of misconduct, close together and meant.

The accused office is neither lead nor addressee of the incident (promise P15), so that both words have to stand
in one sentence, the body as the one who does it. A wish that nobody may shirk, praise, and a question whether a
rule allows something accuse nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from nlp.lexicon import Hit, Scan, Tag, rows

__all__ = ["PUBLIC", "accused"]

PUBLIC = frozenset(row[0] for row in rows("bodies") if row[2] == "public")
_CLOSED = frozenset(row[0] for row in rows("bodies"))

_MOST = 60  # words of misconduct that are looked at
_REACH = {True: (42, 14), False: (110, 60)}  # characters from body to misconduct and back: Chinese, others
_CLOSE = {True: (20, 8), False: (60, 30)}  # the same for words that others do as well
_WISH_ZH = re.compile(
    r"(?:不要|不得|不能|不应该?|不该|别|切勿|避免|防止|杜绝|严禁|如果|要是|假如|是否|有没有|有无|没有|并没有|并未|从不|从没|绝不|不会|不是|拒绝|严查|不存在|"
    r"不可以|不敢|请勿|请不要|希望不|从未|毫不|不再|没|未|整治|遏制|为了不|不许|难以|打击)(?:再|有|被|让|出现|存在|发现|搞|继续|互相|相互|任何|人员)?$"
)
_WISH_EN = re.compile(
    r"(?:\bdon't|\bdo not|\bnot|\bnever|\bif|\bisn't|\baren't|\bwasn't|\bwithout|\bwhether|\bplease|"
    r"\bwould|\bnobody|\bno|\bdidn't|\bdoesn't|\bwon't)"
    r"\s(?:they\s|it\s|you\s|to\s|be\s|being\s|any\s|a\s|one\s|is\s|was\s)?$"
)
_OTHER_ZH = re.compile(
    r"(?:物业|开发商|公司|老板|店|商家|学校|业委会|施工|房东|平台|企业|厂家?|商贩|摊贩|银行|中介|店主|骗子|司机)"
)
_WITH = re.compile(
    r"^[^,。;!?]{0,6}?(?:和|与|跟|同|、|及|为了|帮|替|给)[^,。;!?]{2,8}?"
    r"(?=$|官商|勾结|串通|互相|相互|狼狈|同流|一起|联合|随意|随便|乱|违)"
)
_ASKED_TO = re.compile(r"(?:严查|查处|彻查|打击|调查|介入|惩处|惩治|严惩|铲除|挖出|追究|制止)")
_IF_ZH = re.compile(r"(?:如果|要是|假如|倘若|若是|一旦)")
_IF_EN = re.compile(r"\b(?:if|unless|in case)\b")
_ASKED_ZH = re.compile(
    r"(?:向|到|去|找|(?<!不)给|拨打|打过?|咨询|致电|求助|反映到|反馈给|打电话给|投诉到|告知)[^,。;!?\n]{0,8}$"
)
_STILL_ZH = re.compile(r"但|却|都|均|一直|也|互相|相互|仍|结果|根本|总是|始终|说|还是|又|只是")
_QUOTED = re.compile(r"《|印发|规定|第[^,。]{1,4}条|条例")
_AGAINST = re.compile(r"(?:被|遭到?|受到?|受|遭受)[^,。;!?]{0,12}$")
_PRAISE = re.compile(r"(?:感谢|谢谢|表扬|点赞|thank|thanks|grateful|kudos|great job|appreciate)")
_OBJECT_EN = re.compile(
    r"\b(?:to|by|called|call|told|asked|contacted|reported|emailed|phoned|notified)\s(?:the\s|our\s|"
    r"my\s)?(?:local\s)?$"
)


def accused(scan: Scan, han: bool, office: Callable[[str], str] = str) -> tuple[str, ...]:
    """Return the accused offices, sorted; `office` turns a body word into an office's id where one is known."""
    acts = [act for act in scan.hits(Tag.ACCUSE) if act.value != "none"]
    acts = acts[:_MOST]
    bodies = [body for body in scan.hits(Tag.BODY) if body.value in PUBLIC or body.value not in _CLOSED]
    if not acts or not bodies:
        return ()
    found = {office(body.value) for act in acts for body in _blamed(scan, act, bodies, han)}
    return tuple(sorted(found))


def _blamed(scan: Scan, act: Hit, bodies: list[Hit], han: bool) -> list[Hit]:
    text = scan.text
    first, last = scan.sentence(act.start)
    if (_WISH_ZH if han else _WISH_EN).search(text, max(first, act.start - 16), act.start):
        return []
    if _PRAISE.search(text, first, act.start):
        return []
    ahead, behind = _CLOSE[han] if act.value == "weak" else _REACH[han]
    low = bisect_left(bodies, (act.start - ahead,))
    bodies = bodies[low : bisect_right(bodies, (act.end + behind + 1,))]
    before = [b for b in bodies if max(first, act.start - ahead) <= b.start and b.end <= act.start]
    if before:
        return _subjects(scan, act, before, han)
    after = [b for b in bodies if act.end <= b.start <= act.end + behind and b.end <= last]
    after = [b for b in after if _follows(text[act.end : b.start], han)]
    return after[:1]


def _subjects(scan: Scan, act: Hit, before: list[Hit], han: bool) -> list[Hit]:
    """Return the body nearest before the act, and those joined to it, unless somebody else does the act."""
    text = scan.text
    nearest = before[-1]
    between = text[nearest.end : act.start]
    if (_IF_ZH if han else _IF_EN).search(text, scan.clause(nearest.start)[0], nearest.start):
        return []
    if han and (
        _ASKED_TO.search(between)
        or _OTHER_ZH.search(_WITH.sub("", between))
        or _AGAINST.search(text[max(0, nearest.start - 4) : nearest.start])
    ):
        return []
    if han and _ASKED_ZH.search(text[max(0, nearest.start - 14) : nearest.start]) and not _STILL_ZH.search(between):
        return []
    if _QUOTED.search(between):
        return []
    if not han and _OBJECT_EN.search(text[max(0, nearest.start - 24) : nearest.start]) and not _they(between):
        return []
    joined = [nearest]
    for body in reversed(before[:-1]):
        if re.fullmatch(r"[、和与及跟同]|\sand\s(?:the\s)?|,\s?(?:the\s)?|以及", text[body.end : joined[0].start]):
            joined.insert(0, body)
    return joined


def _they(between: str) -> bool:
    """Tell whether a body that was only called is taken up again as the one who acts."""
    return bool(re.search(r"\b(?:they|it|who|which|but|and|he|she|nobody|no one)\b", between))


def _follows(between: str, han: bool) -> bool:
    """Accept a body right after the act: "the corrupt police", "举报收钱的城管"."""
    if han:
        return bool(re.fullmatch(r"[^,。;!?]{0,6}的", between)) and not re.search(r"(?:投诉|向|找|请|让)", between)
    return bool(re.fullmatch(r"\s(?:\w+\s){0,4}", between)) and not re.search(r"\b(?:to|asked|called)\s", between[:4])
