from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.clock import DAY, HOUR
from answerable.incident import Evidence, Indicator, IndicatorName
from answerable.post import Kind
from incidents.area import AreaFold
from incidents.indicators import indicators
from incidents.records import Group, Tally
from tests.incidents.town import AREA, START, WATER, a_post, later, run, updates

NOW = START + 60 * DAY
ONCE = ((NOW, 0),)


@pytest.mark.parametrize(("days", "score"), [(1, 0), (2, 1), (7, 2), (30, 3)])
def test_a_demand_is_the_more_unmet_the_longer_it_waits(days: int, score: int) -> None:
    group = _group(demands={"a": _tally(NOW - days * DAY), "b": _tally(NOW - 50 * DAY, answered_at=NOW - 40 * DAY)})
    mark = _mark(group, IndicatorName.UNMET)
    assert mark.score == score
    assert _figures(mark)["oldest_unanswered_days"] == (days, None)
    assert [_figures(mark)[name][0] for name in ("unanswered_demands", "demands")] == [1, 2]


def test_an_answer_meets_a_demand_until_residents_make_it_again() -> None:
    met = _tally(NOW - 50 * DAY, answered_at=NOW - 40 * DAY, again=2, again_at=NOW - 20 * DAY)
    unmet = _tally(NOW - 50 * DAY, answered_at=NOW - 40 * DAY, again=3, again_at=NOW - 20 * DAY)
    assert _mark(_group(demands={"a": met}), IndicatorName.UNMET).score == 0
    mark = _mark(_group(demands={"a": unmet}, replies=1), IndicatorName.UNMET)
    assert (mark.score, _figures(mark)["official_replies"]) == (2, (1, None))


@pytest.mark.parametrize(
    ("residents", "to", "accusing", "score"),
    [
        (1, None, 0, 0), (2, None, 0, 0), (30, None, 0, 1), (30, "物业", 0, 1), (30, "landlord", 0, 1),
        (1, "人社局", 0, 1), (3, "人社局", 0, 2), (10, "water-bureau", 0, 3),
        (10, "物业", 1, 1), (10, "物业", 3, 2), (10, None, 30, 3), (0, None, 30, 0),
    ],
)  # fmt: skip
def test_money_weighs_by_its_tie_to_public_power(residents: int, to: str | None, accusing: int, score: int) -> None:
    tallies = {"a": Tally("退款", "refund", to, residents, START)} if residents else {}
    group = _group(demands=tallies, accused={"housing": accusing} if accusing else {})
    assert _mark(group, IndicatorName.ECONOMIC).score == score


def test_other_demands_of_an_office_are_no_economic_ones() -> None:
    group = _group(demands={"a": Tally("修复", "repair", "住建局", 90, START)}, accused={"housing": 9})
    assert _mark(group, IndicatorName.ECONOMIC).score == 0


@pytest.mark.parametrize(
    ("danger", "service", "score"),
    [
        ({}, {}, 0), ({}, {"water": 1}, 1), ({}, {"water": 5}, 2), ({"violence": (1, NOW)}, {}, 2),
        ({"violence": (2, NOW)}, {}, 3), ({"fire": (1, NOW - 9 * DAY)}, {}, 1), ({"fire": (9, NOW - 9 * DAY)}, {}, 2),
    ],
)  # fmt: skip
def test_harm_weighs_most_while_it_lasts_and_is_not_forgotten(
    danger: dict[str, tuple[int, int]], service: dict[str, int], score: int
) -> None:
    assert _mark(_group(danger=danger, service=service), IndicatorName.HARM).score == score


def test_more_kinds_of_source_are_more_kinds_of_participants_and_an_answering_office_is_none() -> None:
    one = _group(kinds={"letter": 9, "official": 2})
    assert _mark(one, IndicatorName.WIDENING).score == 0
    assert [
        _mark(_group(kinds=dict.fromkeys(list(Kind)[:n], 3)), IndicatorName.WIDENING).score for n in (2, 3, 4)
    ] == [1, 2, 3]


def test_a_matter_that_reached_others_since_it_was_shown_widens() -> None:
    kinds, districts = {"letter": 9, "forum": 2}, {"east": 4, "west": 4}
    still = _group(kinds=kinds, districts=districts, began=(2, 0, 2), days={0: (9, 9)})
    wider = _group(kinds=kinds, districts=districts, began=(1, 0, 1), days={0: (9, 9)})
    assert _mark(still, IndicatorName.WIDENING).score == 1
    assert _mark(wider, IndicatorName.WIDENING).score == 2
    assert _figures(_mark(wider, IndicatorName.WIDENING))["source_kinds"] == (2, 1)


@pytest.mark.parametrize(
    ("others", "score"),
    [
        ({}, 0), ({"offices": {"water": 5, "roads": 4}}, 1), ({"reopened": ONCE}, 1), ({"reopened": ONCE * 3}, 3),
        ({"demands": {"a": Tally("修复", "repair", None, 30, START, START + DAY, 10, START + 2 * DAY)}}, 2),
        ({"offices": {"a": 5, "b": 5}, "reopened": ONCE * 2}, 3),
    ],
)  # fmt: skip
def test_offices_reopening_and_answers_in_vain_make_a_matter_harder(others: dict[str, Any], score: int) -> None:
    assert _mark(_group(**others), IndicatorName.DIFFICULTY).score == score


