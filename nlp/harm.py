"""Harm told in a post: danger to people now, which wakes somebody, or trouble with a service, which does not.

A word of danger counts only as told of now: not denied, feared, to be prevented, of last year, played or elsewhere.
A letter that tells a long story has to say itself that it is happening; a short cry need not, and is heard as a whole
(nlp/tagger.py): also where it uses no word of the lists, and no word of theirs alone makes it danger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from answerable.post import Harm, HarmClass
from nlp import troubles
from nlp.lexicon import Entry, Hit, Lexicon, Scan, Tag, rows
from nlp.tagger import hears

__all__ = ["find", "is_danger", "listed"]

_MOST = 80  # words of harm that are looked at
_SHORT = {True: 90, False: 260}  # characters of a short cry: Chinese, others
_NEAR = {True: 12, False: 26}  # how far a denial reaches back
_DATE = re.compile(
    r"(?:19|20)\d\d年|\b(?:19|20)\d\d\b|\d{1,2}月\d{1,2}[日号]|\d{1,2}\.\d{1,2}[日号]?|\d{2}年"
    r"|\b(?:in|last) (?:january|february|march|april|june|july|august|september|october|november|december)"
    r"(?=[.,;]|$| and )"
)
_AFTER_NO = re.compile(
    r"\s?(?:隐患|风险|危险|事故频发|可能|的可能|吗|怎么办|谁负责|责任|事件频发|后果|伤害|之中|问题|事故时有|赔偿|保险|率|案件|案的|罪|流程|措施|能力|知识|宣传|预案|了?[一二三四五六七八九十几多\d]+年|过(?![来去了马河街路程]))"
)
_NOT_PEOPLE = {  # what makes a word of danger speak of things or animals, close by
    "missing": re.compile(
        r"\b(?:dog|cat|cats|puppy|kitten|shih? ?tzu|tabby|pet|parrot|bird|collar|paws|sign|cover|bin|toter)\b"
        r"|[狗猫犬]|宠物|泰迪|鹦鹉"
    ),
    "injury": re.compile(r"\b(?:dog|cat|deer|raccoon|squirrel|possum|opossum|skunk|bird|geese|goose)\b|[猫鱼猪鸡鸭]"),
    "collapse": re.compile(
        r"\b(?:paved|pavement|curb|curbing|grate|drain|basin|manhole|sidewalk|asphalt|garage|fence|stump|hole|gutter)\b"
    ),
    "drowning": re.compile(r"\b(?:section|soil|dirt|pavement|curb|curbing|gravel|mulch|asphalt|erosion)\b"),
    "fire": re.compile(
        r"冶炼|垃圾|烟囱|焚烧|秸秆|污染|油烟|废气|烧烤|\b(?:barbecues?|chimney|exhaust|grill|tailpipe)\b"
    ),
}
_PEOPLE = re.compile(
    r"\b(?:boy|girl|child|children|kids?|toddler|baby|son|daughter|grandm?a|grandp?a|mother|father|man|woman|people|person"
    r"|teen|student|someones?|somebody)\b|孩子|小孩|儿童|男孩|女孩|女童|男童|婴儿|老人|学生|女子|男子|工人|有人|的人|[一两二三几]个人|爸|妈|爷爷|奶奶"
)
_WINDOW = {True: 24, False: 44}
_LETTER = 160  # how far around a word of somebody missing a pet is looked for
_FEAR_BEFORE = re.compile(
    r"(?:不|没有?|未|无|可能|会|防止?|预防|避免|以免|杜绝|别|谨防|严防|怕|担心|恐|像|好像|似的|如同|差点|险些|就差|只差|差一点)(?:会|他|她|它|孩子|老人|被|发生|造成|出现|再|把|让|人|有|引起|引发|有人|人员)?$"
)
_AS_IF = re.compile(  # what tastes, feels or costs "to death": a figure of speech
    r"(?:[辣咸酸苦甜腻油硬差晕烦气坑累困饿渴热冷吵挤堵臭脏丑慢贵急笑吓想爱疼痛痒闷嫌]|难[吃喝受看用过]|后悔|犹豫|讨厌|恶心?|[担伤闹揪糟]心|鬼火|无聊|尴尬|委屈|纠结|羡慕|嫌弃)死了?$"
)
_AS_IF_AFTER = re.compile(r"(?<=打死)(?:也|都|不|我|卖盐)|[了过]?(?:似的|一样的?[,。!]|一般的?[,。!])")
_CLAIM = re.compile(
    r"工伤|理赔|报销|伤残|抚恤|医药费|丧葬费|抢救费|赔偿金|认定书|\binsurance\b|\blawsuit\b|\bsettlement\b"
)
# hundredths of a logit (nlp/tagger.py): above the first, where natural streams stay quiet, a short text tells of
# danger that no list names; below the second, one of twenty, a word of the lists is told of something else; above the
# third nothing that speaks against it counts
_ADDS, _KEEPS, _SURE = -15, -300, 300
_CREATURES = re.compile(r"\b(?:dogs?|cats?|kitten|puppy|deer|raccoon|squirrel|birds?|car|truck)\b|[狗猫犬鱼鸟]|宠物")
_NO_DRILL = re.compile(r"\b(?:not a|no) drill\b|不是演[习练]|非演[习练]")
_NOT_HEARD = frozenset(("ended", "fiction", "hypothetical", "past"))
_NOW = frozenset(("urgent", "today", "present", "call"))
_YEARS = re.compile(
    r"[一二两三四五六七八九十几多\d]+(?:年|个月)(?:来|里|内|间|前|死|淹|撞|摔|出|发|了)"
    r"|\b(?:two|three|four|five|six|\d+) (?:years|winters)\b(?! old)"
)


class _Frames:
    """Which frames stand in a stretch of text: now, past, feared, denied, over, played."""

    def __init__(self) -> None:
        self._lexicon = Lexicon(
            Entry(Tag.CUE, row[0], surface) for row in rows("frames") for surface in row[1].split("|")
        )

    def of(self, scan: Scan, start: int, end: int) -> list[Hit]:
        """Return the frame words of a stretch, at positions of the whole text."""
        part = scan.part(start, end)
        return [
            Hit(hit.start + start, hit.end + start, hit.value)
            for hit in self._lexicon.scan(part, han=False).hits(Tag.CUE)
        ]


_frames = _Frames()


def _whole(word: str) -> str:
    return rf"\b{word}\b" if word.isascii() else word


def _companions() -> dict[tuple[str, str], re.Pattern[str]]:
    """Return what has to stand close to a word that is an event only beside it; several rows of a word add up."""
    words: dict[tuple[str, str], list[str]] = {}
    for row in rows("harm"):
        for surface in row[3].split("|") if len(row) > 4 else ():
            words.setdefault((row[1], surface), []).extend(map(_whole, row[4].split("|")))
    return {key: re.compile("|".join(some)) for key, some in words.items()}


_COMPANIONS = _companions()


def is_danger(harms: Iterable[Harm]) -> bool:
    """Tell whether one of the harms of a post is danger."""
    return any(one.cls is HarmClass.DANGER for one in harms)


def find(scan: Scan, han: bool) -> tuple[Harm, ...]:
    """Return the distinct harms of a post, danger first, in order of the text.

    A short text is heard as a whole, and what the lists find there is one reason among others.
    """
    found = dict.fromkeys(listed(scan, han))
    told = is_danger(found)
    heard = hears(scan.text, han, listed=told)
    if heard is not None:
        if not (heard.logit > _KEEPS if told else _sounds(scan, heard.logit)):
            found = {harm: None for harm in found if harm.cls is not HarmClass.DANGER}
            found |= {Harm(HarmClass.SERVICE, kind): None for kind in troubles.find(scan.text, han)}
        elif not told:
            found[Harm(HarmClass.DANGER, heard.kind)] = None
    return tuple(sorted(found, key=lambda harm: harm.cls is not HarmClass.DANGER))


def listed(scan: Scan, han: bool) -> Iterator[Harm]:
    """Yield the distinct harms that words of the lists tell, in order of the text."""
    told = set[Harm]()
    for hit in scan.hits(Tag.HARM)[:_MOST]:
        cls, kind, strength = hit.value.split(":")
        if cls == "safe" or (harm := Harm(HarmClass(cls), kind)) in told:
            continue
        if strength == "near" and (len(scan.text) > 3 * _SHORT[han] or not _accompanied(scan, hit, kind, han)):
            continue
        if cls == "danger":
            holds = _is_now(scan, hit, kind, strength.replace("near", "event"), han)
        else:
            holds = not _is_denied(scan, hit, han)
        if holds:
            told.add(harm)
            yield harm


def _sounds(scan: Scan, logit: int) -> bool:
    """Tell whether a text sounds like danger now: surely, or not of animals and cars alone, nor of what is over."""
    if logit <= _ADDS:
        return False
    if logit > _SURE:
        return True
    if _CREATURES.search(scan.text) and not _PEOPLE.search(scan.text):
        return False
    if _NO_DRILL.search(scan.text):
        return True
    frames = _frames.of(scan, 0, len(scan.text))
    return not any(frame.value in _NOT_HEARD for frame in frames) and _DATE.search(scan.text) is None


def _accompanied(scan: Scan, hit: Hit, kind: str, han: bool) -> bool:
    """Tell whether one of a word's companions stands within reach in the same sentence."""
    first, last = scan.sentence(hit.start)
    reach = 16 if han else 50
    companions = _COMPANIONS[kind, scan.text[hit.start : hit.end]]
    return companions.search(scan.text, max(first, hit.start - reach), min(last, hit.end + reach)) is not None


