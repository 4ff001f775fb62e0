"""Demands, harm, places and masks on the frozen sets: each half keeps its own floors."""

from __future__ import annotations

import pytest

from bench.frozen import HALVES, LATER, PARTS, READ, TAUGHT, digest, measured, table
from tests.eval.floors import floors

FLOORS = floors("frozen")
FIGURES = [
    (half, part, name, floor)
    for half in (*HALVES, *LATER)
    for part, figures in FLOORS[half].items()
    for name, floor in figures.items()
]


def test_the_sets_are_those_that_the_floors_were_measured_on() -> None:
    assert {part: digest(part) for part in PARTS} == FLOORS["data"]


@pytest.mark.parametrize(("half", "part", "name", "floor"), FIGURES)
def test_a_figure_keeps_its_floor(half: str, part: str, name: str, floor: float) -> None:
    found = measured(part, half)
    assert found.figures[name] >= floor, found.faults if half in READ else "it is measured, not read"


@pytest.mark.parametrize(("part", "least"), [("demands", 400), ("harm", 400), ("places", 300), ("masks", 1000)])
def test_a_set_is_large_and_its_halves_share_no_text(part: str, least: int) -> None:
    halves = {half: [tuple(row) for row in table(part, half)] for half in (*HALVES, *LATER, TAUGHT)}
    texts = [row for half in halves.values() for row in half]
    assert len(set(texts)) == len(texts) >= least
    assert len(halves["unseen"]) >= 0.4 * least


@pytest.mark.parametrize(("part", "texts", "labelled"), [("demands", 120, 84), ("harm", 160, 56)])
def test_the_halves_of_a_second_hand_are_alike(part: str, texts: int, labelled: int) -> None:
    for half in ("open", "sealed"):
        found = list(table(part, half))
        assert (len(found), sum(row[1] != "-" for row in found)) == (texts, labelled)
        assert 2 * sum(row[0] == "zh" for row in found) == texts


@pytest.mark.parametrize("half", HALVES)
def test_three_place_texts_of_ten_hold_a_name_of_several_places(half: str) -> None:
    assert measured("places", half).figures["share ambiguous"] >= 0.3