def test_regions_count_districts_up_to_the_residents_who_name_them() -> None:
    districts = dict.fromkeys(("a", "b", "c", "d", "e"), 1)
    assert _mark(_group(districts=districts, days={0: (1, 1)}), IndicatorName.REGIONS).score == 0
    assert _mark(_group(districts=districts, days={0: (3, 3)}), IndicatorName.REGIONS).score == 2
    assert _mark(_group(districts=districts, days={0: (5, 5)}), IndicatorName.REGIONS).score == 3


def test_each_mark_brings_its_figures_and_the_six_stand_in_their_order() -> None:
    marks = indicators(_group(), NOW)
    assert [mark.name for mark in marks] == list(IndicatorName)
    assert all(mark.evidence and all(isinstance(item, Evidence) for item in mark.evidence) for mark in marks)


@pytest.mark.parametrize("add", [{}, {"anger": 40}, {"fear": 9, "sadness": 3}], ids=["plain", "angry", "afraid"])
def test_moods_are_no_mark(add: dict[str, int]) -> None:
    assert indicators(_group(moods=add), NOW) == indicators(_group(), NOW)


def test_a_call_to_gather_is_no_mark() -> None:
    plain = _told(lambda n: [*WATER, f"独{n}"])
    gathering = _told(lambda n: [*WATER, "集合", "散步", f"独{n}"])
    assert [mark.score for mark in plain] == [mark.score for mark in gathering]


def test_weeks_begin_on_monday_and_add_residents_up_by_day() -> None:
    posts = [a_post(f"w{n}", [*WATER, f"独{n}"], START + n * DAY, kind=Kind.LETTER) for n in range(15)]
    told = updates(run([*posts, later(16 * DAY)], AreaFold(AREA)))
    # 1 March 2026 is a Sunday
    assert told[-1].weekly == ((START - 6 * DAY, 1), (START + DAY, 7), (START + 8 * DAY, 7))


counts = st.integers(0, 40)
groups = st.fixed_dictionaries(
    {
        "waits": st.integers(0, 60), "money": counts, "accusing": counts, "danger": counts, "service": counts,
        "kinds": st.integers(1, 5), "topics": st.integers(0, 5), "districts": st.integers(0, 8), "people": counts,
        "offices": st.integers(0, 5), "reopened": st.integers(0, 4), "again": counts,
    }
)  # fmt: skip


@settings(derandomize=True, max_examples=300)
@given(less=groups, more=groups)
def test_more_of_anything_never_lowers_a_mark(less: dict[str, int], more: dict[str, int]) -> None:
    both = {name: max(value, more[name]) for name, value in less.items()}
    few, many = indicators(_made(less), NOW), indicators(_made(both), NOW)
    assert all(one.score <= other.score for one, other in zip(few, many, strict=True))


def _made(told: dict[str, int]) -> Group:
    """Return a group of as much of each."""
    kinds = ("letter", "forum", "microblog", "report", "news")
    demands = {"a": _tally(NOW - told["waits"] * DAY)} if told["waits"] else {}
    if told["money"]:
        demands["b"] = Tally("退款", "refund", None, told["money"], NOW)
    demands["c"] = _tally(START, answered_at=START + DAY, again=told["again"], again_at=NOW)
    return _group(
        demands=demands, accused={"housing": told["accusing"]} if told["accusing"] else {},
        danger={"fire": (told["danger"], NOW)} if told["danger"] else {}, service={"water": told["service"]},
        kinds=dict.fromkeys(kinds[: told["kinds"]], 2), topics={f"t{n}": 2500 for n in range(told["topics"])},
        districts={f"d{n}": 1 for n in range(told["districts"])}, days={0: (told["people"], told["people"])},
        offices={f"o{n}": 3 for n in range(told["offices"])}, reopened=ONCE * told["reopened"], began=(1, 1, 1),
    )  # fmt: skip


def _told(words: Callable[[int], list[str]]) -> tuple[Indicator, ...]:
    posts = [a_post(f"g{n}", words(n), START + n * HOUR, demand="恢复供水") for n in range(8)]
    return updates(run([*posts, later(9 * HOUR)], AreaFold(AREA)))[-1].indicators


def _group(**others: Any) -> Group:
    told: dict[str, Any] = {
        "id": "bcdfghj", "first_post": "p", "seq": 1, "changed": 1, "first_at": START, "last_at": NOW,
        "kind": Kind.LETTER, "lang": "zh", "posts": 12,
    }  # fmt: skip
    return Group(**(told | others))


def _tally(at: int, **others: Any) -> Tally:
    return Tally("修复", "repair", None, 4, at, **others)


def _mark(group: Group, name: IndicatorName) -> Indicator:
    return next(mark for mark in indicators(group, NOW) if mark.name is name)


def _figures(mark: Indicator) -> dict[str, tuple[float, float | None]]:
    return {item.name: (item.value, item.baseline) for item in mark.evidence}
