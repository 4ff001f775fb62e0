from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.levels import Part, danger_authors, score, unanswered_since
from answerable.clock import DAY
from answerable.incident import Between, Components, DemandCount, Evidence, IncidentUpdate, Level, SharedWord
from tests.alerts.givens import BURNING, CALM, HOT, MORNING, WARM, update

numbers = st.floats(0, 200)
components = st.builds(
    Components,
    heat=numbers,
    usual=st.just(1.0),
    growth=st.floats(0, 6),
    breadth=st.integers(1, 9),
    effective=numbers,
    danger=st.integers(0, 5).map(lambda n: (("fire", n),) if n else ()),
    service=st.integers(0, 30).map(lambda n: (("water", n),) if n else ()),
)


def test_the_four_levels_are_reached_by_more_of_the_same() -> None:
    assert [score(update(components=told), MORNING, None).level for told in (CALM, WARM, HOT, BURNING)] == list(Level)


def test_every_point_is_listed_with_the_figure_behind_it() -> None:
    scored = score(update(components=BURNING), MORNING, MORNING - 3 * DAY)
    points = {item.name: item.value for item in scored.why if item.name.startswith("points.")}
    named = {item.name for item in scored.why}
    assert sum(points.values()) == scored.points == 10
    assert {name.removeprefix("points.") for name in points} <= named
    assert scored.why[-1] == Evidence("points", 10, 8)
    assert Evidence(Part.HEAT, 12.0, 1.0) in scored.why
    assert Evidence(Part.UNANSWERED, 72) in scored.why


def test_a_few_dozen_letters_over_months_reach_orange_by_waiting_alone() -> None:
    letters = update(authors=Between(1, 30), token_days=30, strongest_day=1, components=Components(effective=1.0))
    levels = [score(letters, MORNING, MORNING - days * DAY).level for days in (0, 6, 14, 29, 30)]
    assert levels == [Level.WATCH, Level.WATCH, Level.YELLOW, Level.YELLOW, Level.ORANGE]


def test_the_grievance_of_few_waits_in_the_digest_however_long_it_waits() -> None:
    letters = update(authors=Between(1, 9), token_days=9)
    assert score(letters, MORNING, MORNING - 400 * DAY).level is Level.WATCH


def test_a_quiet_place_is_soon_hot_but_few_people_give_few_points() -> None:
    assert score(update(components=Components(heat=50.0, effective=2.0)), MORNING, None).points == 0
    assert score(update(components=Components(heat=50.0, effective=4.0)), MORNING, None).points == 1


def test_danger_told_by_one_gives_a_point_by_two_orange_by_three_red() -> None:
    levels = [score(update(components=Components(danger=(("gas", n),))), MORNING, None).level for n in (1, 2, 3)]
    assert levels == [Level.WATCH, Level.ORANGE, Level.RED]


@settings(derandomize=True, max_examples=300)
@given(
    less=components, more=components, wait=st.integers(0, 100), longer=st.integers(0, 100), areas=st.integers(1, 6)
)
def test_more_of_anything_never_lowers_a_level(
    less: Components, more: Components, wait: int, longer: int, areas: int
) -> None:
    both = Components(
        heat=max(less.heat, more.heat), usual=1.0, growth=max(less.growth, more.growth),
        breadth=max(less.breadth, more.breadth), effective=max(less.effective, more.effective),
        danger=max(less.danger, more.danger), service=max(less.service, more.service),
    )  # fmt: skip
    one = score(update(components=less), MORNING, MORNING - wait * DAY, 1)
    all_of_it = score(update(components=both), MORNING, MORNING - (wait + longer) * DAY, areas)
    assert all_of_it.level.rank >= one.level.rank
    assert all_of_it.points >= one.points


@settings(derandomize=True, max_examples=100)
@given(told=components, vanished=st.integers(0, 10))
def test_deletion_tone_and_calls_to_gather_change_nothing(told: Components, vanished: int) -> None:
    plain = update(components=told)
    loud = replace(
        plain,
        vanished=vanished,
        moods=(("anger", 9), ("sadness", 4)),
        words=(SharedWord("一起去", 5, 2), SharedWord("气愤", 6, 2)),
        accused=(("water", 9),),
    )
    assert score(loud, MORNING, MORNING - 9 * DAY) == score(plain, MORNING, MORNING - 9 * DAY)


def test_the_oldest_open_demand_is_what_waits() -> None:
    asked = _asked((MORNING - 5 * DAY, MORNING), (MORNING - 2 * DAY, None), (MORNING - DAY, None))
    assert unanswered_since(asked, None) == MORNING - 2 * DAY
    assert unanswered_since(asked, MORNING) is None
    assert unanswered_since(asked, MORNING - DAY - 1) == MORNING - DAY


def test_without_a_demand_the_incident_itself_waits_until_a_reply() -> None:
    assert unanswered_since(update(first_at=MORNING - DAY), None) == MORNING - DAY
    assert unanswered_since(update(first_at=MORNING - DAY, replies=1), None) is None


def test_danger_counts_by_the_kind_that_most_tell_of() -> None:
    assert danger_authors(update(components=Components(danger=(("gas", 1), ("fire", 3))))) == 3
    assert danger_authors(update()) == 0


def _asked(*demands: tuple[int, int | None]) -> IncidentUpdate:
    told: Any = tuple(DemandCount(f"act {n}", "restore", None, 4, *times) for n, times in enumerate(demands))
    return update(demands=told)
