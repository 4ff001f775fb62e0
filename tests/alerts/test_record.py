from __future__ import annotations

from alerts.record import Record
from answerable.incident import State
from tests.alerts.givens import DAY, MORNING


def test_precision_counts_the_newest_judgement_on_each_incident() -> None:
    record = Record()
    for incident, state in (
        ("a", State.WORKING),
        ("b", State.FALSE_ALARM),
        ("c", State.ANSWERED),
        ("b", State.WORKING),
    ):
        record.note(incident, "fast", state, MORNING)
    assert record.precision("fast", MORNING) == (3, 3)


def test_closing_a_false_alarm_makes_it_no_truer() -> None:
    record = Record()
    record.note("a", "fast", State.FALSE_ALARM, MORNING)
    assert record.note("a", "fast", State.CLOSED, MORNING) == []
    assert record.precision("fast", MORNING) == (0, 1)


def test_nothing_is_said_before_anything_was_judged_and_after_ninety_days() -> None:
    record = Record()
    assert record.precision("fast", MORNING) is None
    record.note("a", "fast", State.WORKING, MORNING)
    assert record.precision("fast", MORNING + 91 * DAY) is None
    assert record.precision("other", MORNING) is None


def test_acknowledging_judges_nothing() -> None:
    assert Record().note("a", "fast", State.ACKNOWLEDGED, MORNING) == []
