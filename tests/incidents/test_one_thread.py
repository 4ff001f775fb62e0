"""One matter is told once: groups that are one go together before anybody hears of the second."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from answerable.clock import HOUR
from answerable.incident import Change
from answerable.post import AnalysedPost, Correction, CorrectionKind, Harm, HarmClass, Kind
from incidents.area import AreaFold
from tests.incidents.town import AREA, START, a_post, later, run, updates

SHARED = ("停水", "水管", "抢修", "水压")
SOME = ("楼上", "厨房", "早晨", "水箱")
OTHERS = ("巷口", "井盖", "夜里", "泵房")


def told_in(
    words: tuple[str, ...], shared: tuple[str, ...], people: range, prefix: str, kind: Kind = Kind.LETTER,
    harm: Sequence[Harm] = (),
) -> list[AnalysedPost]:  # fmt: skip
    """Return posts of a minute each by people who use the same words and many of their own."""
    return [
        a_post(
            f"{prefix}{i}", [*shared, *words, *(f"独{prefix}{i}字{n}" for n in range(17))], START + i * 60, kind=kind,
            harm=harm,
        )
        for i in people
    ]  # fmt: skip


def mixed(*crowds: list[AnalysedPost]) -> list[AnalysedPost]:
    return sorted(chain(*crowds), key=lambda post: (post.at, post.post.id))


def test_a_matter_told_in_two_wordings_opens_one_incident_only() -> None:
    posts = mixed(told_in(SOME, SHARED, range(8), "x"), told_in(OTHERS, SHARED, range(8), "y"))
    told = updates(run([*posts, later(HOUR)]))
    assert len({update.incident for update in told}) == 1
    assert told[-1].posts == 16
    assert updates(told, Change.MERGED) == []


def test_a_young_group_of_short_posts_waits_for_the_next_comparison_where_it_may_be_one_with_an_incident() -> None:
    first = told_in(SOME, SHARED, range(8), "x", Kind.MICROBLOG)
    posts = mixed(first, told_in(OTHERS, SHARED, range(8), "y", Kind.MICROBLOG))
    told = updates(run([*posts, later(7 * HOUR)]))
    assert len({update.incident for update in told}) == 1
    assert told[-1].posts == 16
    assert updates(told, Change.MERGED) == []


def test_danger_told_in_another_wording_goes_at_once_with_the_incident_it_is_one_with() -> None:
    gas = (Harm(HarmClass.DANGER, "gas"),)
    first = told_in(SOME, SHARED, range(8), "x", Kind.MICROBLOG)
    told = updates(run(mixed(first, told_in(OTHERS, SHARED, range(5, 11), "y", Kind.MICROBLOG, gas))))
    shown = [update for update in told if update.shown]
    assert {update.incident for update in shown} == {shown[0].incident}
    assert [update.merged_into for update in updates(told, Change.MERGED)] == [shown[0].incident]
    assert shown[-1].components.danger == (("gas", 5),)


def test_a_group_that_stood_apart_when_all_were_compared_waits_no_longer() -> None:
    first = told_in(SOME, SHARED, range(8), "x", Kind.MICROBLOG)
    posts = mixed(first, told_in(OTHERS, SHARED, range(350, 358), "y", Kind.MICROBLOG))
    early = [update for update in updates(run(posts)) if update.shown]
    assert {update.incident for update in early} == {early[0].incident}
    late = [update for update in updates(run([*posts, later(30 * HOUR)])) if update.shown]
    assert late[-1].posts in (8, 16)


def test_incidents_that_become_one_are_told_as_merged_before_the_rise_of_either() -> None:
    fold = AreaFold(AREA)
    first = mixed(
        told_in((*SOME, "甲一", "甲二"), ("停水",), range(6), "x"),
        told_in((*OTHERS, "乙一", "乙二"), ("停水",), range(6), "y"),
    )
    opened = updates(run(first, fold))
    assert len({update.incident for update in opened if update.shown}) == 2
    then = mixed(
        told_in(SOME, (*SHARED, *OTHERS[:2]), range(6, 20), "x"),
        told_in(OTHERS, (*SHARED, *SOME[:2]), range(6, 20), "y"),
    )
    told = updates(run([*then, later(HOUR)], fold))
    merged = [n for n, update in enumerate(told) if update.change is Change.MERGED]
    assert len(merged) == 1
    gone = told[merged[0]]
    assert gone.merged_into in {update.incident for update in told[merged[0] + 1 :]}
    assert gone.incident not in {update.incident for update in told[merged[0] + 1 :]}


def test_what_a_person_split_stays_apart() -> None:
    fold = AreaFold(AREA)
    posts = told_in(SOME, SHARED, range(12), "x")
    incident = updates(run(posts, fold))[0].incident
    taken = ",".join(post.post.id for post in posts[6:])
    cut = Correction(
        incident=incident, area=AREA, kind=CorrectionKind.SPLIT, value=taken, who="desk", why="two matters",
        at=START + HOUR,
    )  # fmt: skip
    told = updates(run([cut, *told_in(SOME, SHARED, range(62, 90), "x"), later(3 * HOUR)], fold))
    assert updates(told, Change.MERGED) == []
