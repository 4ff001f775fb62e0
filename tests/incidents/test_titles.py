from __future__ import annotations

from typing import Any

import pytest

from answerable.incident import SharedWord
from answerable.post import Kind
from incidents import titles
from incidents.records import Group

WORDS = tuple(SharedWord(word, 6, 1) for word in ("澜岸", "雅苑", "悦庭", "电梯", "停运"))


def group(**votes: Any) -> Group:
    return Group(
        id="g", first_post="p", seq=1, changed=1, first_at=0, last_at=0, kind=Kind.LETTER, lang="zh",
        days=dict.fromkeys(range(6), (1, 1)), **votes,
    )  # fmt: skip


def test_a_name_of_several_words_leaves_room_for_what_is_the_matter() -> None:
    assert titles.title(group(), WORDS, "city", {"澜岸", "雅苑", "悦庭"}).matter == ("澜岸", "电梯", "停运")


def test_where_nobody_else_speaks_the_heaviest_words_stand() -> None:
    own = {word.text for word in WORDS}
    assert titles.title(group(), WORDS, "city", own).matter == ("澜岸", "雅苑", "悦庭")


@pytest.mark.parametrize(
    ("places", "districts", "place"),
    [
        ({"city": 6, "east": 4}, {"east": 4}, "east"),
        ({"city": 6, "east": 2}, {"east": 2}, "city"),
        ({"city": 6, "other-city": 6}, {}, "city"),
        ({"lane-1": 5, "city": 6, "east": 3}, {"east": 3}, "lane-1"),
    ],
)  # fmt: skip
def test_a_title_names_the_district_rather_than_its_area(
    places: dict[str, int], districts: dict[str, int], place: str
) -> None:
    assert titles.title(group(places=places, districts=districts), (), "city").place == place
