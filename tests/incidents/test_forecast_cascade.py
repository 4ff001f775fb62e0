"""Forecasts of cascades: only the observed time counts, quantiles keep their order, strangers get wider intervals."""

from __future__ import annotations

import math
import random
import re
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.cascade import COEFFICIENTS, foresee, growth_of, knots
from incidents.hawkes import supercritical
from incidents.traits import NAMES, traits

HOUR = 3600.0


def steady(count: int, until: float = HOUR) -> list[float]:
    return [until * (i + 0.5) / count for i in range(count)]


def branching(chance: random.Random, ratio: float, until: float) -> list[float]:
    """Simulate a process from one post; each calls forth `ratio` others, half of them within minutes."""
    waiting, times = [0.0], list[float]()
    while waiting and len(times) < 2000:
        at = waiting.pop()
        if at <= until:
            times.append(at)
            born = sum(chance.random() < ratio / 20 for _ in range(20))
            waiting += [at + chance.expovariate(1 / chance.choice((600, 7200))) for _ in range(born)]
    return sorted(times)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(
    st.lists(st.floats(0, 86400), max_size=60),
    st.sampled_from([1, 60, 900, 3600, 5000, 86400, 864000]),
    st.one_of(st.none(), st.floats(0, 24)),
)
def test_any_cascade_gets_ordered_quantiles_and_chances(
    events: list[float], observed: int, hour: float | None
) -> None:
    told = foresee(events, observed, hour)
    assert told.seen == sum(1 for at in events if at <= observed)
    assert told.seen <= told.p10 <= told.p50 <= told.p90
    assert 0 <= told.p_double <= 1
    assert 0 <= told.p_supercritical <= 1


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(st.floats(0, HOUR), max_size=40), st.lists(st.floats(HOUR + 1, 10 * HOUR), max_size=40))
def test_what_comes_after_the_observed_time_changes_nothing(seen: list[float], later: list[float]) -> None:
    assert foresee([*later, *seen], HOUR, 9.0) == foresee(seen, HOUR, 9.0)


def test_a_cascade_that_rises_is_foreseen_larger_than_one_that_dies() -> None:
    rising = [HOUR * math.sqrt((i + 0.5) / 40) for i in range(40)]
    dying = [HOUR * ((i + 0.5) / 40) ** 3 for i in range(40)]
    up, down = foresee(rising, HOUR, 12.0), foresee(dying, HOUR, 12.0)
    assert up.p50 > 1.3 * down.p50
    assert up.p_double > down.p_double


def test_a_case_unlike_any_that_was_fitted_gets_a_wider_interval() -> None:
    plain = growth_of(steady(60), HOUR, 12.0, knots())
    strange = growth_of([0.0] * 59 + [1.0], HOUR, 12.0, knots())
    assert strange[2] - strange[1] > plain[2] - plain[1]


def test_a_time_beyond_all_fitted_ones_gets_a_wider_interval() -> None:
    last = knots()[-1].observed
    here, beyond = (growth_of(steady(60, span), span, None, knots()) for span in (last, 20.0 * last))
    assert beyond[2] - beyond[1] > here[2] - here[1]


def test_a_dozen_posts_may_yet_stay_a_dozen() -> None:
    told = foresee([HOUR * ((i + 0.5) / 12) ** 2 for i in range(12)], HOUR)
    assert told.p10 <= 15


def test_between_two_fitted_times_the_forecast_lies_between_theirs() -> None:
    first, second = knots()[2:4]
    ends = [growth_of(steady(60, span), span, None, knots())[1] for span in (first.observed, second.observed)]
    inside = growth_of(steady(60, 5000.0), 5000.0, None, knots())[1]
    assert min(ends) - 1e-9 <= inside <= max(ends) + 1e-9


def test_a_process_that_feeds_itself_is_told_from_one_that_fades() -> None:
    chance = random.Random(5)  # noqa: S311
    chances: dict[float, list[float]] = {0.6: [], 1.5: []}
    for ratio, found in chances.items():
        while len(found) < 40:
            times = branching(chance, ratio, 4 * HOUR)
            if len(times) >= 10:
                found.append(supercritical(times, 4 * HOUR))
    right = [up > down for up in chances[1.5] for down in chances[0.6]]
    assert mean(right) > 0.9
    assert mean(chances[1.5]) > 0.75


def test_the_traits_have_a_name_each_and_the_shipped_lines_a_weight_for_each() -> None:
    assert len(traits(steady(20), HOUR, 3.0)) == len(NAMES) == len(set(NAMES))
    for knot in knots():
        for lines in (knot.many, knot.few):
            assert {len(lines.low), len(lines.middle), len(lines.high), len(lines.double)} == {len(NAMES) + 1}
            assert all(least <= most for least, most in zip(lines.least, lines.most, strict=True))
    assert all(sooner.observed < later.observed for sooner, later in pairwise(knots()))


@pytest.mark.parametrize("scale", [0.25, 4.0])
def test_traits_but_the_hour_are_free_of_scale(scale: float) -> None:
    times = [30.0, 40.0, 900.0, 2000.0, 3500.0]
    scaled = traits([at * scale for at in times], HOUR * scale, None)
    assert scaled == pytest.approx(traits(times, HOUR, None))


def test_the_shipped_file_holds_numbers_and_names_of_fields_only() -> None:
    words = set(re.findall(r'"(\w+)"', Path(COEFFICIENTS).read_text("utf-8")))
    assert words == {"observed", "many", "few", "least", "most", "low", "middle", "high", "double"}
