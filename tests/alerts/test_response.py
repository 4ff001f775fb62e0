from __future__ import annotations

import pytest

from alerts.entry import Effect
from alerts.response import measure
from answerable.incident import IncidentUpdate
from tests.alerts.givens import DAY, HOUR, MORNING, update


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [(4, 0, Effect.FELL), (4, 2, Effect.FELL), (4, 4, Effect.SAME), (4, 5, Effect.SAME), (4, 6, Effect.ROSE)],
)
def test_the_rate_after_an_answer_is_held_against_the_rate_before(before: int, after: int, effect: Effect) -> None:
    response = measure(_told(before, after), MORNING, MORNING + 2 * DAY)
    assert response is not None
    assert (response.before, response.after, response.effect) == (before * 24, after * 24, effect)


def test_nothing_is_said_within_the_first_day() -> None:
    assert measure(_told(4, 0), MORNING, MORNING + DAY - 1) is None


def test_where_more_than_a_tenth_vanished_nothing_can_be_said() -> None:
    kept, gone = (measure(_told(4, 0, vanished=n), MORNING, MORNING + 2 * DAY) for n in (10, 11))
    assert kept is not None
    assert gone is not None
    assert (kept.effect, gone.effect) == (Effect.FELL, Effect.CANNOT_SAY)


def test_an_incident_that_opened_an_hour_before_its_answer_is_measured_over_that_hour() -> None:
    young = update(first_at=MORNING - HOUR, hourly=((MORNING - HOUR, 3), (MORNING + HOUR, 3)))
    response = measure(young, MORNING, MORNING + DAY)
    assert response is not None
    assert (response.before, response.after) == (72.0, 3.0)


def _told(before: int, after: int, vanished: int = 0) -> IncidentUpdate:
    hours = [(MORNING + hour * HOUR, before if hour < 0 else after) for hour in range(-80, 48)]
    return update(first_at=MORNING - 80 * HOUR, hourly=tuple(hours), posts=100, vanished=vanished)
