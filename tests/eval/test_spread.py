"""Spread: recall by size, lead and false alerts on simulated and real series; the row detector on tweets.

The whole figures come from bench/spread.py; here fewer series are simulated, with floors of their own.
"""

from __future__ import annotations

from functools import cache

import pytest

from answerable.clock import DAY
from bench import nab
from bench.alarming import Outcome, outcome, product
from bench.load import digest_of
from bench.simulated import BEGIN, SIZES, Incident, Stream, real, simulated
from bench.spread import found, gaussian, peers, tweets
from incidents.baseline import LEAST_DAYS
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("spread")
SERIES = 60
FILES = ("en/nyc_council/dev.csv.gz", "en/newhaven_issues/dev.jsonl.gz", "en/nab/windows.json")

pytestmark = [*ON_DATA, pytest.mark.slow]


@cache
def on_simulated() -> Outcome:
    return found(simulated(1, SERIES))


@cache
def on_real() -> Outcome:
    return found(real(1))


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    series = [f"en/nab/{file.name}.gz" for folder in (nab.TWEETS, nab.KNOWN) for file in nab.series(folder)]
    assert digest_of((*FILES, *series)) == FLOORS["data"]


@pytest.mark.parametrize("size", SIZES)
def test_incidents_of_every_size_are_found_within_the_budget(size: int) -> None:
    assert on_simulated().recall[size] >= FLOORS["floor"][f"simulated.recall_{size}"]
    assert on_real().recall[size] >= FLOORS["floor"][f"real.recall_{size}"]


def test_false_alerts_stay_below_one_an_area_week() -> None:
    assert on_simulated().false <= FLOORS["ceiling"]["simulated.false_alerts"]
    assert on_real().false <= FLOORS["ceiling"]["real.false_alerts"]


@pytest.mark.parametrize("size", SIZES[1:])
def test_an_hour_or_more_passes_between_the_alarm_and_the_peak(size: int) -> None:
    assert on_simulated().lead[size] >= FLOORS["floor"][f"simulated.lead_{size}"]
    assert on_real().lead[size] >= FLOORS["floor"][f"real.lead_{size}"]


def test_no_rule_that_people_use_today_finds_as_many_small_ones_as_early_within_the_budget() -> None:
    ours, others = on_simulated(), peers(simulated(1, SERIES))
    assert len(others) == 4
    for one in others.values():
        assert one.false < 1
        assert all(one.recall[size] < ours.recall[size] for size in (12, 30))
        assert sum(one.recall.values()) < sum(ours.recall.values())
        assert all(one.lead[size] < ours.lead[size] for size in (100, 300))


def test_an_alarm_is_judged_by_when_it_comes() -> None:
    one = Incident(0, 12, 1000, 5000, 9000)
    stream = Stream(1, ((2000, 3000, 4000),), (one,))
    early, late, false = (outcome(stream, [[at]]) for at in (3000, 10_000, 30_000))
    assert (early.recall[12], early.false, early.seen[12]) == (1.0, 0.0, 2)
    assert (late.recall[12], late.false) == (0.0, 0.0)
    assert (false.recall[12], false.false) == (0.0, 1.0)


def test_a_series_alarms_only_with_k_authors_and_danger_needs_one() -> None:
    stream = simulated(1, 4)
    few, usual = (sum(map(len, product(stream, authors=k))) for k in (1, 40))
    assert few > usual
    first = min(at for times in product(stream, authors=1) for at in times)
    assert first >= BEGIN + LEAST_DAYS * DAY


def test_the_scorer_gives_the_published_scores_of_the_windowed_gaussian() -> None:
    for profile in ("standard", "reward_low_FP_rate", "reward_low_FN_rate"):
        scores = gaussian(profile)
        assert len(scores) == 5
        assert all(abs(ours - published) < 1e-6 for ours, published in scores.values())


def test_the_scorer_gives_nothing_to_silence_and_all_to_the_first_row_of_each_window() -> None:
    costs, files = nab.profile("standard"), nab.series(nab.TWEETS)
    firsts = [[first for first, _ in file.windows] for file in files]
    for detected, worth in (([[] for _ in files], 0.0), (firsts, 100.0)):
        scores = [nab.score(file, rows, costs).score for file, rows in zip(files, detected, strict=True)]
        assert abs(nab.normalised(scores, files, costs) - worth) < 0.01
    silence = nab.published("standard")["null"]
    assert [silence[file.name][1] for file in files] == [-len(file.windows) for file in files]


def test_rows_that_stand_out_of_tweets_are_told_with_few_false_ones() -> None:
    score, false = tweets()
    assert score >= FLOORS["floor"]["nab_tweets_standard"]
    assert false <= FLOORS["ceiling"]["nab_tweets_false_rows"]
