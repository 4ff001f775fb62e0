from __future__ import annotations

from typing import Any

from alerts.alert import AlertKind
from alerts.judge import draft, follow
from alerts.known import complete
from answerable.clock import DAY
from answerable.demand import Answer, DemandCount
from answerable.incident import Between, Evidence, Indicator, IndicatorName, State
from tests.alerts.givens import MORNING, bench, case, update

OPEN = DemandCount("恢复供水", "restore", None, 9, MORNING)
MARKS = (
    Indicator(IndicatorName.DIFFICULTY, 1, (Evidence("offices", 2.0),)),
    Indicator(IndicatorName.REGIONS, 1, (Evidence("districts", 2.0),)),
)


def test_the_desks_answer_answers_what_was_asked_before_it() -> None:
    later = DemandCount("公开说明", "explain", None, 4, MORNING + 2 * DAY)
    told = complete(case(update=update(demands=(OPEN, later)), answered_at=MORNING + DAY))
    assert [demand.answered_at for demand in told.demands] == [MORNING + DAY, None]
    assert (told.demands[0].answer, told.answered_at) == (Answer.OTHER, MORNING + DAY)


def test_an_alert_carries_demands_as_the_desk_answered_them() -> None:
    answered = case(update=update(demands=(OPEN,)), answered_at=MORNING + DAY)
    alert = draft(answered, MORNING + DAY, AlertKind.UPDATE, "answered", ())
    assert alert.update.demands[0].answered_at == MORNING + DAY


def test_residents_who_asked_again_before_the_desks_answer_are_answered_and_those_after_it_are_not() -> None:
    again = DemandCount("恢复供水", "restore", None, 9, MORNING, MORNING + 1, 3, MORNING + DAY)
    for answered_at, since in ((MORNING + 2 * DAY, None), (MORNING + DAY - 1, MORNING + DAY)):
        told = complete(case(update=update(demands=(again,)), answered_at=answered_at))
        assert told.demands[0].waits_since == since


def test_without_anything_of_the_desks_own_an_update_stays_as_it_is() -> None:
    plain = update(demands=(OPEN,), indicators=MARKS)
    assert complete(case(update=plain)) is plain


def test_what_the_desk_opened_again_and_other_areas_raise_the_marks_and_stand_in_them() -> None:
    difficulty, regions = complete(_marked(regions=3, reopened=((MORNING + 3 * DAY, MORNING),))).indicators
    assert (difficulty.score, regions.score) == (2, 3)
    assert difficulty.evidence[:2] == (Evidence("reopened_by_desk", 1.0), Evidence("reopened_days_after_answer", 3.0))
    assert regions.evidence[0] == Evidence("areas", 3.0, 1.0)


def test_a_demand_that_the_desk_answered_is_no_longer_unmet_and_one_made_after_it_still_is() -> None:
    later = DemandCount("公开说明", "explain", None, 4, MORNING + 2 * DAY)
    figures = (
        Evidence("oldest_unanswered_days", 9.0),
        Evidence("unanswered_demands", 2.0),
        Evidence("residents", 9.0),
    )
    asked: dict[str, Any] = {"at": MORNING + 9 * DAY, "indicators": (Indicator(IndicatorName.UNMET, 2, figures),)}
    for demands, score, days, many in (((OPEN,), 0, 0.0, 0.0), ((OPEN, later), 2, 7.0, 1.0)):
        told = complete(case(update=update(demands=demands, **asked), answered_at=MORNING + DAY))
        assert (told.indicators[0].score, *(item.value for item in told.indicators[0].evidence)) == (
            score, days, many, 9.0,
        )  # fmt: skip


def test_a_mark_stays_below_four() -> None:
    marks = complete(_marked(regions=9, reopened=((MORNING, 0),) * 9)).indicators
    assert [mark.score for mark in marks] == [3, 3]


def test_a_case_that_grew_after_a_person_closed_it_remembers_when_and_after_which_answer() -> None:
    closed = case(state=State.CLOSED, settled=9, answered_at=MORNING)
    grown = update(revision=2, authors=Between(20, 20), at=MORNING + DAY)
    opened = follow(closed, grown, MORNING + DAY, bench()).case
    assert (opened.state, opened.reopened) == (State.NEW, ((MORNING + DAY, MORNING),))


def _marked(**others: Any) -> Any:
    return case(update=update(indicators=MARKS), **others)
