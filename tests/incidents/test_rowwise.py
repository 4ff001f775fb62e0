"""The detector of rows: what it tells, what it keeps to itself, and what it costs a quiet series."""

from __future__ import annotations

from answerable.clock import DAY, HOUR
from incidents.rowwise import RowWatch

STEP = 300


def alarms(values: list[float], step: int = STEP) -> list[int]:
    watch = RowWatch()
    return [row for row, value in enumerate(values) if watch.judge(row * step, value).alarm]


def test_the_first_day_only_teaches() -> None:
    assert alarms([1.0] * 100 + [80.0] * 20) == []


def test_a_series_that_was_silent_for_days_is_not_alarmed_by_one_post_but_by_many() -> None:
    assert alarms([0.0] * 2000 + [1.0] + [0.0] * 200) == []
    assert alarms([0.0] * 2000 + [3.0, 4.0, 5.0]) == [2001]


def test_a_day_passes_between_two_alarms() -> None:
    quiet, burst = [2.0, 3.0] * 500, [60.0] * 6
    found = alarms(quiet + burst + [2.0] * 60 + burst + [2.0] * 300 + burst)
    assert len(found) == 2
    assert (found[1] - found[0]) * STEP >= DAY


def test_the_score_stays_below_its_threshold_while_no_alarm_may_be_told() -> None:
    watch = RowWatch()
    rows = [watch.judge(row * STEP, 60.0 if row % 400 == 399 else 2.0) for row in range(3000)]
    assert any(row.alarm for row in rows)
    assert all((row.score >= 0.5) is row.alarm for row in rows)


def test_a_fall_is_no_alarm() -> None:
    assert alarms([50.0, 52.0] * 800 + [0.0] * 300) == []


def test_hourly_counts_and_times_that_go_back_are_judged_too() -> None:
    assert alarms([5.0, 7.0] * 300 + [90.0], HOUR) == [600]
    watch = RowWatch()
    for row in range(900):
        watch.judge(row * STEP, 2.0 + row % 2)
    assert watch.judge(10 * STEP, 90.0).alarm
