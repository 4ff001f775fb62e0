"""Promise P16: the same matter told angrily, or with a call to gather, has the level of the calm telling."""

from __future__ import annotations

from functools import cache

import pytest

from answerable.incident import Level
from bench.levels import TELLINGS, Pair, equal, pairs

SEED = 1


@cache
def found(telling: str) -> list[Pair]:
    return pairs(telling, SEED)


@pytest.mark.parametrize("telling", TELLINGS)
def test_anger_and_a_call_to_gather_change_no_level_and_no_mark(telling: str) -> None:
    levels, marks = equal(found(telling))
    assert levels >= 0.98
    assert marks >= 0.98


@pytest.mark.parametrize("telling", TELLINGS)
def test_the_pairs_are_fifty_at_least_and_nearly_all_of_them_come_to_incidents(telling: str) -> None:
    assert len(found(telling)) >= 50
    assert sum(bool(pair.plain and pair.other) for pair in found(telling)) >= 0.9 * len(found(telling))


def test_the_pairs_reach_several_levels_so_that_equality_says_something() -> None:
    reached = {weighed.level for pair in found("angry") for weighed in pair.plain}
    assert {Level.WATCH, Level.YELLOW, Level.ORANGE} <= reached
