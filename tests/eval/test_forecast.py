"""Forecasts on cascades and incidents held out of the fit: ranking, error, and how often the interval holds."""

from __future__ import annotations

from functools import cache
from statistics import mean

import pytest

from bench.cascades import ced, events
from bench.forecast import SEEDS, Score, cascades, incidents, ordinary
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
    """Return the means over three splits, of ours and of each peer."""
    runs = [cascades(seed) for seed in SEEDS]
    return _mean([ours for ours, _ in runs]), {
        name: _mean([others[name] for _, others in runs]) for name in runs[0][1]
    }


def _mean(scores: list[Score]) -> Score:
    return Score(
        *(mean(column) for column in zip(*((one.auc, one.ape, one.coverage) for one in scores), strict=True))
    )


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    assert digest_of(FILES) == FLOORS["data"]


def test_one_text_in_several_hands_is_never_fitted_on_and_measured_on_at_once() -> None:
    kin = {one.id: one.kin for one in ced()}
    assert len(set(kin.values())) < 0.85 * len(kin)
    folds = {(one.kin, one.fold(3, 0)) for one in ced()}
    assert len(folds) == len(set(kin.values()))


def test_events_that_end_with_an_hour_of_the_clock_are_not_counted_as_dead() -> None:
    assert len(events()) > 200
    assert all(int(one.began + one.times[-1]) // 3600 > one.began // 3600 for one in events())


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


def test_the_interval_holds_on_other_sets_than_the_large_one() -> None:
    runs = [ordinary(seed) for seed in SEEDS]
    for source in runs[0]:
        covered = mean(run[source][1] for run in runs)
        assert FLOORS["floor"]["coverage_elsewhere"] <= covered <= FLOORS["ceiling"]["coverage_elsewhere"], source
