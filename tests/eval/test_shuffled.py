"""Alerts on dense labelled posts in another order of arrival; a share below its floor fails."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from answerable.app.trial.sent import Said
from answerable.incident import Level
from bench import alert_streams as streams
from bench.shuffled import ORDERS, Order, digest, kept, share
from tests.eval.floors import ON_DATA, floors

LIMITS = floors("shuffled")
_SAID = Said(0, "a", "open", Level.ORANGE, "scorecard", ("1", "2"))
_MORE = Said(9000, "b", "open", Level.ORANGE, "scorecard", ("3",))


def _order(*alerts: Said, **held: str) -> Order:
    """Return alerts in an order in which the incidents named hold these posts, one a letter, at any time."""
    return Order(alerts, lambda alert, at: held.get(alert.incident, "12"))


def test_alerts_that_only_one_order_has_lower_the_share() -> None:
    one, both = _order(_SAID), _order(_SAID, _MORE)
    assert (share(one, one), share(both, one), share(one, both)) == (1, 0.5, 0.5)
    assert (share(_order(), _order()), share(_order(), one)) == (1, 0)


def test_an_alert_is_the_same_as_one_other_at_most() -> None:
    assert share(_order(_SAID, _SAID), _order(_SAID)) == 0.5


@pytest.mark.parametrize("posts", ["123", "1"])
def test_an_alert_is_the_same_where_half_of_the_posts_stand_in_both_incidents(posts: str) -> None:
    assert share(_order(_SAID), _order(replace(_SAID, incident="b"), b=posts)) == 1


def test_an_alert_about_other_posts_of_another_level_or_at_another_time_is_another() -> None:
    others = [
        replace(_SAID, level=Level.RED), replace(_SAID, kind="update"), replace(_SAID, at=1201),
        replace(_SAID, incident="b"),
    ]  # fmt: skip
    assert [share(_order(_SAID), _order(other, b="1345")) for other in others] == [0, 0, 0, 0]
    assert share(_order(_SAID), _order(replace(_SAID, at=1200))) == 1


def test_the_rule_counts_where_it_is_asked_for() -> None:
    other = _order(replace(_SAID, rule="fast-spread"))
    assert (share(_order(_SAID), other), share(_order(_SAID), other, by_rule=True)) == (1, 0)


@pytest.mark.slow
class TestOnData:
    pytestmark = ON_DATA

    def test_the_data_are_those_that_the_floors_were_measured_on(self) -> None:
        assert digest() == LIMITS["data"]

    def test_most_alerts_about_events_are_the_same_in_another_order(self) -> None:
        assert kept(streams.events(3000), ORDERS) >= LIMITS["floor"]["events"]
