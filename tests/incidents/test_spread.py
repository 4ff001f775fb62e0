"""Series, baseline, growth, process and forecast: figures that can be checked by hand or by simulation."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.clock import DAY, HOUR
from incidents.baseline import FLOOR, Baseline
from incidents.forecast import look_ahead
from incidents.growth import ALARM, Cusum, pressure, tail
from incidents.hawkes import fit

WEEK = 7 * DAY
BEGIN = 2900 * WEEK


def poisson(chance: random.Random, mean: float) -> int:
    count, passed = 0, chance.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + chance.expovariate(1.0)
    return count


def taught(weeks: int, by_hour: dict[int, float], seed: int) -> Baseline:
    chance, usual = random.Random(seed), Baseline()  # noqa: S311
    for hour in range(BEGIN, BEGIN + weeks * WEEK, HOUR):
        for _ in range(poisson(chance, by_hour.get(hour // HOUR % 24, 0.1))):
            usual.note(hour)
    return usual


def test_a_baseline_learns_the_hour_of_day() -> None:
    usual = taught(8, {9: 4.0, 20: 2.0}, 1)
    now = BEGIN + 8 * WEEK
    at_nine = usual.expected(now + 9 * HOUR, now)
    at_three = usual.expected(now + 3 * HOUR, now)
    assert 2.5 < at_nine < 5
    assert at_three < 0.4


def test_a_baseline_knows_nothing_at_first_and_does_not_fall_below_its_floor() -> None:
    assert FLOOR <= Baseline().expected(BEGIN, BEGIN) < 0.03
    assert taught(8, dict.fromkeys(range(24), 0.0), 1).expected(BEGIN + 8 * WEEK, BEGIN + 8 * WEEK) >= FLOOR


def test_an_outburst_does_not_become_its_own_baseline() -> None:
    usual = taught(4, {}, 2)
    for _ in range(500):
        usual.note(BEGIN + 4 * WEEK)
    assert usual.expected(BEGIN + 5 * WEEK, BEGIN + 5 * WEEK) < 1.5


def test_history_that_arrives_at_once_teaches_what_it_would_have_taught_in_time() -> None:
    in_time, at_once = Baseline(), Baseline()
    hours = [BEGIN + hour * HOUR for hour in range(0, 24 * 21, 5)]
    for hour in hours:
        in_time.note(hour)
        in_time.settle(hour + HOUR)
    for hour in reversed(hours):
        at_once.note(hour)
    now = BEGIN + 3 * WEEK
    assert abs(in_time.expected(now, now) - at_once.expected(now, now)) < 1e-9


@settings(max_examples=60, derandomize=True, deadline=None)
@given(posts=st.integers(3, 80), usual=st.floats(0.02, 20))
def test_a_tail_rises_with_posts_and_falls_with_what_is_usual(posts: int, usual: float) -> None:
    assert 0 <= tail(posts, usual) <= tail(posts + 1, usual) + 1e-9
    assert tail(posts, 2 * usual) <= tail(posts, usual) + 1e-9


def test_a_steady_series_hardly_ever_alarms_and_growth_does() -> None:
    chance, cusum, alarms = random.Random(3), Cusum(), 0  # noqa: S311
    for step in range(8 * WEEK // 300):
        alarms += cusum.step(poisson(chance, 0.2 / 12), 0.2, step * 300)
    assert alarms <= 8
    growing = [int(3 * HOUR * (i / 12) ** 0.5) for i in range(12)]
    assert pressure(growing, 0.05, growing[-1]) > 1


def test_three_voices_in_an_hour_where_none_are_usual_are_an_alarm_and_two_never() -> None:
    assert tail(3, FLOOR) > ALARM
    assert tail(2, FLOOR) == 0


def test_a_process_of_bursts_branches_more_than_a_steady_one() -> None:
    steady = [i * 3600 for i in range(24)]
    bursts = [day * 4 * 3600 + i * 40 for day in range(6) for i in range(12)]
    assert fit(bursts, DAY, 0.2).branching > 2 * fit(steady, DAY, 1.0).branching


def test_a_forecast_widens_with_the_hours_and_keeps_its_order() -> None:
    now = DAY
    times = [now - 6000 + i * 100 for i in range(60)]
    outlook = look_ahead(fit(times, now, 0.1), 60)
    widths = [ahead.p90 - ahead.p10 for ahead in outlook.forecast]
    assert widths == sorted(widths)
    assert all(ahead.p10 <= ahead.p50 <= ahead.p90 for ahead in outlook.forecast)
    assert outlook.forecast[0].p50 > 5


def test_a_forecast_of_a_simulated_process_covers_what_comes() -> None:
    covered = cases = 0
    for seed in range(60):
        times = branching(random.Random(seed), 0.5, 4 * HOUR, 30 * HOUR)  # noqa: S311
        seen = [at for at in times if at < 4 * HOUR]
        if len(seen) < 8:
            continue
        ahead = look_ahead(fit(seen, 4 * HOUR, 2.0), len(seen)).forecast[1]
        came = sum(1 for at in times if 4 * HOUR <= at < 7 * HOUR)
        covered += ahead.p10 <= came <= ahead.p90
        cases += 1
    assert cases >= 30
    assert 0.7 <= covered / cases <= 0.98


def branching(chance: random.Random, ratio: float, _seen: int, until: int) -> list[int]:
    """Simulate a process of two posts an hour in which each post calls forth `ratio` others within hours."""
    queue = [int(chance.random() * until) for _ in range(poisson(chance, 2.0 * until / HOUR))]
    times: list[int] = []
    while queue:
        at = queue.pop()
        if at < until:
            times.append(at)
            queue += [at + int(chance.expovariate(1 / 5400)) for _ in range(poisson(chance, ratio))]
    return sorted(times)
