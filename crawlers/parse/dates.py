"""Times as pages show them, in Chinese and English: absolute in the source's time zone, or told from now."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

__all__ = ["read_time"]

_CLOCK = (
    r"(?:[ T,]{0,3}(?:at )?(?P<half>上午|下午|晚上|凌晨|中午|早上)?\s?(?P<h>[0-2]?\d)[:时点：]\s?(?P<mi>[0-5]?\d)分?"
    r"(?:[:：]?(?P<s>[0-5]\d)(?:\.\d{1,9})?秒?)?\s?(?P<pm>[AaPp]\.?[Mm]\b)?)?"
)
_OFFSET = r"\s?(?P<off>Z\b|[+-][01]\d:?[0-5]\d)?"
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_NAMES)})[a-z]{{0,6}}\.?"
_FORMS = tuple(
    re.compile(form + _CLOCK + _OFFSET, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?[-/.年]\s?(?P<m>[01]?\d)\s?[-/.月]\s?(?P<d>[0-3]?\d)(?!\d)\s?[日号]?",
        rf"\b{_MONTH}\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)?,?\s(?P<y>(?:19|20)\d\d)\b",
        rf"(?<!\d)(?P<d>[0-3]?\d)(?:st|nd|rd|th)?[ \-]{_MONTH},?[ \-](?P<y>(?:19|20)\d\d)\b",
        r"(?<!\d)(?P<m>[01]?\d)/(?P<d>[0-3]?\d)/(?P<y>(?:19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.(?P<y>(?:19|20)\d\d)(?!\d)",
        r"(?<!\d)(?P<m>[01]?\d)月(?P<d>[0-3]?\d)日",
        r"(?<![\d-])(?P<m>[01]\d)-(?P<d>[0-3]\d)(?=\s\d)",
        r"(?P<back>今天|昨天|前天|\btoday\b|\byesterday\b)",
    )
)
_AGO = re.compile(
    r"(?P<n>\d{1,4}|an?|半)\s?个?(?P<unit>秒钟?|分钟?|小时|天|周|sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|weeks?)\s?(?:之?前|ago)",
    re.IGNORECASE,
)
_JUST = re.compile(r"刚刚|刚才|\bjust now\b", re.IGNORECASE)
_SECONDS = {
    "秒": 1,
    "分": 60,
    "小": 3600,
    "天": 86400,
    "周": 604800,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
}
_BACK = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}


def read_time(text: str, zone: ZoneInfo, now: int) -> int | None:
    """Return the first time that a text names, as UTC seconds, or None.

    Times without an offset are in `zone`; times without a year are the latest before `now` (with a day's
    grace); "3 hours ago" counts from `now`. A date alone is its first second.

    >>> at = ZoneInfo("Asia/Shanghai")
    >>> read_time("发布时间：2026年3月1日 16:00", at, 0), read_time("Sun, 01 Mar 2026 08:00:00 GMT", at, 0)
    (1772352000, 1772352000)
    >>> read_time("3月1日 16:00", at, 1772360000), read_time("2小时前", at, 1772359200)
    (1772352000, 1772352000)
    """
    text = text[:400]
    if (mail := _mail_time(text)) is not None:
        return mail
    for form in _FORMS:
        found = form.search(text)
        if found and (at := _absolute(found, zone, now)) is not None:
            return at
    ago = _AGO.search(text)
    if ago:
        count = 0.5 if ago["n"] == "半" else 1 if ago["n"].lower().startswith("a") else int(ago["n"])
        return now - int(count * _SECONDS[ago["unit"][0].lower()])
    return now if _JUST.search(text) else None


def _mail_time(text: str) -> int | None:
    """Read RFC 822 times as feeds write them; only those that carry an offset."""
    if not re.match(r"\s*(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3,9} \d{2,4} \d", text):
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
        return int(moment.timestamp()) if moment.tzinfo is not None else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _absolute(found: re.Match[str], zone: ZoneInfo, now: int) -> int | None:
    part = found.groupdict()
    today = datetime.fromtimestamp(now, zone)
    try:
        day = _day(part, today)
        moment = day.replace(hour=_hour(part), minute=int(part["mi"] or 0), second=int(part["s"] or 0))
        if part["off"]:
            moment = moment.replace(tzinfo=_offset(part["off"]))
        if not part.get("y") and not part.get("back") and moment.timestamp() > now + 86400:
            moment = moment.replace(year=moment.year - 1)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        return None


def _day(part: dict[str, str | None], today: datetime) -> datetime:
    back = part.get("back")
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    if back:
        return midnight - timedelta(days=_BACK[back.lower()])
    month = part.get("m") or str(_NAMES.index((part.get("name") or "")[:3].lower()) + 1)
    return midnight.replace(year=int(part.get("y") or today.year), month=int(month), day=int(part.get("d") or 0))


def _hour(part: dict[str, str | None]) -> int:
    hour = int(part["h"] or 0)
    late = part["half"] in ("下午", "晚上") or (part["half"] == "中午" and hour < 11)
    if part["pm"]:
        late = part["pm"].lower().startswith("p")
        hour = 0 if hour == 12 and not late else hour
    return hour + 12 if late and hour < 12 else hour


def _offset(text: str) -> tzinfo | None:
    """Read Z, +08:00 or +0800."""
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text.upper() if len(text) == 1 else text}").tzinfo
