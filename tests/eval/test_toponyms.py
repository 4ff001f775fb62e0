"""Places in foreign texts: each half keeps its floors and is read better than by a plain dictionary."""

from __future__ import annotations

import pytest

from bench.load import digest_of
from bench.toponyms import HALVES, SETS, measured
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("toponyms")

pytestmark = [*ON_DATA, pytest.mark.slow]


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    files = ("en/idrisi/dev.jsonl.gz", "zh/cec_emergency/docs.jsonl.gz", "en/geoparsing/dev.jsonl.gz")
    assert digest_of(files) == FLOORS["data"]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("name", SETS)
def test_a_set_keeps_its_floor_and_beats_a_dictionary(name: str, half: str) -> None:
    found = measured(name, half)
    assert found.ours[2] >= FLOORS[half][name]
    assert found.ours[2] > found.peer[2] + 0.05
