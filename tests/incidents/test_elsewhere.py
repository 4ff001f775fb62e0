from __future__ import annotations

import pytest
from msgspec.structs import replace

from answerable.post import AnalysedPost, PlaceMention
from incidents.places import elsewhere, settled
from tests.incidents.town import START, WATER, a_crowd, run, updates

SHARED = PlaceMention("north", 0, 2, "和平区", 0.45, ("south",))  # nothing in the post told them apart
AT_HOME = replace(SHARED, p=0.85)  # the source lies in the north
TOLD = PlaceMention("south", 0, 2, "和平区", 0.95)


def crowd(*mentions: PlaceMention) -> list[AnalysedPost]:
    """Return posts on one matter by as many people, each naming a place."""
    posts = a_crowd(WATER, len(mentions), START, 600)
    return [
        replace(post, analysis=replace(post.analysis, places=(mention,)))
        for post, mention in zip(posts, mentions, strict=True)
    ]


def test_one_letter_from_elsewhere_makes_a_districts_matter_no_citys() -> None:
    assert elsewhere({"west": 1}, {"east": 9, "west": 1}) < elsewhere({"east": 1}, {"east": 9, "west": 1})


@pytest.mark.parametrize(
    ("mentions", "votes", "places"),
    [
        ([TOLD], {"north": 9}, ("south",)),  # what the text tells goes before the incident
        ([AT_HOME], {"south": 1}, ("south",)),  # the incident before the source's home
        ([AT_HOME], {"south": 1, "north": 1}, ("north",)),
        ([AT_HOME], {"quay": 4}, ("north",)),
        ([SHARED], {"south": 1}, ("south",)),
        ([SHARED], {"quay": 4}, ()),  # the level alone makes no place of a matter
        ([TOLD, SHARED], {"south": 1}, ("south",)),
    ],
)
def test_a_shared_name_is_what_the_text_then_the_incident_then_the_home_says(
    mentions: list[PlaceMention], votes: dict[str, int], places: tuple[str, ...]
) -> None:
    assert settled(mentions, votes) == places


def test_an_incident_settles_what_most_of_its_posts_leave_open() -> None:
    told = crowd(SHARED, TOLD, SHARED, AT_HOME, SHARED, TOLD, SHARED, AT_HOME)
    assert updates(run(told))[-1].title.place == "south"
    assert updates(run(crowd(*[SHARED] * 8)))[-1].title.place is None
    assert updates(run(crowd(*[AT_HOME] * 8)))[-1].title.place == "north"
