"""Working days and hours of a place, with holidays and make-up workdays, and deadlines counted in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

__all__ = ["Span", "Unit", "Workdays", "read_span"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?) *(h|d|wh|wd)")


class Unit(StrEnum):
    """What a deadline is counted in."""

    HOURS = "h"
    DAYS = "d"
    WORKING_HOURS = "wh"
    WORKING_DAYS = "wd"


class Span(Struct, frozen=True):
    """An amount of time in a unit; days and working days are whole."""

    value: float
    unit: Unit


def read_span(text: str) -> Span:
    """Read "5h", "30d", "16wh" (working hours) or "3wd" (working days); raise ValueError otherwise.

    >>> read_span("3wd")
    Span(value=3.0, unit=<Unit.WORKING_DAYS: 'wd'>)
    """
    found = _SPAN.fullmatch(text.strip())
    if not found or float(found[1]) <= 0:
        raise ValueError(f"{text!r} is no span; write 5h, 30d, 16wh (working hours) or 3wd (working days)")
    span = Span(float(found[1]), Unit(found[2]))
    if span.unit in (Unit.DAYS, Unit.WORKING_DAYS) and span.value != int(span.value):
        raise ValueError(f"{text!r}: days are whole; write hours instead")
    return span


class Workdays(Struct, frozen=True):
    """A working calendar: `hours` are (open, close) in minutes after midnight, `off` and `work` override weekends.

    Running hours are hours as they pass. Days follow the Civil Code of China, arts. 201 and 203: the day of
    the start does not count, and a last day that is no workday moves to the next one; days end at 24:00,
    working days at the close of business.
    """

    zone: ZoneInfo
    hours: tuple[tuple[int, int], ...]
    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on a day."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def due(self, start: int, span: Span) -> int:
        """Return the instant at which a span that starts at `start` is over."""
        match span.unit:
            case Unit.HOURS:
                return start + round(span.value * 3600)
            case Unit.WORKING_HOURS:
                return self._after(start, round(span.value * 3600))
            case Unit.DAYS:
                last = self._day(start) + timedelta(days=int(span.value))
                return self._instant(self._workday_from(last) + timedelta(days=1), 0)
            case Unit.WORKING_DAYS:
                day = self._day(start)
                for _ in range(int(span.value)):
                    day = self._workday_from(day + timedelta(days=1))
                return self._instant(day, self.hours[-1][1])

    def share(self, start: int, span: Span, percent: int) -> int:
        """Return the instant at which `percent` of a span is over; working spans pass in working time only."""
        due = self.due(start, span)
        if percent >= 100:
            return due
        if span.unit in (Unit.HOURS, Unit.DAYS):
            return start + (due - start) * percent // 100
        return self._after(start, self.seconds(start, due) * percent // 100)

    def seconds(self, start: int, end: int) -> int:
        """Return the working seconds between two instants."""
        total = 0
        for opens, closes in self._spells(start):
            if opens >= end:
                break
            total += max(0, min(closes, end) - max(opens, start))
        return total

    def _after(self, start: int, seconds: int) -> int:
        for opens, closes in self._spells(start):
            begin = max(opens, start)
            if closes - begin >= seconds and closes > begin:
                return begin + seconds
            seconds -= max(0, closes - begin)
        raise AssertionError("spells never end")

    def _spells(self, start: int) -> Iterator[tuple[int, int]]:
        day = self._day(start)
        while True:
            if self.is_workday(day):
                for opens, closes in self.hours:
                    yield self._instant(day, opens), self._instant(day, closes)
            day += timedelta(days=1)

    def _workday_from(self, day: date) -> date:
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def _day(self, at: int) -> date:
        return datetime.fromtimestamp(at, self.zone).date()

    def _instant(self, day: date, minute: int) -> int:
        day, minute = day + timedelta(days=minute // 1440), minute % 1440
        return int(datetime.combine(day, time(minute // 60, minute % 60), self.zone).timestamp())
