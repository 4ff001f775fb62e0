"""Curves: every hour in its place, inside the frame, whatever the counts."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.clock import DAY, HOUR
from answerable.incident import Forecast
from console.curve import HEIGHT, WIDTH, draw, hours, spark

_COUNTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 5000)), min_size=1, max_size=60, unique_by=lambda p: p[0]
)


def _points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", line)]


def test_hours_without_posts_are_there_and_the_running_hour_is_not() -> None:
    rows = hours([(10 * HOUR, 4), (12 * HOUR, 9), (13 * HOUR, 2)], until=13 * HOUR + 1800)

    assert rows == [(8 * HOUR, 0), (9 * HOUR, 0), (10 * HOUR, 4), (11 * HOUR, 0), (12 * HOUR, 9)]


def test_a_first_hour_that_still_runs_is_shown_because_there_is_no_other() -> None:
    assert hours([(10 * HOUR, 4)], until=10 * HOUR + 600)[-1] == (10 * HOUR, 4)


def test_nothing_is_drawn_from_nothing() -> None:
    assert hours([], until=DAY) == []
    assert draw([], 1.0, None) is None
    assert spark([], DAY) is None


def test_the_greatest_hour_stands_on_a_round_line_or_below_it() -> None:
    curve = draw([(0, 0), (HOUR, 14)], usual=2.0, forecast=Forecast(2, 10, 20, 50))

    assert curve is not None
    assert [mark.value for mark in curve.up] == [0, 5, 10, 15, 20, 25]
    assert _points(curve.line)[1] == (375.0, 44.0)
    assert curve.usual == 92.0
    assert curve.band is not None
    assert (curve.band.x, curve.band.top, curve.band.middle, curve.band.bottom) == (500.0, 0.0, 60.0, 80.0)
    assert curve.now == 50.0


def test_single_posts_look_like_single_posts() -> None:
    curve = spark([(0, 1)], until=3 * HOUR)

    assert curve is not None
    assert min(y for _, y in _points(curve.line)) == 75.0


@settings(derandomize=True, max_examples=80, deadline=None)
@given(_COUNTS, st.integers(0, 3 * HOUR), st.one_of(st.none(), st.integers(0, 9000)))
def test_every_curve_stays_in_its_frame_from_left_to_right(
    counts: list[tuple[int, int]], past: int, expected: int | None
) -> None:
    hourly = [(hour * HOUR, posts) for hour, posts in counts]
    rows = hours(hourly, max(hour for hour, _ in hourly) + past)
    forecast = None if expected is None else Forecast(3, expected // 2, expected, expected * 2)

    curve = draw(rows, 0.4, forecast, moments=[at for at, _ in rows])

    assert curve is not None
    points = _points(curve.line)
    assert len(points) == max(2, len(rows))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert 2 <= len(curve.up) <= 6
    assert all(0 <= mark.at <= 100 for mark in (*curve.up, *curve.across))
