"""Alerts on labelled letters, as they came and told within hours among others; a figure below its floor fails."""

from __future__ import annotations

from functools import cache

import pytest

from bench import alert_streams as streams
from bench.alerts import Outcome, digest, ours, theirs
from tests.eval.floors import ON_DATA, floors

LIMITS = floors("alerts")
SEED = 1

pytestmark = [*ON_DATA, pytest.mark.slow]


@cache
def within_hours() -> Outcome:
    return ours(streams.spreading(SEED, 2000))


def test_the_data_are_those_that_the_floors_were_measured_on() -> None:
    assert digest() == LIMITS["data"]


def test_matters_told_within_hours_are_found_among_other_letters() -> None:
    found = within_hours()
    assert found.recall is not None
    assert found.recall >= LIMITS["floor"]["within_hours_recall"]


def test_false_alerts_among_letters_stay_within_the_budgets() -> None:
    found = within_hours()
    assert found.prompt is not None
    assert found.false <= LIMITS["ceiling"]["false_an_area_and_week"]
    assert found.prompt <= LIMITS["ceiling"]["false_at_once_an_area_and_month"]


def test_letters_as_they_came_send_few_mails_an_incident() -> None:
    found = ours(streams.letters())
    assert found.recall is not None
    assert found.mails is not None
    assert found.recall >= LIMITS["floor"]["letters_recall"]
    assert found.mails <= LIMITS["ceiling"]["letters_mails_an_incident"]


def test_the_desk_is_more_precise_than_any_rule_that_people_use() -> None:
    found = within_hours()
    others = theirs(streams.spreading(SEED, 2000))
    assert found.growth is not None
    assert len(others) == 4
    assert [name for name, other in others.items() if (other.growth or 0.0) >= found.growth] == []
