"""Near-duplicates: planted copies found, false merges, memory; what is planted stands in bench/planted.py."""

from __future__ import annotations

from functools import cache

import pytest

from bench import duplicates
from bench.duplicates import Found
from bench.load import digest_of
from bench.planted import FILES, SETS
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("duplicates")

pytestmark = [*ON_DATA, pytest.mark.slow]


@cache
def found(name: str) -> Found:
    return duplicates.ours(name, 1)


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    assert digest_of(f"{file}.jsonl.gz" for file in FILES) == FLOORS["data"]


@pytest.mark.parametrize("name", SETS)
def test_planted_copies_are_found(name: str) -> None:
    assert found(name).recall >= FLOORS["floor"][f"{name}.recall"]


@pytest.mark.parametrize("name", SETS)
def test_other_texts_are_hardly_ever_joined(name: str) -> None:
    assert found(name).false <= FLOORS["false_merges"]


def test_a_post_takes_few_bytes_in_the_index() -> None:
    assert duplicates.size(5000) <= FLOORS["bytes"]
