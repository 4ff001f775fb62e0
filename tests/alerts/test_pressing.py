"""Accounts that pressed carry no level, whichever way residents are counted."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.judge import follow
from alerts.pressing import noted, without
from answerable.clock import DAY
from answerable.incident import Between, Components, IncidentUpdate, Level
from tests.alerts.givens import MORNING, bench, update

FLOOD = Components(effective=1.2, amplified=True, spoke=(1000, 20), breadth=2)


def _flood(day: int, **others: Any) -> IncidentUpdate:
    told: dict[str, Any] = {
        "components": FLOOD, "last_at": MORNING + day * DAY, "authors": Between(20, 20 * day + 20),
        "token_days": 20 * day + 20, "revision": day + 1,
    }  # fmt: skip
    return update(**told | others)


def test_of_each_amplified_day_the_most_is_noted_and_calm_days_are_not() -> None:
    louder = Components(effective=4.0, amplified=True, spoke=(60, 20))
    pressed = noted((), _flood(0, components=louder))
    assert [n for _, n in pressed] == [16]
    pressed = noted(pressed, _flood(0))
    assert noted(pressed, _flood(0, components=louder)) == pressed
    assert [n for _, n in noted(pressed, _flood(1))] == [19, 19]
    assert noted(pressed, _flood(2, components=Components(effective=20.0))) == pressed


def test_a_flood_across_midnight_is_noted_once() -> None:
    before, after = _flood(0, last_at=MORNING + 10 * 3600), _flood(0, last_at=MORNING + 20 * 3600)
    assert [n for _, n in noted(noted((), before), after)] == [19]


def test_what_carries_a_level_leaves_out_those_who_pressed_but_never_danger() -> None:
    parts = Components(danger=(("fire", 20),), service=(("water", 60),), breadth=9)
    told = without(_flood(2, components=parts), ((1, 18), (2, 18), (3, 18)))
    assert (told.token_days, told.authors) == (6, Between(2, 6))
    assert told.components == Components(danger=(("fire", 20),), service=(("water", 6),), breadth=6)
    assert without(update(), ()) == update()


def test_ten_who_speak_at_once_of_what_one_told_a_month_ago_are_no_long_wait_of_many() -> None:
    parts = Components(effective=4.0, spoke=(10, 10))
    told = update(components=parts, authors=Between(10, 11), token_days=11, first_at=MORNING - 40 * DAY)
    case = follow(None, told, MORNING, bench(shipped=True)).case
    assert (case.level, case.pressed) == (Level.WATCH, ())


@pytest.mark.parametrize("waits", [0, 31])
def test_a_flood_of_three_days_stays_on_watch_also_where_it_waits_for_a_month(waits: int) -> None:
    case = None
    for day in (0, 1, 2):
        case = follow(case, _flood(day), MORNING + day * DAY, bench(shipped=True)).case
    assert case is not None
    later = follow(case, _flood(2, revision=9), MORNING + (2 + waits) * DAY, bench(shipped=True)).case
    assert later.level is Level.WATCH
