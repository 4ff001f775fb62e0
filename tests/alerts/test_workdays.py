"""Deadline arithmetic; every case names its start, its span and when it is over, in local time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.workdays import Workdays, read_span
from answerable.clock import HOUR
from tests.alerts.givens import CLOCKS

CHINA = CLOCKS.calendar  # 08:30-12:00 and 14:00-17:30: seven hours a day
BERLIN = Workdays(ZoneInfo("Europe/Berlin"), ((540, 1020),))
NEW_YORK = Workdays(ZoneInfo("America/New_York"), ((540, 1020),))

RUNNING = [
    ("2026-03-02 09:00", "5h", "2026-03-02 14:00"),
    ("2026-03-02 20:00", "5h", "2026-03-03 01:00"),
    ("2026-03-02 09:00", "24h", "2026-03-03 09:00"),
    ("2026-03-02 09:00", "48h", "2026-03-04 09:00"),
    ("2026-03-06 17:00", "48h", "2026-03-08 17:00"),  # hours pass over a weekend
    ("2026-02-14 12:00", "24h", "2026-02-15 12:00"),  # and into the Spring Festival
    ("2026-02-28 12:00", "24h", "2026-03-01 12:00"),
    ("2024-02-28 12:00", "24h", "2024-02-29 12:00"),  # a leap day
    ("2024-02-28 12:00", "48h", "2024-03-01 12:00"),
    ("2025-12-31 23:00", "2h", "2026-01-01 01:00"),
    ("2026-03-02 09:00", "1.5h", "2026-03-02 10:30"),
    ("2026-03-02 09:00", "0.5h", "2026-03-02 09:30"),
]
CALENDAR_DAYS = [
    ("2026-03-02 09:00", "1d", "2026-03-04 00:00"),  # the day of the start does not count; days end at 24:00
    ("2026-03-02 23:59", "1d", "2026-03-04 00:00"),
    ("2026-03-02 00:00", "1d", "2026-03-04 00:00"),
    ("2026-03-02 09:00", "3d", "2026-03-06 00:00"),
    ("2026-03-06 09:00", "1d", "2026-03-10 00:00"),  # a last day on Saturday moves to Monday
    ("2026-03-06 09:00", "2d", "2026-03-10 00:00"),
    ("2026-03-06 09:00", "3d", "2026-03-10 00:00"),
    ("2026-03-02 09:00", "30d", "2026-04-02 00:00"),
    ("2026-03-05 09:00", "30d", "2026-04-08 00:00"),  # 4 April is Qingming; 7 April is the next workday
    ("2026-09-24 09:00", "1d", "2026-09-29 00:00"),  # Mid-Autumn Friday to Sunday
    ("2026-09-29 09:00", "2d", "2026-10-09 00:00"),  # the National Day week
    ("2024-01-30 09:00", "30d", "2024-03-01 00:00"),  # 29 February is the last day
    ("2026-02-13 09:00", "1d", "2026-02-15 00:00"),  # a Saturday on which offices work
    ("2026-02-13 09:00", "2d", "2026-02-25 00:00"),
]
WORKING_DAYS = [
    ("2026-03-02 09:00", "1wd", "2026-03-03 17:30"),
    ("2026-03-02 09:00", "3wd", "2026-03-05 17:30"),
    ("2026-03-02 23:00", "1wd", "2026-03-03 17:30"),
    ("2026-03-05 09:00", "3wd", "2026-03-10 17:30"),  # over a weekend
    ("2026-03-06 18:00", "1wd", "2026-03-09 17:30"),
    ("2026-03-07 10:00", "1wd", "2026-03-09 17:30"),  # from a Saturday
    ("2026-03-08 10:00", "1wd", "2026-03-09 17:30"),
    ("2026-03-02 09:00", "5wd", "2026-03-09 17:30"),
    ("2026-03-02 09:00", "7wd", "2026-03-11 17:30"),
    ("2026-03-02 09:00", "15wd", "2026-03-23 17:30"),
    ("2026-02-13 09:00", "1wd", "2026-02-14 17:30"),  # the make-up Saturday before the Spring Festival
    ("2026-02-13 09:00", "2wd", "2026-02-24 17:30"),
    ("2026-02-14 09:00", "1wd", "2026-02-24 17:30"),
    ("2026-02-14 09:00", "5wd", "2026-02-28 17:30"),  # 28 February is a make-up Saturday
    ("2026-02-27 09:00", "2wd", "2026-03-02 17:30"),
    ("2026-01-01 10:00", "1wd", "2026-01-04 17:30"),  # a make-up Sunday
    ("2026-01-02 10:00", "2wd", "2026-01-05 17:30"),
    ("2026-04-03 10:00", "1wd", "2026-04-07 17:30"),
    ("2026-04-30 10:00", "1wd", "2026-05-06 17:30"),
    ("2026-04-30 10:00", "4wd", "2026-05-09 17:30"),  # 9 May is a make-up Saturday
    ("2026-06-18 10:00", "1wd", "2026-06-22 17:30"),
    ("2026-09-18 10:00", "1wd", "2026-09-20 17:30"),  # a make-up Sunday before the National Day
    ("2026-09-30 10:00", "1wd", "2026-10-08 17:30"),
    ("2026-09-30 10:00", "3wd", "2026-10-10 17:30"),
    ("2025-01-24 10:00", "2wd", "2025-01-27 17:30"),
    ("2025-09-27 10:00", "1wd", "2025-09-28 17:30"),
    ("2025-09-30 10:00", "3wd", "2025-10-11 17:30"),
    ("2024-02-28 10:00", "1wd", "2024-02-29 17:30"),
    ("2024-02-09 10:00", "1wd", "2024-02-18 17:30"),
    ("2024-05-10 10:00", "1wd", "2024-05-11 17:30"),
]
WORKING_HOURS = [
    ("2026-03-02 09:00", "2wh", "2026-03-02 11:00"),
    ("2026-03-02 11:00", "2wh", "2026-03-02 15:00"),  # over lunch
    ("2026-03-02 12:30", "1wh", "2026-03-02 15:00"),  # from within lunch
    ("2026-03-02 07:00", "1wh", "2026-03-02 09:30"),  # from before opening
    ("2026-03-02 17:00", "1wh", "2026-03-03 09:00"),  # over night
    ("2026-03-02 20:00", "1wh", "2026-03-03 09:30"),
    ("2026-03-02 08:30", "7wh", "2026-03-02 17:30"),  # a whole day ends at its close, not the next opening
    ("2026-03-02 08:30", "7.5wh", "2026-03-03 09:00"),
    ("2026-03-06 17:00", "1wh", "2026-03-09 09:00"),  # over a weekend
    ("2026-03-07 12:00", "1wh", "2026-03-09 09:30"),
    ("2026-02-14 17:00", "1wh", "2026-02-24 09:00"),  # over the Spring Festival
    ("2026-02-13 17:00", "1wh", "2026-02-14 09:00"),
    ("2026-09-30 17:30", "1wh", "2026-10-08 09:30"),
    ("2026-03-02 08:30", "24wh", "2026-03-05 11:30"),
    ("2024-02-28 17:00", "8wh", "2024-03-01 09:00"),  # the leap day is a workday
]


@pytest.mark.parametrize(("start", "span", "over"), RUNNING + CALENDAR_DAYS + WORKING_DAYS + WORKING_HOURS)
def test_a_deadline_in_china_is_over_at_its_instant(start: str, span: str, over: str) -> None:
    assert _show(CHINA, CHINA.due(_at(CHINA, start), read_span(span))) == over


@pytest.mark.parametrize(
    ("place", "start", "span", "over"),
    [
        (BERLIN, "2026-03-28 12:00", "24h", "2026-03-29 13:00"),  # a day of 23 hours
        (BERLIN, "2026-10-24 12:00", "24h", "2026-10-25 11:00"),  # a day of 25 hours
        (BERLIN, "2026-03-27 16:00", "2wh", "2026-03-30 10:00"),  # office hours do not shift
        (BERLIN, "2026-10-23 16:00", "2wh", "2026-10-26 10:00"),
        (BERLIN, "2026-03-27 12:00", "1wd", "2026-03-30 17:00"),
        (BERLIN, "2026-10-23 12:00", "1d", "2026-10-27 00:00"),
        (NEW_YORK, "2026-03-07 12:00", "24h", "2026-03-08 13:00"),
        (NEW_YORK, "2026-11-01 00:30", "5h", "2026-11-01 04:30"),
        (NEW_YORK, "2026-10-30 16:30", "1wh", "2026-11-02 09:30"),
        (NEW_YORK, "2026-03-06 16:30", "1wh", "2026-03-09 09:30"),
    ],
)
def test_a_deadline_keeps_to_local_clocks_where_they_change(
    place: Workdays, start: str, span: str, over: str
) -> None:
    assert _show(place, place.due(_at(place, start), read_span(span))) == over


@pytest.mark.parametrize(
    ("start", "span", "percent", "over"),
    [
        ("2026-03-02 09:00", "5h", 50, "2026-03-02 11:30"),
        ("2026-03-02 09:00", "5h", 80, "2026-03-02 13:00"),
        ("2026-03-02 09:00", "48h", 50, "2026-03-03 09:00"),
        ("2026-03-06 17:00", "2wh", 50, "2026-03-09 09:00"),
        ("2026-03-06 17:00", "2wh", 80, "2026-03-09 09:36"),
        ("2026-03-06 09:00", "1wd", 50, "2026-03-09 08:45"),
        ("2026-03-06 09:00", "1wd", 100, "2026-03-09 17:30"),
        ("2026-03-02 09:00", "1d", 50, "2026-03-03 04:30"),
    ],
)
def test_reminders_pass_in_the_time_that_the_clock_counts(start: str, span: str, percent: int, over: str) -> None:
    assert _show(CHINA, CHINA.share(_at(CHINA, start), read_span(span), percent)) == over


@pytest.mark.parametrize("text", ["", "5", "h", "0h", "-1h", "1.5d", "2.5wd", "5 hours", "5m"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|whole"):
        read_span(text)


@settings(derandomize=True, max_examples=150)
@given(
    start=st.integers(1_704_067_200, 1_798_000_000),
    value=st.integers(1, 40),
    unit=st.sampled_from(["h", "d", "wh", "wd"]),
    later=st.integers(0, 20 * HOUR),
)
def test_a_later_start_is_never_due_earlier_and_reminders_come_in_order(
    start: int, value: int, unit: str, later: int
) -> None:
    span = read_span(f"{value}{unit}")
    due = CHINA.due(start, span)
    assert start < due <= CHINA.due(start + later, span)
    half, most, all_of_it = (CHINA.share(start, span, percent) for percent in (50, 80, 100))
    assert start <= half <= most <= all_of_it == due


def _at(place: Workdays, text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=place.zone).timestamp())


def _show(place: Workdays, at: int) -> str:
    return datetime.fromtimestamp(at, place.zone).strftime("%Y-%m-%d %H:%M")
