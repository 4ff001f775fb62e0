"""What is held back is told by area and reason; more only where enough people speak and nobody is accused."""

from __future__ import annotations

from pathlib import Path

from answerable.clock import DAY, HOUR
from answerable.incident import Between, Change, Components, State, Title
from answerable.post import Topic
from tests.alerts.givens import BURNING, CITY, MORNING, desk, update


def test_what_the_gate_holds_back_is_told_newest_first_while_it_is_open_also_after_a_restart(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    old = update("talk771", topics=(Topic("urban", 0.3),), shown=False, held="nothing_public", last_at=MORNING - DAY)
    new = update("talk772", shown=False, held="nothing_public")
    mixed = update("mixed77", shown=False, held="no_one_matter", title=Title(None, ("集市", "天气")))
    at_desk.handle([old, new, mixed, update("shown77")], MORNING)
    held = at_desk.held()
    assert [(one.group, one.reason, one.told) for one in held] == [
        ("mixed77", "no_one_matter", True), ("talk772", "nothing_public", True), ("talk771", "nothing_public", True),
    ]  # fmt: skip
    assert held[2].topic is None
    first = held[0]
    assert (first.title, first.topic, first.authors, first.posts) == (mixed.title, "urban.water", Between(8, 8), 10)
    assert (first.area, first.first_at, first.last_at) == (CITY, MORNING, MORNING)
    at_desk.close()

    again = desk(tmp_path)
    assert again.held() == held
    gone = update("mixed77", revision=2, shown=False, held="no_one_matter", change=Change.CLOSED)
    merged = update("talk771", revision=2, shown=False, held="nothing_public", merged_into="talk772")
    shown = update("talk772", revision=2)
    again.handle([gone, merged, shown], MORNING + HOUR)
    assert again.held() == []


def test_a_group_that_fell_silent_and_is_spoken_of_again_is_held_back_again(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    first = update("mixed77", shown=False, held="no_one_matter")
    silent = update("mixed77", revision=2, at=MORNING + DAY, shown=False, held="no_one_matter", change=Change.CLOSED)
    again = update(
        "mixed77", revision=3, at=MORNING + 2 * DAY, shown=False, held="no_one_matter", change=Change.OPENED,
        reopened=((MORNING + 2 * DAY, 0),),
    )  # fmt: skip
    at_desk.handle([first, silent], MORNING + DAY)
    assert at_desk.held() == []
    at_desk.handle([again], MORNING + 2 * DAY)
    assert [one.group for one in at_desk.held()] == ["mixed77"]
    shown = update("mixed77", revision=4, at=MORNING + 2 * DAY, components=BURNING, reopened=again.reopened)
    at_desk.handle([shown], MORNING + 2 * DAY)
    (entry,) = at_desk.entries()
    assert (entry.state, [event.text for event in entry.history]) == (State.NEW, ["opened"])


def test_of_few_people_and_of_unconfirmed_danger_only_area_and_reason_are_told(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    few = update("few7777", shown=False, held="few_people")
    gas = Components(danger=(("gas", 1),))
    one = update("danger7", shown=False, held="no_one_matter", components=gas)
    at_desk.handle([few, one], MORNING)
    for found in at_desk.held():
        assert (found.area, found.told) == (CITY, False)
        assert (found.title, found.topic, found.posts, found.first_at) == (Title(None, ()), None, 0, 0)
        assert found.authors == Between(0, 0)


def test_words_are_left_out_where_an_office_is_accused(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update("bcdfghj", shown=False, held="no_one_matter", accused=(("the waterworks", 4),))], MORNING)
    (found,) = at_desk.held()
    assert (found.accused, found.title, found.told) == (("water",), Title("4401-03", ()), True)
