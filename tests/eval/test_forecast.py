"""Forecasts on cascades and incidents held out of the fit: ranking, error, and how often the interval holds."""

from __future__ import annotations

from functools import cache

import pytest

from bench.forecast import Score, cascades, incidents
from bench.load import digest_of
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("forecast")
FILES = (
    "zh/ced_cascades/cascades.jsonl.xz", "en/cascades/dev.jsonl.gz", "en/event2012/dev.jsonl.gz",
    "en/event2018_fr/dev.jsonl.gz", "en/newhaven_issues/dev.jsonl.gz",
)  # fmt: skip

pytestmark = [*ON_DATA, pytest.mark.slow]


@cache
def held_out() -> tuple[Score, dict[str, Score]]:
    return cascades(0)


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    assert digest_of(FILES) == FLOORS["data"]


def test_cascades_that_will_double_are_told_from_others() -> None:
    ours, peers = held_out()
    assert ours.auc >= FLOORS["floor"]["cascades_auc"]
    assert ours.auc > max(peer.auc for peer in peers.values())


def test_the_likely_size_is_near_and_nearer_than_what_others_say() -> None:
    ours, peers = held_out()
    assert ours.ape <= FLOORS["ceiling"]["cascades_ape"]
    assert ours.ape < min(peer.ape for peer in peers.values())


def test_four_cascades_in_five_end_within_their_interval() -> None:
    assert FLOORS["floor"]["coverage"] <= held_out()[0].coverage <= FLOORS["ceiling"]["coverage"]


def test_what_an_incident_is_told_holds_about_four_times_in_five() -> None:
    for (source, hours), (covered, ours, process) in incidents(0).items():
        assert FLOORS["floor"]["coverage"] <= covered <= FLOORS["ceiling"]["incident_coverage"], (source, hours)
        assert ours <= process + FLOORS["ceiling"]["worse_than_the_process"], (source, hours)
