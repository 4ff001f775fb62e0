"""What an official reply says: a promise and its date, a refusal, reasons, or that somebody else is in charge."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from answerable.post import Reply
from nlp.lexicon import Hit, Scan, Tag

__all__ = ["read"]

_WORDY = {True: 70, False: 200}  # characters: Chinese, others
_RECEIPT = 40
_CHINA = timezone(timedelta(hours=8))
_DO_ZH = (
    "处理|整改|修复|维修|解决|完成|安排|启动|实施|落实|开展|清理|加强|跟进|督促|整治|协调|建成|开工|更换|拆除|办理|恢复|公布|发放|答复|核实|改造|推进|优化|"
    "完善|开通|安装|增设|纳入|调整|加大|研究|处罚|查处|规范|调查|反馈|配合|竣工|完工|通车|投入|交付|施工|巡查|建设|规划|进行|加快|组织|回复|联系|上报|争取"
)
_PROMISE_ZH = re.compile(
    rf"(?:将|拟|计划|预计|争取|承诺|会|确保|保证|力争|尽快|下一步|责令|要求|已安排|准备|马上|立即|限期|继续|进一步)[^。;!?]{{0,30}}?(?:{_DO_ZH})"
)
_REFUSE_ZH = re.compile(
    r"不予|无法(?!律)[^。,;]{0,12}|暂不|不具备|不符合|不能(?!及时)|不属于(?!我|本|其)|不满足|没有(?:相关)?(?:规划|计划|政策|依据)|暂无|不支持|难以|不可|"
    r"没有管辖权|无权|反映不实|不宜|不在[^。,]{0,8}范围"
)
_EXPLAIN_ZH = re.compile(
    r"根据|依据|按照|因为?(?!此)|由于|鉴于|经[^。,]{0,8}(?:查|核实|调查|了解|核查|现场)|规定|原因|情况如下|属实|系|条例|第[一二三四五六七八九十百\d]+条|是为了|主要"
)
_REFER_ZH = re.compile(
    r"(?:已?转|移交|转交|转办|转至|转请|交由|交办|转给|转送|不属于我|不属于本|请(?:您|你)?(?:向|到|联系|咨询|致电|与)|建议(?:您|你)?(?:向|到|咨询|联系|拨打)|"
    r"由)[^。;]{0,16}"
)
_PROMISE_EN = re.compile(
    r"\b(?:will|we'll|are going to|is going to|plan to|plans to|intend to|is scheduled|are scheduled|"
    r"expect to|has been scheduled|are working to|shall)\b(?! not)"
)
_REFUSE_EN = re.compile(
    r"\b(?:cannot|can't|can not|unable to|not able to|will not|won't|not eligible|no plans?|not possible|"
    r"do not have the|declined?|denied|not feasible|not permitted|outside our)\b"
)
_EXPLAIN_EN = re.compile(
    r"\b(?:because|due to|in accordance|according to|under the|as a result of|the reason|caused by|found "
    r"that|inspected|investigat\w+|pursuant|was found|since the|owing to|crews? found|inspection)\b"
)
_REFER_EN = re.compile(
    r"\b(?:forwarded|referred|refer|passed on|please contact|please call|responsibility of|jurisdiction "
    r"of|transferred|contact the|belongs to|managed by|maintained by)\b[^.;]{0,60}"
)
_FULL = re.compile(r"(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})[日号]|(底|末|初|中旬|上旬|下旬|份))?")
_YEAR = re.compile(r"(20\d\d年|今年|(?<![临近去前今明])年)(?:年)?(底|末|内)")
_SIGNED = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日\s*$")
_QUARTER = re.compile(r"(?:(20\d\d)年)?(?:第)?([一二三四1-4])季度")
_WITHIN_ZH = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]{1,3})个?(工作日|天|日|小时|周|星期|月|个月)(?:之?内|以内|左右)"
)
_WITHIN_EN = re.compile(
    r"\bwithin (\d{1,3}|two|three|four|five|six|seven|ten|a|one) (?:business |working )?(hour|day|week|month)s?\b"
)
_BY_EN = re.compile(
    r"\b(?:by|before|on|until)\s(?:the end of\s)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec)[a-z]*\.?\s?(\d{1,2})?(?:st|nd|rd|th)?(?:,?\s(20\d\d))?"
)
_SOON = {
    **{"今天": 0, "今日": 0, "明天": 1, "本周": 7, "下周": 14},
    **{"today": 0, "tomorrow": 1, "this week": 7, "next week": 14},
}
_NUMBERS = {
    **dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)),
    **{"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10},
}
_UNITS = {
    **{"小时": 0.05, "天": 1, "日": 1, "工作日": 1.4, "周": 7, "星期": 7, "月": 30, "个月": 30},
    **{"hour": 0.05, "day": 1, "week": 7, "month": 30},
}
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}


def read(scan: Scan, han: bool, published_at: int, office: Callable[[str], str] = str) -> Reply:
    """Read a reply; `due_at` is the end of the promised day (UTC+8 in Chinese, else UTC), UTC seconds."""
    text = scan.text
    promise = (_PROMISE_ZH if han else _PROMISE_EN).search(text)
    refer = (_REFER_ZH if han else _REFER_EN).search(text)
    return Reply(
        promise=promise is not None,
        refusal=(_REFUSE_ZH if han else _REFUSE_EN).search(text) is not None,
        explains=_explains(text, han),
        due_at=_due(text, promise, published_at, _CHINA if han else UTC),
        referred_to=_referred(refer, scan.hits(Tag.BODY), office),
    )


def _explains(text: str, han: bool) -> bool:
    """Tell whether a reply gives reasons: it names some, or says more than a receipt and a promise need."""
    if len(text) > _WORDY[han]:
        return True
    return len(text) > _RECEIPT and (_EXPLAIN_ZH if han else _EXPLAIN_EN).search(text) is not None


def _referred(refer: re.Match[str] | None, bodies: Sequence[Hit], office: Callable[[str], str]) -> str | None:
    if refer is None:
        return None
    named = [body for body in bodies if refer.start() <= body.start and body.end <= refer.end() + 4]
    return office(named[0].value) if named else None


def _due(text: str, promise: re.Match[str] | None, published_at: int, zone: timezone) -> int | None:
    """Return the earliest date after the reply in the sentences that promise, None where none is given."""
    if promise is None:
        return None
    published = datetime.fromtimestamp(published_at, zone)
    days = [day for sentence in re.split(r"[。;!?\n]", _SIGNED.sub("", text)) for day in _days(sentence, published)]
    later = sorted(day for day in days if published < day <= published + timedelta(days=3 * 366))
    return int(later[0].timestamp()) if later else None


def _days(sentence: str, published: datetime) -> list[datetime]:
    if not (_PROMISE_ZH.search(sentence) or _PROMISE_EN.search(sentence)):
        return []
    found = [_ahead(published, match[1], match[2]) for match in _WITHIN_ZH.finditer(sentence)]
    found += [_ahead(published, match[1], match[2]) for match in _WITHIN_EN.finditer(sentence)]
    found += [_end(published + timedelta(days=days)) for word, days in _SOON.items() if word in sentence]
    found += [day for match in _FULL.finditer(sentence) if (day := _month_day(match, published))]
    found += [day for match in _BY_EN.finditer(sentence) if (day := _by(match, published))]
    for match in _YEAR.finditer(sentence):
        year = int(match[1][:4]) if match[1][:2] == "20" else published.year
        found.append(_end(published.replace(year=year, month=12, day=31)))
    for match in _QUARTER.finditer(sentence):
        month = 3 * _NUMBERS.get(match[2], int(match[2]) if match[2].isdigit() else 0)
        found.append(_last(published, int(match[1] or published.year), month))
    return found


def _ahead(published: datetime, count: str, unit: str) -> datetime:
    number = int(count) if count.isdigit() else sum(_NUMBERS.get(letter, 0) for letter in [count]) or _tens(count)
    return _end(published + timedelta(days=int(number * _UNITS[unit])))


def _tens(count: str) -> int:
    before, _, after = count.partition("十")
    return _NUMBERS.get(before, 1) * 10 + _NUMBERS.get(after, 0)


def _month_day(match: re.Match[str], published: datetime) -> datetime | None:
    month = int(match[2])
    if not 1 <= month <= 12:
        return None
    year = int(match[1]) if match[1] else published.year + (month < published.month - 6)
    if match[3]:
        return _at(published, year, month, int(match[3]))
    if match[4] in ("初", "上旬"):
        return _at(published, year, month, 10)
    return _at(published, year, month, 20) if match[4] == "中旬" else _last(published, year, month)


def _by(match: re.Match[str], published: datetime) -> datetime | None:
    month = _MONTHS[match[1]]
    year = int(match[3]) if match[3] else published.year + (month < published.month - 6)
    return _at(published, year, month, int(match[2])) if match[2] else _last(published, year, month)


def _at(published: datetime, year: int, month: int, day: int) -> datetime | None:
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return _end(published.replace(year=year, month=month, day=day))


def _last(published: datetime, year: int, month: int) -> datetime:
    return _end(published.replace(year=year, month=month, day=calendar.monthrange(year, month)[1]))


def _end(day: datetime) -> datetime:
    return day.replace(hour=23, minute=59, second=59, microsecond=0)
