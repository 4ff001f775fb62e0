"""Grouping of labelled streams, folded whole as one area; a figure below its floor fails.

What is measured, and how, stands in bench/grouping.py. Of the noisy streams the first seed is held here.
"""

from __future__ import annotations

import pytest

from bench import grouping
from bench.grouping import ENGLISH, FRENCH, LETTERS, NOISE, SEEDS, Scores
from bench.load import digest_of
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("grouping")
KNOWN = {"talent_housing_subsidy": 16, "loan58_fraud": 14}

pytestmark = [*ON_DATA, pytest.mark.slow]


def below(found: Scores, stream: str) -> dict[str, float]:
    """Return the figures of a stream that are lower than their floors."""
    floors = {name: value for name, value in FLOORS["floor"].items() if name.startswith(f"{stream}.")}
    reached = {name: getattr(found, name.removeprefix(f"{stream}.")) for name in floors}
    assert floors
    return {name: value for name, value in reached.items() if value < floors[name]}


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    assert digest_of(f"{name}.jsonl.gz" for name in (ENGLISH, FRENCH, *NOISE, LETTERS)) == FLOORS["data"]


def test_letters_stand_with_those_about_the_same_matter() -> None:
    found = grouping.matched()
    assert found.best_match >= FLOORS["floor"]["letters_best_match"]
    assert found.by_size >= FLOORS["floor"]["letters_best_match_by_size"]
    assert found.precision >= FLOORS["floor"]["letters_precision"]


@pytest.mark.parametrize("label", KNOWN)
def test_a_known_matter_of_many_letters_is_one_shown_incident(label: str) -> None:
    last, truth = grouping.letters()
    shown = {last[name][1] for name, known in truth.items() if known == label}
    assert len(shown) == 1
    assert None not in shown
    assert sum(1 for known in truth.values() if known == label) == KNOWN[label]


def test_english_posts_stand_with_those_about_the_same_event() -> None:
    assert below(grouping.tweets(ENGLISH, "en"), "event2012") == {}


def test_french_posts_stand_with_those_about_the_same_event() -> None:
    assert below(grouping.tweets(FRENCH, "fr"), "event2018_fr") == {}


def test_events_stand_out_of_three_times_as_much_chatter() -> None:
    assert below(grouping.noisy(SEEDS[0]), "noisy") == {}
