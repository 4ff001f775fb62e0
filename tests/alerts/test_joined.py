from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.joined import Index, same_matter
from answerable.incident import IncidentUpdate
from tests.alerts.givens import DAY, MORNING, update

TERMS = ("奶粉", "批次", "召回", "退款")
terms = st.lists(st.sampled_from([*TERMS, "停水", "超市"]), max_size=6, unique=True).map(tuple)


def test_one_matter_in_two_areas_is_linked() -> None:
    assert same_matter(_told("here", "4401"), _told("there", "4402"))


@pytest.mark.parametrize(
    "other",
    [
        {"area": "4401"}, {"area": "4402", "shown": False}, {"area": "4402", "links_terms": TERMS[:2]},
        {"area": "4402", "first_at": MORNING + 9 * DAY, "last_at": MORNING + 10 * DAY},
        {"area": "4402", "links_terms": (*TERMS[:3], *(f"x{n}" for n in range(9)))},
    ],
)  # fmt: skip
def test_the_same_area_other_words_other_days_or_hidden_ones_are_not_linked(other: dict[str, Any]) -> None:
    assert not same_matter(_told("here", "4401"), update("there", **({"links_terms": TERMS} | other)))


@settings(derandomize=True, max_examples=200)
@given(one=terms, other=terms, apart=st.integers(-9, 9))
def test_the_rule_is_the_same_both_ways(one: tuple[str, ...], other: tuple[str, ...], apart: int) -> None:
    here = _told("here", "4401", links_terms=one)
    then = MORNING + apart * DAY
    there = _told("there", "4402", links_terms=other, first_at=then, last_at=then)
    assert same_matter(here, there) == same_matter(there, here)


def test_the_index_finds_only_what_shares_enough_terms() -> None:
    told = {key: _told(key, area) for key, area in (("a", "1"), ("b", "2"), ("c", "3"))}
    told["c"] = _told("c", "3", links_terms=("停水", "奶粉"))
    index = Index()
    assert all(index.put(key, one.links_terms) for key, one in told.items())
    assert index.links("a", told.get) == ("b",)
    assert index.links("b", told.get) == ("a",)
    assert index.links("c", told.get) == ()


def test_the_index_says_whether_terms_changed_and_forgets() -> None:
    index, told = Index(), {"a": _told("a", "1"), "b": _told("b", "2")}
    for key in told:
        index.put(key, TERMS)
    assert not index.put("a", TERMS)
    assert index.put("b", ())
    assert index.links("a", told.get) == ()
    assert index.links("gone", told.get) == ()


def _told(incident: str, area: str, **others: Any) -> IncidentUpdate:
    return update(incident, area=area, **({"links_terms": TERMS} | others))
