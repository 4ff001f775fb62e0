"""Series, baseline, growth, process and forecast: figures that can be checked by hand or by simulation."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.clock import DAY, HOUR
from answerable.incident import IncidentUpdate
from answerable.post import Tick
from incidents.baseline import FLOOR, Baseline
from incidents.forecast import look_ahead
from incidents.growth import ALARM, strength, tail
from incidents.hawkes import fit
from tests.incidents.town import START, WATER, a_crowd, a_post, run, updates

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
            usual.note(hour, hour)
    return usual


def usual_at(usual: Baseline, at: int) -> float:
    return usual.hours(at)[0]


def test_a_baseline_learns_the_hour_of_day() -> None:
    usual = taught(8, {9: 4.0, 20: 2.0}, 1)
    now = BEGIN + 8 * WEEK
    assert 2.5 < usual_at(usual, now + 9 * HOUR) < 5
    assert usual_at(usual, now + 3 * HOUR) < 0.4
    assert abs(usual.hours(now + 10 * HOUR)[1] - usual_at(usual, now + 9 * HOUR)) < 0.01


def test_a_baseline_knows_nothing_at_first_and_does_not_fall_below_its_floor() -> None:
    assert FLOOR <= usual_at(Baseline(), BEGIN) < 0.03
    assert Baseline().days(BEGIN) == 0
    assert usual_at(taught(8, dict.fromkeys(range(24), 0.0), 1), BEGIN + 8 * WEEK) >= FLOOR


def test_an_outburst_does_not_become_its_own_baseline() -> None:
    usual = taught(4, {}, 2)
    for _ in range(500):
        usual.note(BEGIN + 4 * WEEK, BEGIN + 4 * WEEK)
    usual.note(BEGIN + 4 * WEEK + DAY, BEGIN + 4 * WEEK + DAY)
    assert usual_at(usual, BEGIN + 5 * WEEK) < 1.5


def test_history_that_arrives_at_once_teaches_what_it_would_have_taught_in_time() -> None:
    in_time, at_once = Baseline(), Baseline()
    hours = [BEGIN + hour * HOUR for hour in range(0, 24 * 21, 5)]
    now = BEGIN + 3 * WEEK
    for hour in hours:
        in_time.note(hour, hour)
    for hour in reversed(hours):
        at_once.note(hour, BEGIN)
    for usual in (in_time, at_once):
        usual.note(now, now)
    assert abs(usual_at(in_time, now) - usual_at(at_once, now)) < 1e-9


def test_a_surge_in_the_first_days_is_none_yet() -> None:
    for days, told in ((1, False), (5, True)):
        usual = taught(1, {}, 5)
        usual.first = usual.through - days * DAY
        now = BEGIN + WEEK
        for _ in range(40):
            usual.note(now, now)
        assert (usual.surge(now) > ALARM) is told


def test_looking_changes_no_baseline() -> None:
    looked, not_looked = taught(2, {}, 4), taught(2, {}, 4)
    for hour in range(40):
        looked.surge(BEGIN + 2 * WEEK + hour * HOUR)
        looked.shape(BEGIN + 2 * WEEK + hour * HOUR)
    assert looked == not_looked


@settings(max_examples=60, derandomize=True, deadline=None)
@given(posts=st.integers(3, 80), usual=st.floats(0.02, 20), dispersion=st.sampled_from([0.1, 0.2, 0.6]))
def test_a_tail_rises_with_posts_and_falls_with_what_is_usual(posts: int, usual: float, dispersion: float) -> None:
    assert 0 <= tail(posts, usual, dispersion) <= tail(posts + 1, usual, dispersion) + 1e-9
    assert tail(posts, 2 * usual, dispersion) <= tail(posts, usual, dispersion) + 1e-9


def test_a_steady_series_hardly_ever_alarms_and_slow_growth_does() -> None:
    chance, usual, alarms = random.Random(3), Baseline(), 0  # noqa: S311
    for step in range(BEGIN, BEGIN + 8 * WEEK, 300):
        for _ in range(poisson(chance, 0.2 / 12)):
            usual.note(step, step)
            alarms += usual.surge(step) >= ALARM
    assert alarms <= 8
    growing = [int(9 * HOUR * (i / 24) ** 0.5) for i in range(25)]
    assert strength(growing, [0.3] * 4, growing[-1]) > ALARM > strength(growing[::3], [0.3] * 4, growing[-1])


def test_a_minute_into_an_hour_the_hours_before_say_what_is_usual() -> None:
    times = [HOUR - 900, HOUR - 600, HOUR - 300, HOUR - 60, HOUR]
    assert (
        strength(times, [0.02, 5.0, 5.0, 5.0], HOUR + 60)
        < 1
        < ALARM
        < strength(times, [5.0, 0.02, 0.02, 0.02], HOUR + 60)
    )


def test_three_voices_in_an_hour_where_none_are_usual_are_an_alarm_and_two_never() -> None:
    assert strength([0, 60, 120], [FLOOR] * 4, 180) > ALARM
    assert strength([0, 60], [FLOOR] * 4, 180) == 0


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


def told(days_before: int, topic: str = "urban.water") -> IncidentUpdate:
    """Return the last update about twelve posts in an hour, after a past of one other post a day on a topic."""
    past = [
        a_post(f"p{day}", [f"旧{day}甲", f"旧{day}乙"], START + day * DAY, topic=topic) for day in range(days_before)
    ]
    burst = a_crowd(WATER, 12, START + days_before * DAY + 9 * HOUR, 300)
    return updates(run([*past, *burst, Tick(START + days_before * DAY + 11 * HOUR)]))[-1]


def test_an_update_says_how_many_days_its_usual_rests_on_and_knows_no_surge_before_three() -> None:
    cold, warm = told(0).components, told(10).components
    assert (cold.baseline_days, cold.surge) == (0, 0.0)
    assert warm.baseline_days == 10
    assert min(cold.tail, warm.tail, warm.surge) > ALARM


def test_a_topic_never_heard_of_is_no_cold_start_where_the_area_is_known() -> None:
    new = told(10, "transport.bus").components
    assert new.baseline_days == 10
    assert new.surge > ALARM