def _is_denied(scan: Scan, hit: Hit, han: bool) -> bool:
    """Tell whether a trouble is denied, feared or asked about as a mere possibility."""
    start = max(scan.sentence(hit.start)[0], hit.start - _NEAR[han])
    values = [frame.value for frame in _frames.of(scan, start, hit.start)]
    if han and re.search(
        r"(?:不再|没有再|未再|不会|从不|从未|没|不用|不怕|如果|万一|防止|避免|以免|已经不|告别)$",
        scan.text[start : hit.start],
    ):
        return True
    return not han and ("negation" in values or "hypothetical" in values) and not _telling(scan.text, hit)


def _telling(text: str, hit: Hit) -> bool:
    """Tell whether a trouble's own words begin with the denial (no water)."""
    return text[hit.start : hit.end].startswith(("no ", "not ", "without", "never", "hasn't"))


def _is_now(scan: Scan, hit: Hit, kind: str, strength: str, han: bool) -> bool:
    text = scan.text
    sentence = scan.sentence(hit.start)
    if _AFTER_NO.match(text, hit.end) or _FEAR_BEFORE.search(text, max(sentence[0], hit.start - 8), hit.start):
        return False
    if _AS_IF.search(text, sentence[0], hit.end) or _AS_IF_AFTER.match(text, hit.end):
        return False
    veto = _NOT_PEOPLE.get(kind)
    reach = _LETTER if kind == "missing" else _WINDOW[han]
    first, last = max(0 if kind == "missing" else sentence[0], hit.start - reach), hit.end + reach // 2
    if veto and veto.search(text, first, last) and not _PEOPLE.search(text, *sentence):
        return False
    around = _frames.of(scan, *sentence)
    values = {frame.value for frame in around}
    clause = scan.clause(hit.start)[0] if len(text) <= _SHORT[han] else 0
    if any(f.value == "negation" and clause <= f.start and 0 <= hit.start - f.end <= _NEAR[han] // 2 for f in around):
        return False
    feared = ("hypothetical", "doubt") if len(text) > _SHORT[han] else ("hypothetical",)
    if any(f.value in feared and f.start < hit.end + 12 for f in around):
        return False
    wider = _frames.of(scan, *_wider(scan, sentence))
    if any(frame.value in ("ended", "fiction") for frame in wider):
        return False
    past = "past" in values or _DATE.search(text, *sentence) or _YEARS.search(text, *sentence)
    if past and "urgent" not in values:
        return False
    return _told_as_now(scan, strength, han, values)


def _told_as_now(scan: Scan, strength: str, han: bool, values: set[str]) -> bool:
    """Ask the more of a text the longer it is: a short cry speaks of now, a long letter has to say so."""
    urgent = "urgent" in values
    if _CLAIM.search(scan.text):
        return urgent
    if len(scan.text) <= _SHORT[han]:
        return strength == "event" or bool(values & _NOW)
    if len(scan.text) <= 3 * _SHORT[han]:
        return urgent or (strength == "event" and "today" in values)
    return strength == "event" and urgent


def _wider(scan: Scan, sentence: tuple[int, int]) -> tuple[int, int]:
    before = scan.sentence(max(0, sentence[0] - 2))[0]
    after = scan.sentence(min(len(scan.text), sentence[1] + 1))[1]
    return before, after
