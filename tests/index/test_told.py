"""What tracker and desk tell of one incident comes together, whichever is heard first."""

from __future__ import annotations

from itertools import permutations

import pytest
from msgspec.structs import replace

from answerable.incident import Change, IncidentUpdate, State
from index.elastic_incidents import IncidentDocument, incident_of
from tests.contracts.posts import NOON, incident

FIRST = incident("bcdfghj", posts=3, shown=True)
SECOND = replace(FIRST, revision=2, posts=9)


def kept(*updates: IncidentUpdate) -> IncidentDocument:
    held: IncidentDocument | None = None
    for update in updates:
        held = incident_of(update, lambda _: None).after(held)
    assert held is not None
    return held


def by_desk(update: IncidentUpdate, state: State, seconds: int) -> IncidentUpdate:
    return replace(update, state=state, told_at=NOON + seconds)


@pytest.mark.parametrize(("state", "stands_open"), [(State.CLOSED, False), (State.WORKING, True)])
def test_the_desks_word_on_a_revision_that_the_tracker_passed_is_kept(state: State, stands_open: bool) -> None:
    told = by_desk(FIRST, state, 60)
    for order in permutations((FIRST, SECOND, told)):
        document = kept(*order)
        assert (document.revision, document.posts) == (2, 9)
        assert (document.state, document.told_at, document.open) == (state.value, NOON + 60, stands_open)


def test_of_what_the_desk_told_the_later_stands_whatever_the_revisions() -> None:
    before, later = by_desk(FIRST, State.WORKING, 60), by_desk(FIRST, State.CLOSED, 90)
    for order in permutations((before, later, SECOND)):
        assert (kept(*order).state, kept(*order).posts) == ("closed", 9)
    again = by_desk(SECOND, State.WORKING, 120)
    for order in permutations((later, SECOND, again)):
        document = kept(*order)
        assert (document.state, document.open, document.told_at) == ("working", True, NOON + 120)


def test_what_fell_silent_unknown_to_the_desk_is_not_open() -> None:
    silent = replace(SECOND, change=Change.CLOSED)
    for order in permutations((by_desk(FIRST, State.WORKING, 60), silent)):
        assert (kept(*order).state, kept(*order).open) == ("working", False)
    assert kept(silent, by_desk(silent, State.WORKING, 90)).open
