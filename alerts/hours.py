"""Times of day in a place: quiet hours, and the next moment that a wall clock there shows a given time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

__all__ = ["Quiet", "is_quiet", "next_at", "read_quiet", "read_time"]

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Quiet(Struct, frozen=True):
    """Quiet hours in minutes after midnight; they may run over midnight; equal ends mean none."""

    start: int
    end: int


def read_time(text: str) -> int:
    """Read "08:30" as minutes after midnight; raise ValueError otherwise.

    >>> read_time("08:30")
    510
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time of day; write it like 08:30")
    return int(found[1]) * 60 + int(found[2])


def read_quiet(text: str) -> Quiet:
    """Read "22:00-07:00"; an empty text means no quiet hours; raise ValueError otherwise.

    >>> read_quiet("22:00-07:00")
    Quiet(start=1320, end=420)
    """
    if not text:
        return Quiet(0, 0)
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is no span of hours; write it like 22:00-07:00")
    return Quiet(read_time(start), read_time(end))


def is_quiet(at: int, quiet: Quiet, zone: ZoneInfo) -> bool:
    """Tell whether an instant lies in the quiet hours of a place.

    >>> is_quiet(1772380800, Quiet(1320, 420), ZoneInfo("Asia/Shanghai"))  # midnight there
    True
    """
    local = datetime.fromtimestamp(at, zone)
    minute = local.hour * 60 + local.minute
    if quiet.start <= quiet.end:
        return quiet.start <= minute < quiet.end
    return minute >= quiet.start or minute < quiet.end


def next_at(after: int, times: tuple[int, ...], zone: ZoneInfo) -> int:
    """Return the first instant later than `after` at which clocks in `zone` show one of `times` (minutes).

    A time that a change of the clocks leaves out is taken where it would have been.
    """
    day = datetime.fromtimestamp(after, zone).date()
    moments = (
        int(datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=zone).timestamp())
        for on in (day, day + timedelta(days=1), day + timedelta(days=2))
        for minute in sorted(times)
    )
    return next(moment for moment in moments if moment > after)
