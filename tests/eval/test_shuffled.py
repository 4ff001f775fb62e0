"""Alerts on dense labelled posts in another order of arrival; a share below its floor fails."""

from __future__ import annotations

import pytest

from answerable.app.trial.sent import Said
from answerable.incident import Level
from bench import alert_streams as streams
from bench.shuffled import digest, kept, share
from tests.eval.floors import ON_DATA, floors

LIMITS = floors("shuffled")
_SAID = Said(0, "a", "open", Level.ORANGE, "scorecard", ("1", "2"))


def test_alerts_that_only_one_order_has_lower_the_share() -> None:
    more = Said(9000, "b", "open", Level.ORANGE, "scorecard", ("3",))
    assert (share([_SAID], [_SAID]), share([_SAID, more], [_SAID]), share([_SAID], [_SAID, more])) == (1, 0.5, 0.5)


@pytest.mark.slow
class TestOnData:
    pytestmark = ON_DATA

    def test_the_data_are_those_that_the_floors_were_measured_on(self) -> None:
        assert digest() == LIMITS["data"]

    def test_most_alerts_about_events_are_the_same_in_another_order(self) -> None:
        assert kept(streams.events(3000), 1) >= LIMITS["floor"]["events"]
