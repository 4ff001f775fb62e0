from __future__ import annotations

from msgspec.structs import replace

from answerable.app.order import in_order, newest
from tests.alerts.mail.example import update

ONE = update("en")


def test_the_desk_hears_of_incidents_by_time_then_id_then_revision() -> None:
    late = replace(ONE, at=ONE.at + 1, incident="a")
    second = replace(ONE, revision=ONE.revision + 1)
    other = replace(ONE, incident="zzzzzzz")
    assert in_order([late, other, second, ONE]) == [ONE, second, other, late]


def test_of_one_instant_only_the_last_state_of_an_incident_is_told() -> None:
    second, later = replace(ONE, revision=ONE.revision + 1), replace(ONE, at=ONE.at + 60, revision=ONE.revision + 2)
    other = replace(ONE, incident="zzzzzzz")
    assert newest([ONE, second, other, later]) == [second, other, later]
