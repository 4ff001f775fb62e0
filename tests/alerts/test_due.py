from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from alerts.alert import AlertKind
from alerts.case import Case
from alerts.due import CLOCK, UNACKNOWLEDGED, Patience, check, next_check
from alerts.judge import follow
from answerable.incident import Between, Components, Level, State
from tests.alerts.givens import BURNING, DAY, HOT, HOUR, MORNING, bench, update

FOUR_HOURS = Patience(4 * HOUR)
ALONE = Patience(4 * HOUR, remind=False)


def test_nobody_acknowledged_is_told_once_a_thread() -> None:
    case = _opened(HOT)
    assert next_check(case, FOUR_HOURS) == MORNING + 4 * HOUR
    verdict = check(case, MORNING + 4 * HOUR, bench(), FOUR_HOURS)
    assert [(alert.kind, alert.rule) for alert in verdict.alerts] == [(AlertKind.UPDATE, UNACKNOWLEDGED)]
    assert verdict.events[-1].text == "nobody acknowledged: escalated"
    assert check(verdict.case, MORNING + 5 * HOUR, bench(), FOUR_HOURS).alerts == ()


def test_an_acknowledged_case_is_not_escalated() -> None:
    case = replace(_opened(HOT), state=State.ACKNOWLEDGED)
    assert check(case, MORNING + 4 * HOUR, bench(), FOUR_HOURS).alerts == ()


def test_yellow_is_not_escalated() -> None:
    case = _opened(Components(heat=4.5, usual=1.0, effective=12.0, breadth=3))
    assert case.level is Level.YELLOW
    assert next_check(case, FOUR_HOURS) == MORNING + 24 * HOUR  # half of the clock of 48 hours


def test_a_clock_reminds_at_half_at_four_fifths_and_is_recorded_as_missed() -> None:
    case = replace(_opened(HOT), state=State.WORKING)
    said: list[tuple[int, float | str, str]] = []
    while (moment := next_check(case, FOUR_HOURS)) is not None and moment < MORNING + 3 * DAY:
        verdict = check(case, moment, bench(), FOUR_HOURS)
        said += [(alert.at - MORNING, alert.why[0].value, alert.rule) for alert in verdict.alerts]
        said += [(event.at - MORNING, event.text, "") for event in verdict.events]
        case = verdict.case
    assert said == [
        (24 * HOUR, 50, CLOCK),
        (48 * HOUR * 8 // 10, 80, CLOCK),
        (48 * HOUR, 100, CLOCK),
        (48 * HOUR, "missed: 作出回应", ""),
    ]


def test_an_answered_case_is_reminded_of_nothing() -> None:
    case = replace(_opened(BURNING), state=State.ANSWERED, answered_at=MORNING + HOUR)
    assert next_check(case, FOUR_HOURS) is None


def test_a_replay_reminds_nobody_but_still_records_what_was_missed() -> None:
    verdict = check(_opened(HOT), MORNING + 48 * HOUR, bench(), ALONE)
    assert verdict.alerts == ()
    assert [event.text for event in verdict.events] == ["missed: 作出回应"]


def test_a_grievance_of_many_reaches_orange_on_the_thirtieth_day_without_any_update() -> None:
    case = _opened(Components(effective=1.0), authors=Between(1, 30), token_days=30)
    levels = {}
    while (moment := next_check(case, ALONE)) is not None:
        verdict = check(case, moment, bench(), ALONE)
        levels[(moment - MORNING) // DAY] = verdict.case.level
        case = verdict.case
    assert levels[14] is Level.YELLOW
    assert levels[30] is Level.ORANGE


def test_the_thirtieth_day_gets_a_mail() -> None:
    case = _opened(Components(effective=1.0), authors=Between(1, 30), token_days=30)
    alert = check(case, MORNING + 30 * DAY, bench(), ALONE).alerts[-1]
    assert (alert.kind, alert.level) == (AlertKind.RAISE, Level.ORANGE)


def test_what_is_closed_or_not_shown_waits_for_nothing() -> None:
    assert next_check(replace(_opened(HOT), state=State.CLOSED), FOUR_HOURS) is None
    hidden = follow(None, update(shown=False), MORNING, bench()).case
    assert next_check(hidden, FOUR_HOURS) is None


def _opened(components: Components, **others: Any) -> Case:
    return follow(None, update(components=components, **others), MORNING, bench()).case
