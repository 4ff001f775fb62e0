"""Exact homes: block, unit, floor and room; house numbers where the text says that somebody lives there.

A number of things (3栋楼, 120户, 2室1厅) is no home, nor is a road's number without a resident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise

from crawlers.masks.fold import Hints, Span, beginning

__all__ = ["find"]

_HAN = "一二三四五六七八九十百零〇"
_NUMBER = (
    r"(?:(?<![0-9])(?:[0-9]{1,3}-)?[0-9]{1,4}[A-Za-z]?(?![0-9])|[A-Za-z]-?[0-9]{0,4}"
    rf"|[{_HAN}]{{1,5}}|[甲乙丙丁东西南北中])"
)
_BEGINS = "号栋幢座#弄单门层楼室房户组队동호"  # what the suffix of a part begins with
_PART = re.compile(
    rf"(?P<n>{_NUMBER})\s?(?P<s>号楼|号院|号房|号室|号门|栋楼?|幢楼?|座|#楼?|弄|单元|门洞?|层|楼|室|房间?|户|号|组|队|동|호)"
    rf"|(?P<bare>(?<![0-9])(?:[0-9]{{1,3}}-[0-9]{{1,4}}|[0-9]{{3,4}})(?![0-9\-]))"
)
_FIRST = re.compile(  # a digit; a Han numeral, a side or a letter, with what goes on in a part behind it
    rf"[0-9{_HAN}甲乙丙丁东西南北中A-Za-z]"
    rf"(?:(?<=[0-9])|(?=[\s{_BEGINS}])|(?<=[A-Za-z])(?=[-0-9])|(?<=[{_HAN}])(?=[{_HAN}]))"
)
_GAP = re.compile(r"[\s,、.\-的]{0,2}")


class _Rank(IntEnum):
    """How much a part says: nothing alone, something beside others, a home by itself."""

    NONE = 0
    BESIDE = 1
    HOME = 2


_BLOCKS = ("号楼", "栋", "栋楼", "幢", "幢楼", "#", "#楼")
_ROOMS = ("室", "房", "房间", "号房", "号室", "호")
_COUNTED = re.compile(r"[0-9一二两三四五六七八九十]?[厅卫]|[楼房]|别墅|住宅|建筑|高楼|居民楼|商业|民房|平房|危房")
_COUNTING = re.compile(r"(?:[有共这那几约建每整近达另仅]|多达|超过)\s?$")
_PUBLIC = re.compile(
    r"(?:医院|学校|大学|学院|中学|小学|幼儿园|教学|门诊|住院|政务|办公|实验|图书|病房|园区)[^，。,;\n]{0,2}$"
)
_NUMBER_SIGN = re.compile(r"[0-9A-Za-z]#(?:-?[0-9]|[\u3400-\u9fff、，。,])")
_NOT_ROOM = re.compile(r"[0-9一二两三四五六七八九十]?[厅卫]|[屋子地东产价租型管源贷]")
_AFTER_BARE = re.compile(r"\s?(?:[元户人名块米平万个年天月次路多余份条斤吨度℃%线]|[0-9.])")

_GRID = re.compile(
    r"(?<![A-Za-z\d\-/.年月:])(?:[A-Za-z]-?)?\d{1,3}\s?(?:#|栋|幢|号楼|号|座)?-(?:\d{1,2}|[A-Za-z])(?:单元)?-(?!(?:19|20)\d\d(?!室))\d{3,4}(?![\d\-/.:年月])室?"
)
_GRID_FIRST = re.compile(r"\d|[A-Za-z](?=-?\d)")
_PAIR = re.compile(
    r"(?:[们住区园苑府庭湾院城厦村里坊居邸墅]|业主|户主|公寓|家属院)\s?(?P<pair>\d{1,3}[#\-](?:\d{1,2}-)?\d{3,4})(?![\d\-/.:年月])"
)
_ESTATE = re.compile(
    r"(?:小区|新村|花园|公寓|宿舍|家属院|[苑墅邸])\s?"
    r"(?P<estate>(?:[A-Za-z]-?)?\d{1,4}(?:-\d{1,4})?号(?![楼线院口门])|\d{3,4}(?![\d号栋幢座单#\-元户人名块米平万个年天月次路多余份.%]))"
)
_NUMBERED_ESTATE = re.compile(r"[区村园寓舍院苑墅邸]\s?[A-Za-z\d]")
_LIVES = re.compile(
    r"(?:家住|住在|住址|现住|居住在|居住于|我住|我家在|家在|门牌|家庭地址|联系地址|通讯地址|户籍地址|身份证地址)"
    r"[^，。;；\n]{0,30}?(?P<no>[0-9]{1,4}(?:[\-之][0-9]{1,3})?号)(?![线楼口])"
)

_UNIT = re.compile(
    r"\b(?:apt|apartment|appartement|appt|unit|suite|ste|flat|room|rm|Wohnung|Whg|interno|piso|apto|depto|departamento"
    r"|apartamento)\b\.?\s?(?:#|no\.?|number|nº|n°)?\s?"
    r"(?:\d{1,5}(?:-?[A-Za-z])?|[A-Za-z]-?\d{1,4}|(?-i:[B-HJ-Z]))(?![\w%]|[.,]\d)"
    r"(?! (?:of|hours?|minutes?|people|years?|days?|miles?|tires?|cents?))",
    re.IGNORECASE,
)
_UNIT_FIRST = re.compile(r"[aufsrwipd](?<!\w.)(?=[pnutlomhie])", re.IGNORECASE)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|place|pl|terrace|ter|close|crescent"
    r"|square|sq|highway|hwy|circle|cir|parkway|pkwy)"
)
_HASH = re.compile(rf"\b{_STREET}\.?,?\s(?P<door>#\s?[A-Za-z]?\d{{1,5}}[A-Za-z]?)\b", re.IGNORECASE)
_HOUSE = re.compile(
    r"(?:\b(?:i|we) (?:live|reside|stay|rent) (?:at|on|in)|\b(?:residing|living|reside|resident) (?:at|of)"
    r"|\bmy (?:home|house|place|flat|apartment)(?: address)? (?:is|at|on|is at)|\b(?:home |my )address(?: is)?"
    r"|\bich wohne (?:in|an)|\bj'habite(?: au)?|\babito in|\bvivo en|\bmoro n[ao])"
    r"[:\s]{1,3}(?:the )?(?:[A-Za-zÀ-ÿß.]+ ){0,3}?"
    r"(?P<house>(?:no\.? ?|number )?\d{1,5}[A-Za-z]?)(?!\w)"
    rf"(?=,? (?-i:[A-Z])|[,.;\n]|$|(?: \w+){{1,3}} {_STREET}\b)(?! ?(?:floor|block|[ap]\.?m\b))",
    re.IGNORECASE,
)
_HOUSE_FIRST = re.compile(r"[iwrlmhajv](?<!\w.)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<house>\bNo\.? ?\d{1,5}[A-Za-z]?)\b[^\n.;]{1,60}$", re.IGNORECASE)
_BEFORE_UNIT = re.compile(r"(?P<house>\b\d{1,5}[A-Za-z]?)(?: [A-Za-z][\w.']{0,20}){1,4},?\s{0,2}$", re.IGNORECASE)
_BLOCK = re.compile(r"\b(?:Block|Blk|Bldg|Building)\.? ?(?:No\.? ?)?\d{1,4}[A-Za-z]?,?\s{1,2}$", re.IGNORECASE)
_LIVING = Hints("live", "resid", "stay", "rent ", "my ", "address", "wohne", "habite", "abito", "vivo", "moro")
_UNITS = Hints(
    "apt", "apart", "appart", "appt", "unit", "suite", "ste", "flat", "room", "rm", "wohnung", "whg", "interno",
    "piso", "apto", "depto", "departamento",
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_HAN_PART = re.compile("[楼栋幢座单室房号组#동]")


def find(text: str) -> Iterator[Span]:
    """Yield the span of each exact home in folded text.

    >>> list(find("我住阳光里12栋3单元502室")), list(find("建了3栋楼，共120户，2室1厅"))
    ([(5, 15)], [])
    >>> list(find("No. 5, Elm Street, Apt 3B"))
    [(0, 5), (19, 25)]
    """
    if _HAN_PART.search(text):
        yield from _chains(text)
        if any(word in text for word in ("住", "址", "家", "门牌")):
            yield from (found.span("no") for found in _LIVES.finditer(text))
    if _DIGIT.search(text):
        if "-" in text or "#" in text:
            yield from (found.span() for found in beginning(_GRID_FIRST, _GRID, text))
            yield from (found.span("pair") for found in _PAIR.finditer(text))
        if _NUMBERED_ESTATE.search(text):
            yield from (found.span("estate") for found in _ESTATE.finditer(text))
        if "#" in text:
            yield from (found.span("door") for found in _HASH.finditer(text))
        if _LIVING.within(text):
            yield from (found.span("house") for found in beginning(_HOUSE_FIRST, _HOUSE, text))
    if _UNITS.within(text):
        for unit in beginning(_UNIT_FIRST, _UNIT, text):
            yield from _with_house(text, unit)


def _with_house(text: str, unit: re.Match[str]) -> Iterator[Span]:
    """Yield a flat's number and the house, or block, that it lies in."""
    head = text[max(0, unit.start() - 80) : unit.start()]
    shift = unit.start() - len(head)
    for pattern in (_NUMBERED, _BEFORE_UNIT, _BLOCK):
        found = pattern.search(head)
        if found:
            start, end = found.span("house" if pattern is not _BLOCK else 0)
            yield shift + start, shift + end
    yield unit.span()


