from __future__ import annotations

import pytest

from nlp.grams import Weights, prepared
from nlp.lexicon import rows


def test_a_letter_group_counts_once_and_space_is_one_space() -> None:
    weights = Weights("danger", False)
    assert (
        weights.of(prepared("fire", False), ())
        == weights.of(prepared(" fire\n fire ", False), ())
        != weights.of(prepared("", False), ())
    )
    assert prepared("", True) == "  "


def test_traits_that_no_list_has_weigh_nothing() -> None:
    weights = Weights("asks", True)
    assert weights.of(prepared("花", True), ["[nothing of the kind]"]) == weights.of(prepared("花", True), ())
    assert weights.of(prepared("花", True), ["[ask]"]) > weights.of(prepared("花", True), ())


@pytest.mark.parametrize("name", ["asks", "danger"])
def test_weights_are_whole_numbers_and_each_group_stands_once(name: str) -> None:
    lines = rows(name)
    assert len({(lang, group) for lang, group, _ in lines}) == len(lines)
    assert all(int(weight) for _, _, weight in lines)
    assert {lang for lang, _, _ in lines} == {"zh", "en"}
