from __future__ import annotations

from typing import Any

import pytest

from alerts.case import Case
from alerts.digests import slow
from alerts.levels import evidence
from answerable.clock import DAY
from answerable.demand import DemandCount
from answerable.incident import Level, State
from tests.alerts.givens import MORNING, case, told, update

WEEK = 7 * DAY
NOW = MORNING + 5 * WEEK
ASK = DemandCount("修复路灯", "repair", None, 6, MORNING)


def test_what_comes_back_for_three_weeks_without_answer_or_alert_burns_slowly() -> None:
    (alert,) = slow([_case()], NOW)
    assert alert.incident == "bcdfghj"
    assert alert.why == (evidence("unanswered_hours", 5 * 7 * 24), evidence("weeks", 3))


@pytest.mark.parametrize(
    "but",
    [
        {"weekly": ((MORNING, 9), (MORNING + WEEK, 1))}, {"shown": False}, {"last_at": NOW - 46 * DAY},
        {"weekly": tuple((MORNING - n * WEEK, 4) for n in range(5, 9))},
        {"demands": (DemandCount("修复路灯", "repair", None, 6, MORNING, NOW - WEEK),)},
        {"demands": (DemandCount("修复路灯", "repair", None, 6, NOW - 13 * DAY),)},
    ],
    ids=["two weeks", "held back", "silent", "long ago", "answered", "asked lately"],
)  # fmt: skip
def test_fewer_weeks_silence_and_answers_are_no_slow_burning(but: dict[str, Any]) -> None:
    assert slow([_case(**but)], NOW) == ()


@pytest.mark.parametrize(
    "at_desk",
    [{"told": told(Level.ORANGE)}, {"answered_at": NOW - DAY}, {"state": State.CLOSED}],
    ids=["was mailed at once", "answered by the desk", "closed"],
)
def test_what_was_mailed_at_once_answered_or_closed_is_not_listed(at_desk: dict[str, Any]) -> None:
    assert slow([_case(at_desk)], NOW) == ()


def test_a_digest_line_of_yellow_is_no_alert() -> None:
    assert len(slow([_case({"told": told(Level.YELLOW)})], NOW)) == 1


def test_a_demand_that_residents_make_again_after_its_answer_waits_from_then() -> None:
    again = DemandCount("修复路灯", "repair", None, 6, MORNING, MORNING + DAY, 3, MORNING + 2 * WEEK)
    (alert,) = slow([_case(demands=(again,))], NOW)
    assert alert.why[0] == evidence("unanswered_hours", 3 * 7 * 24)


def test_the_longest_waiting_stand_first() -> None:
    older = _case(incident="older22", demands=(DemandCount("修复路灯", "repair", None, 6, MORNING - DAY),))
    assert [alert.incident for alert in slow([_case(), older], NOW)] == ["older22", "bcdfghj"]


def _case(at_desk: dict[str, Any] | None = None, **others: Any) -> Case:
    weeks = {"weekly": ((MORNING, 2), (MORNING + WEEK, 3), (MORNING + 3 * WEEK, 1)), "demands": (ASK,)}
    return case(update=update(**({"first_at": MORNING, "last_at": NOW - WEEK} | weeks | others)), **(at_desk or {}))
