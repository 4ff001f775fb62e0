from __future__ import annotations

import pytest
from msgspec import structs

from answerable.post import Analysis, Demand, Harm, HarmClass, Kind, Post, Reading
from nlp.admission import admitted, margin

NEAR = Reading("neutral", {"negative": 0.3, "neutral": 0.5, "positive": 0.2})  # a margin of .2
POST = Post(
    id="0" * 24, source="letters", kind=Kind.LETTER, text="x", published_at=1772352000, fetched_at=1772352000,
    seen_at=1772352000,
)  # fmt: skip
PLAIN = Analysis(lang="en", sentiment=NEAR, emotion=Reading("none", {"none": 1.0, "joy": 0.0}))
DEMAND = structs.replace(PLAIN, demands=(Demand("restore the water", "restore", 0, 1),))


def harm(cls: HarmClass) -> Analysis:
    return structs.replace(PLAIN, harm=(Harm(cls, "water"),))


def test_a_margin_is_what_the_first_has_over_the_second() -> None:
    assert margin(NEAR) == pytest.approx(0.2)


@pytest.mark.parametrize(("doubt", "again"), [(0.19, False), (0.21, True)])
def test_what_the_fast_head_is_in_doubt_of_is_read_again(doubt: float, again: bool) -> None:
    assert admitted(POST, PLAIN, NEAR, doubt) is again


def test_danger_is_read_again_however_sure_the_head_is() -> None:
    assert admitted(POST, harm(HarmClass.DANGER), NEAR, 0.0)


@pytest.mark.parametrize("analysis", [DEMAND, harm(HarmClass.SERVICE)])
def test_a_demand_or_trouble_with_a_service_doubles_the_doubt(analysis: Analysis) -> None:
    assert [admitted(POST, analysis, NEAR, doubt) for doubt in (0.09, 0.11)] == [False, True]
    assert not admitted(POST, PLAIN, NEAR, 0.11)


def test_an_office_is_not_read_again() -> None:
    office = structs.replace(POST, kind=Kind.OFFICIAL)
    assert not admitted(office, harm(HarmClass.DANGER), NEAR, 1.0)