def _chains(text: str) -> Iterator[Span]:
    """Join the parts that stand side by side; yield each chain that names a home."""
    chain: list[re.Match[str]] = []
    for part in beginning(_FIRST, _PART, text):
        if chain and not _GAP.fullmatch(text, chain[-1].end(), part.start()):
            yield from _judge(text, chain)
            chain = []
        chain.append(part)
    yield from _judge(text, chain)


def _judge(text: str, chain: list[re.Match[str]]) -> Iterator[Span]:
    ranks = [_rank(text, part, bool(at)) for at, part in enumerate(chain)]
    while ranks and ranks[0] == _Rank.NONE:
        ranks, chain = ranks[1:], chain[1:]
    if _Rank.NONE in ranks:
        cut = ranks.index(_Rank.NONE)
        yield from _judge(text, chain[cut + 1 :])
        ranks, chain = ranks[:cut], chain[:cut]
    suffixes = [part["s"] or "" for part in chain]
    rural = any(a in ("组", "队") and b == "号" for a, b in pairwise(suffixes))
    tall = any(a in ("座", "号院", "弄", "号") and not b for a, b in pairwise(suffixes))
    if _Rank.HOME in ranks or rural or tall:
        yield chain[0].start(), chain[-1].end()


def _rank(text: str, part: re.Match[str], follows: bool) -> _Rank:
    number, suffix = part["n"], part["s"]
    if part["bare"]:
        return _Rank.BESIDE if follows and not _AFTER_BARE.match(text, part.end()) else _Rank.NONE
    if suffix in _BLOCKS:
        return _rank_block(text, part)
    if suffix in _ROOMS:
        return _rank_room(text, part, follows)
    if suffix == "单元":
        return _Rank.NONE if text[part.start() - 1 : part.start()] == "第" else _Rank.HOME
    if suffix == "户":
        return _Rank.BESIDE if follows and number in tuple("东西南北中甲乙丙丁") else _Rank.NONE
    if suffix in ("座", "层", "楼", "门", "门洞", "号门", "号", "号院", "弄", "组", "队", "동"):
        return _Rank.BESIDE
    return _Rank.NONE


def _rank_block(text: str, part: re.Match[str]) -> _Rank:
    counts = part["s"] in ("栋", "幢", "栋楼", "幢楼")
    before = text[max(0, part.start() - 8) : part.start()]
    if counts and (part["s"].endswith("楼") or _COUNTED.match(text, part.end()) or _COUNTING.search(before)):
        return _Rank.NONE
    if part["s"][0] == "#" and not (part["n"][0].isdigit() and _NUMBER_SIGN.match(text, part.start("s") - 1)):
        return _Rank.NONE
    return _Rank.BESIDE if _PUBLIC.search(before) else _Rank.HOME


def _rank_room(text: str, part: re.Match[str], follows: bool) -> _Rank:
    number = part["n"]
    if _NOT_ROOM.match(text, part.end()) or number in tuple("东西南北中甲乙丙丁"):
        return _Rank.NONE
    long = len(number) >= 3 or (part["s"] in ("号房", "号室") and number[0].isdigit())
    if long:
        return _Rank.HOME
    return _Rank.BESIDE if follows else _Rank.NONE
