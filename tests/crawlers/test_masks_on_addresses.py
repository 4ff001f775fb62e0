"""Rooms and units in real addresses, marked by hand; the data lies beside the checkout."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from crawlers.masks import mask

ADDRESSES = Path(__file__).parents[3] / "shared" / "data" / "zh" / "address_parsing" / "dev.jsonl.gz"


class Span(Struct):
    label: str
    start: int
    end: int
    text: str


class Address(Struct):
    text: str
    spans: list[Span]


def addresses() -> Iterator[Address]:
    if not ADDRESSES.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{ADDRESSES.name} is not there")
        pytest.skip("the labelled data is not beside the checkout")
    with gzip.open(ADDRESSES, "rb") as lines:
        yield from (msgspec.json.decode(line, type=Address) for line in lines)


def share_masked(found: list[bool]) -> float:
    assert len(found) > 300
    return sum(found) / len(found)


@pytest.mark.data
def test_rooms_and_units_that_call_themselves_so_are_masked() -> None:
    masked = [
        set(mask(address.text, None)[span.start : span.end]) == {"*"}
        for address in addresses()
        for span in address.spans
        if (span.label, span.text[-1:]) in (("roomno", "室"), ("cellno", "元"))
    ]
    assert share_masked(masked) >= 0.98


@pytest.mark.data
def test_cities_towns_estates_and_roads_stay() -> None:
    places = ("city", "district", "town", "community", "road", "poi")
    touched = [
        "*" in mask(address.text, None)[span.start : span.end]
        for address in addresses()
        for span in address.spans
        if span.label in places
    ]
    assert share_masked(touched) <= 0.02
