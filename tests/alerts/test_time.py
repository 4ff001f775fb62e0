"""Time on the desk: many small steps, one large step, and a restart at any moment leave the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.desk import Desk
from alerts.entry import Action
from answerable.incident import Between, Change, Components, IncidentUpdate, State
from tests.alerts.givens import BURNING, CALM, DAY, HOT, HOUR, MINUTE, MORNING, WARM, desk, update

SEEN = [CALM, WARM, HOT, BURNING, Components(danger=(("gas", 1),)), Components(danger=(("gas", 2),), effective=3.0)]
TABLES = ("alerts", "outbox", "events", "held", "waiting", "told", "cases", "digests", "sent", "listed")
END = MORNING + 4 * DAY


@st.composite
def histories(draw: st.DrawFn) -> list[IncidentUpdate]:
    """Return updates of a few incidents over three days, in order of (at, incident, revision)."""
    found: list[IncidentUpdate] = []
    for incident in draw(st.lists(st.sampled_from(["incid1", "incid2", "incid3"]), min_size=1, unique=True)):
        at, residents = MORNING, 5
        for revision in range(1, draw(st.integers(1, 7)) + 1):
            at += draw(st.sampled_from([0, MINUTE, 3 * MINUTE, 5 * MINUTE, HOUR, 9 * HOUR, 25 * HOUR]))
            residents += draw(st.integers(0, 12))
            found.append(_update(draw, incident, revision, at, residents))
    return sorted(found, key=lambda told: (told.at, told.incident, told.revision))


def _update(draw: st.DrawFn, incident: str, revision: int, at: int, residents: int) -> IncidentUpdate:
    others: dict[str, Any] = {}
    if draw(st.integers(0, 9)) == 0:
        others = {"change": Change.CLOSED}
    return update(
        incident, revision, at, components=draw(st.sampled_from(SEEN)), authors=Between(residents, residents),
        token_days=residents, posts=residents, shown=draw(st.booleans()) or revision > 2, first_at=MORNING - DAY,
        area="4402" if incident == "incid3" else "4401", links_terms=("奶粉", "批次", "召回"), **others,
    )  # fmt: skip


@settings(
    derandomize=True, max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=histories(), steps=st.sampled_from([MINUTE, 7 * MINUTE, 5 * HOUR, DAY]), again=st.integers(0, 20))
def test_small_steps_large_steps_and_restarts_leave_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, told: list[IncidentUpdate], steps: int, again: int
) -> None:
    at_once, in_steps, restarted = (tmp_path_factory.mktemp("desk") for _ in range(3))
    one = desk(at_once, reminders=True)
    one.handle(told, END)

    two = desk(in_steps, reminders=True)
    for update_ in told:
        _walk(two, update_.at, steps)
        two.handle([update_], update_.at)
    _walk(two, END, steps)

    three = desk(restarted, reminders=True)
    for number, update_ in enumerate(told):
        if number == again % len(told):
            three.close()
            three = desk(restarted, reminders=True)
            three.handle(told[:number], update_.at)  # delivered once more
        three.handle([update_], update_.at)
    three.advance(END)

    for at_desk in (one, two, three):
        at_desk.close()
    assert _contents(at_once) == _contents(in_steps) == _contents(restarted)


def test_whatever_is_due_is_announced_before_it_happens(tmp_path: Path) -> None:
    at_desk = desk(tmp_path, reminders=True)
    assert at_desk.next_due() is None
    at_desk.handle([update(components=HOT)], MORNING)
    moments = list(_until(at_desk, MORNING + DAY))
    assert moments == sorted(set(moments))
    assert moments[0] == MORNING + 5 * MINUTE
    assert MORNING + 4 * HOUR in moments


def test_years_without_news_pass_in_a_blink(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(components=HOT)], MORNING)
    at_desk.advance(MORNING + 3 * 365 * DAY)
    assert len(list(at_desk.alerts())) < 8


def test_a_clock_that_is_behind_the_desk_moves_nothing_back(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.advance(MORNING + DAY)
    at_desk.handle([update(components=BURNING)], MORNING)
    assert next(iter(at_desk.alerts())).at == MORNING + DAY
    at_desk.act(Action(incident="bcdfghj", version=1, to=State.ACKNOWLEDGED, who="lead"), MORNING)
    assert [event.at for _, event in at_desk.ledger_events()] == [MORNING + DAY, MORNING + DAY]


def _until(at_desk: Desk, end: int) -> Iterator[int]:
    while (moment := at_desk.next_due()) is not None and moment <= end:
        yield moment
        at_desk.advance(moment)


def _walk(at_desk: Desk, until: int, step: int) -> None:
    """Advance in steps from the last moment known, without going beyond `until`."""
    for moment in range(until - until % step - 3 * step, until, step):
        if moment >= MORNING:
            at_desk.advance(moment)
    at_desk.advance(until)


def _contents(folder: Path) -> Mapping[str, Sequence[object]]:
    with sqlite3.connect(folder / "ledger.db") as db:
        found = {table: sorted(db.execute(f"SELECT * FROM {table}")) for table in TABLES}  # noqa: S608
    db.close()
    return found
