"""What an answer promises, and by which day: a line of its own, such as "承诺：更换水管，3月20日前"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

__all__ = ["Promise", "split"]

_LINE = re.compile(r"\s*(?:我们|我局)?(?:承诺|we promise|promised?|commitment)\s*[:：]\s*(.*)", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_YEAR = r"(?:,?\s*(20[0-9]{2}))?"
_DAYS = (
    (re.compile(r"(20[0-9]{2})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])"), "ymd"),
    (re.compile(r"(?:(20[0-9]{2})\s*年)?\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]"), "ymd"),
    (re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)?\s+{_NAME}{_YEAR}", re.IGNORECASE), "dmy"),
    (re.compile(rf"\b{_NAME}\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]){_YEAR}", re.IGNORECASE), "mdy"),
)
_HALF_A_YEAR = 183


class Promise(Struct, frozen=True):
    """The words of a promise and its last second; `due_at` None where no day that is still to come stands there."""

    words: str
    due_at: int | None


def split(lines: Sequence[str], zone: ZoneInfo, now: int) -> tuple[list[str], Promise | None]:
    """Take the line that promises something out of an answer; a second such line belongs to the first.

    >>> said = ["The main is repaired.", "Promised: new pipes by 20 March 2026"]
    >>> split(said, ZoneInfo("UTC"), 1772352000)
    (['The main is repaired.'], Promise(words='new pipes by 20 March 2026', due_at=1774051199))
    """
    rest, words = list[str](), list[str]()
    for line in lines:
        match = _LINE.match(line)
        if match:
            words.append(match[1].strip())
        else:
            rest.append(line)
    if not words:
        return rest, None
    today = datetime.fromtimestamp(now, zone).date()
    days = [day for line in words for day in _days(line, today) if day >= today]
    due = int(datetime.combine(max(days), time(23, 59, 59), zone).timestamp()) if days else None
    return rest, Promise(" ".join(words), due)


def _days(line: str, today: date) -> Iterator[date]:
    """Yield the days that stand in a line; one without its year is the nearest such day, never half a year ago."""
    for pattern, order in _DAYS:
        for match in pattern.finditer(line):
            parts = dict(zip(order, match.groups(), strict=True))
            month, day = _month(parts["m"]), int(parts["d"])
            try:
                read = date(int(parts["y"] or today.year), month, day)
                late = parts["y"] is None and (today - read).days > _HALF_A_YEAR
                yield read.replace(year=read.year + 1) if late else read
            except ValueError:
                continue


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.index(text[:3].lower()) + 1
