"""A post's card ends the same whatever order its events come in."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from answerable.clock import DAY
from answerable.post import Forget
from index.cards import Card, Event, Member, fold
from index.elastic_names import place
from tests.contracts.posts import NOON, analysed


def folded(*events: Event, card: Card | None = None) -> Card:
    return reduce(fold, events, card or Card())


def seen(revision: int, *, at: int = NOON) -> Event:
    """Return a revision as it was seen an hour after the one before."""
    return analysed("p", revision=revision, at=at, seen_at=NOON + 3600 * revision)


def edited(revision: int) -> Forget:
    """Return what a crawler tells right before it tells of a revision with other words."""
    return Forget("p", NOON, NOON + 3600 * revision, edited=True)


def bare(card: Card) -> Card:
    """Leave out where documents may lie and for how long the card is kept: these only ever grow."""
    return replace(card, places=(), at=0)


EVENTS: list[Event] = [
    seen(1), seen(2), seen(3, at=NOON + 9 * DAY), seen(4), edited(2), edited(4),
    Member(NOON, "g1", None, None), Member(NOON + 300, "g2", "bcdfghj", None), Member(NOON + 300, "g3", None, "q"),
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS), max_size=5))
def test_any_order_and_any_repetition_end_in_the_same_card(order: list[Event], again: list[Event]) -> None:
    assert bare(folded(*order, *again)) == bare(folded(*EVENTS))


@settings(deadline=None)
@given(st.permutations([*EVENTS, Forget("p", NOON, NOON + 60)]))
def test_what_is_forgotten_for_good_is_gone_in_any_order(order: list[Event]) -> None:
    card = folded(*order)
    assert bare(card) == Card(gone=NOON + 60)


def test_an_edit_that_is_told_late_does_not_take_the_new_words_away() -> None:
    card = folded(seen(1), seen(2))
    assert folded(edited(2), card=card).post == card.post


def test_words_that_were_edited_away_do_not_come_back_before_the_new_ones() -> None:
    assert folded(seen(1), edited(2), seen(1)).post is None


def test_a_post_that_moved_leaves_word_of_where_it_was() -> None:
    early, late = place(NOON), place(NOON + 40 * DAY)
    assert folded(seen(1)).places == ()
    assert folded(seen(1), seen(2, at=NOON + 40 * DAY)).places == (early,)
    assert folded(seen(1), seen(2, at=NOON + 40 * DAY), seen(3)).places == (late,)
    assert folded(seen(1), seen(2, at=NOON + 40 * DAY), Forget("p", NOON, NOON)).places == (early, late)


@pytest.mark.parametrize("event", [seen(1), seen(2), edited(2), Member(NOON, "g", None, None)])
def test_an_event_twice_changes_nothing(event: Event) -> None:
    assert folded(event, event) == folded(event)
