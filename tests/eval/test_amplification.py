"""Floods: the flag at every seed, and letters beside a flood at seed 1; measured in bench/amplification.py."""

from __future__ import annotations

import pytest

from bench import amplification
from bench.amplification import SEEDS, beside, flags, raised
from bench.flooding import CONTROLS, FLOODS
from tests.eval.floors import ON_DATA, floors

LIMITS = floors("amplification")


@pytest.mark.parametrize("seed", SEEDS)
def test_floods_are_flagged_and_honest_petitions_hardly_ever(seed: int) -> None:
    assert min(flags(FLOODS, seed).values()) >= LIMITS["floor"]["flagged"]
    assert max(flags(CONTROLS, seed).values()) <= LIMITS["ceiling"]["flagged_wrongly"]


def test_a_thousand_posts_of_twenty_accounts_are_worth_no_crowd() -> None:
    assert max(map(amplification.loud, SEEDS)) < LIMITS["ceiling"]["effective_authors"]


@pytest.mark.slow
class TestBesideLetters:
    pytestmark = ON_DATA

    def test_the_data_are_those_the_limits_were_measured_on(self) -> None:
        assert amplification.digest() == LIMITS["data"]

    def test_a_flood_gets_no_higher_level_than_its_accounts_would_by_speaking_once(self) -> None:
        assert raised(SEEDS[0]) <= LIMITS["ceiling"]["levels_raised"]

    def test_a_real_matter_is_told_as_soon_as_without_the_flood_that_costs_little_precision(self) -> None:
        found = beside(SEEDS[0], 100)
        assert found.above <= LIMITS["ceiling"]["alerts_above_watch"]
        assert found.late <= LIMITS["ceiling"]["minutes_later"]
        assert found.cost <= LIMITS["ceiling"]["points_of_precision"]
