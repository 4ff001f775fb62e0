from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from answerable.clock import DAY, HOUR
from answerable.incident import Change, IncidentUpdate
from answerable.post import AnalysedPost, Harm, HarmClass, Kind
from incidents.area import AreaFold, Input
from tests.incidents.town import AREA, START, WATER, a_post, later, run, updates

CLOSED = 44 * DAY  # six weeks of silence close a matter told in letters


def test_a_late_post_or_two_leave_a_closed_incident_closed() -> None:
    told = _told(_letters(2, START + CLOSED, "late"))
    assert [update.change for update in told if update.at > START + CLOSED] == []


def test_three_residents_more_open_a_closed_incident_again_once() -> None:
    told = _told(_letters(6, START + CLOSED, "late"))
    after = [update for update in told if update.at > START + CLOSED]
    assert [update.change for update in after].count(Change.OPENED) == 1
    assert after[0].change is Change.OPENED
    assert (after[0].incident, after[0].posts) == (told[0].incident, 11)
    figures = {item.name: item.value for mark in after[-1].indicators for item in mark.evidence}
    assert (len(after[-1].reopened), figures["reopened"]) == (1, 1)


def test_late_posts_of_its_past_leave_a_closed_incident_closed() -> None:
    late = [
        replace(letter, post=replace(letter.post, published_at=START + DAY))
        for letter in _letters(6, START + CLOSED, "late")
    ]
    told = _told(late)
    assert [update.change for update in told if update.at > START + CLOSED] == []


def test_what_was_closed_before_it_was_noted_how_many_had_spoken_stays_closed() -> None:
    fold = AreaFold(AREA)
    run([*_first(), later(CLOSED - HOUR)], fold)
    for group in fold.memory.groups.values():
        group.settled = 0
        fold.memory.touch(f"g/{group.id}")
    old = AreaFold.restored(AREA, {key: data for key, data in fold.changes().items() if data is not None})
    assert {group.settled for group in old.memory.groups.values() if group.closed} == {8}


def test_danger_opens_a_closed_incident_again_at_once() -> None:
    gas = a_post("late", WATER, START + CLOSED, kind=Kind.LETTER, harm=[Harm(HarmClass.DANGER, "gas")])
    after = [update for update in _told([gas]) if update.at >= START + CLOSED]
    assert after[0].change is Change.OPENED
    assert after[0].components.danger == (("gas", 1),)


def test_an_answer_to_a_closed_incident_is_told_and_does_not_open_it() -> None:
    first = _first()[0].post.id
    reply = a_post("reply", WATER, START + CLOSED, kind=Kind.OFFICIAL, reply_to=first)
    after = [update for update in _told([reply]) if update.at >= START + CLOSED]
    assert [update.change for update in after] == [Change.ANSWERED]


def test_an_incident_closed_again_opens_again_from_where_it_then_stood() -> None:
    second = _letters(4, START + CLOSED, "late")
    third = _letters(4, START + 2 * CLOSED, "last")
    told = updates(
        run([*_first(), *second, later(2 * CLOSED - DAY), *third, later(2 * CLOSED + DAY)], AreaFold(AREA))
    )
    changes = [update.change for update in told if update.change in (Change.OPENED, Change.CLOSED)]
    assert changes[-4:] == [Change.CLOSED, Change.OPENED, Change.CLOSED, Change.OPENED]
    assert len(told[-1].reopened) == 2


def _told(more: Sequence[Input]) -> list[IncidentUpdate]:
    return updates(run([*_first(), later(CLOSED - HOUR), *more, later(CLOSED + 2 * DAY)], AreaFold(AREA)))


def _first() -> list[AnalysedPost]:
    return _letters(8, START, "first")


def _letters(people: int, start: int, prefix: str) -> list[AnalysedPost]:
    return [
        a_post(f"{prefix}{n}", [*WATER, f"独{prefix}{n}"], start + n * HOUR, kind=Kind.LETTER) for n in range(people)
    ]
