"""What people do at the desk, and what follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from alerts.desk import Desk
from alerts.entry import Action, Audit, Effect, OpenDesk
from alerts.ledger import Ledger
from answerable.demand import DemandCount
from answerable.errors import Refused, Unavailable
from answerable.incident import Components, State
from answerable.post import CorrectionKind
from tests.alerts.givens import (
    BURNING,
    DAY,
    HOT,
    HOUR,
    MINUTE,
    MORNING,
    desk,
    mails,
    update,
)  # fmt: skip


def test_acknowledging_stops_the_escalation(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT, reminders=True)
    entry = at_desk.act(_do(State.ACKNOWLEDGED), MORNING + HOUR)
    at_desk.advance(MORNING + 5 * HOUR)
    assert (entry.state, entry.version, entry.history[-1].who) == (State.ACKNOWLEDGED, 2, "lead")
    assert all(mail.rule != "unacknowledged" for mail in mails(at_desk, MORNING + 5 * HOUR))


def test_everybody_who_knows_reads_the_answer(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING)
    at_desk.act(_do(State.ANSWERED, text="Water is back"), MORNING + HOUR)
    assert [(mail.to, mail.kind) for mail in mails(at_desk, MORNING + HOUR)] == [("lead", "update")]


def test_a_newly_assigned_office_is_told_and_the_old_one_is_not_told_again(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING)
    at_desk.act(_do(State.ASSIGNED, office="housing", co_handlers=("water",)), MORNING + HOUR)
    assert [(mail.to, mail.rule) for mail in mails(at_desk, MORNING + HOUR)] == [("builder", "assigned")]


def test_a_returned_case_goes_to_the_arbiter_and_the_office_that_was_named(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING)
    entry = at_desk.act(_do(State.RETURNED, office="housing"), MORNING + HOUR)
    assert entry.lead == "water"
    assert {mail.to for mail in mails(at_desk, MORNING + HOUR)} == {"builder", "boss"}


def test_closing_sends_a_closing_mail(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    at_desk.advance(MORNING + 5 * MINUTE)
    at_desk.act(_do(State.CLOSED, text="repaired"), MORNING + HOUR)
    at_desk.advance(MORNING + 2 * HOUR)
    assert [mail.kind for mail in mails(at_desk, MORNING + 2 * HOUR)] == ["open", "close"]


def test_what_was_refused_leaves_no_trace(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    before = list(at_desk.ledger_events())
    for action in (_do(State.ANSWERED, version=9, text="x"), _do(State.CLOSED), _do(State.ANSWERED, incident="none")):
        with pytest.raises(Refused):
            at_desk.act(action, MORNING + HOUR)
    assert list(at_desk.ledger_events()) == before
    assert at_desk.entries()[0].version == 1


def test_the_effect_of_an_answer_is_measured_by_the_hours_after_it(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    at_desk.act(_do(State.ANSWERED, text="back"), MORNING + HOUR)
    hours = tuple((MORNING + HOUR * n, 9 if n < 1 else 0) for n in range(-9, 40))
    quiet = update(revision=2, at=MORNING + 2 * DAY, first_at=MORNING - 9 * HOUR, hourly=hours)
    at_desk.handle([quiet], MORNING + 2 * DAY)
    response = at_desk.entries()[0].response
    assert response is not None
    assert response.effect is Effect.FELL


def test_a_correction_is_recorded_and_handed_back_for_the_log(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    correction = at_desk.correct(
        "bcdfghj", CorrectionKind.TITLE, "水压不足", "lead", "it is pressure", MORNING + HOUR
    )
    assert (correction.area, correction.value, correction.at) == ("4401", "水压不足", MORNING + HOUR)
    assert at_desk.entries()[0].history[-1].text == "corrected title: 水压不足 (it is pressure)"


def test_an_office_is_corrected_at_once_and_stays(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    at_desk.correct("bcdfghj", CorrectionKind.OFFICE, "housing", "lead", "a house pipe", MORNING + HOUR)
    at_desk.handle([update(revision=2, at=MORNING + 2 * HOUR, components=HOT)], MORNING + 2 * HOUR)
    assert at_desk.entries()[0].lead == "housing"


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        (CorrectionKind.MERGE, "bcdfghj", "same"), (CorrectionKind.MERGE, "nothing", "same"),
        (CorrectionKind.OFFICE, "nobody", "theirs"), (CorrectionKind.TITLE, " ", "better"),
        (CorrectionKind.TITLE, "better", ""),
    ],
)  # fmt: skip
def test_a_correction_without_sense_is_refused(tmp_path: Path, kind: CorrectionKind, value: str, why: str) -> None:
    with pytest.raises(Refused):
        _opened(tmp_path, HOT).correct("bcdfghj", kind, value, "lead", why, MORNING + HOUR)


def test_a_person_confirms_the_class_of_a_clock(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    entry = at_desk.confirm("bcdfghj", "作出回应", "lead", MORNING + HOUR)
    assert entry.clocks[0].confirmed
    with pytest.raises(Refused, match="no clock"):
        at_desk.confirm("bcdfghj", "else", "lead", MORNING + HOUR)


def test_many_may_acknowledge_at_the_same_moment_from_many_threads(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, HOT)
    with ThreadPoolExecutor(8) as pool:
        wanted = [_do(State.ACKNOWLEDGED, who=f"person{number}") for number in range(16)]
        entries = list(pool.map(lambda action: at_desk.act(action, MORNING + HOUR), wanted))
    assert sorted(entry.version for entry in entries) == list(range(2, 18))
    assert len(at_desk.entries()[0].history) == 17


def test_false_alarms_are_the_precision_of_the_next_alert(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    for number, to in enumerate((State.FALSE_ALARM, State.WORKING, State.WORKING)):
        at_desk.handle([update(f"incid{number}", components=BURNING)], MORNING)
        at_desk.act(_do(to, incident=f"incid{number}", text="a drill"), MORNING)
    at_desk.handle([update("another", components=BURNING)], MORNING)
    assert list(at_desk.alerts())[-1].precision == (2, 3)


def test_reading_texts_is_in_a_log_that_shows_any_alteration(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.audit(Audit("analyst", MORNING, "check the place", "停水"))
    at_desk.audit(Audit("analyst", MORNING + 1, "again", "水管"))
    assert [audit.reason for audit in at_desk.audits()] == ["check the place", "again"]
    assert at_desk.first_altered() is None
    assert len(at_desk.audit_head()) == 64


def test_the_desk_is_the_door_that_the_console_knows(tmp_path: Path) -> None:
    door: OpenDesk = desk(tmp_path)
    assert door.entries() == []


def test_an_incident_is_news_once_with_the_desks_state_and_answers_after_each_change(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING)

    def news() -> list[tuple[State | None, int, int]]:
        found = at_desk.news()
        return [
            (one.state, one.told_at, sum(demand.waits_since is not None for demand in one.demands)) for one in found
        ]

    asked = (DemandCount("restore the water", "restore", "water", 8, MORNING),)
    at_desk.handle([update(revision=2, at=MORNING + MINUTE, components=BURNING, demands=asked)], MORNING + MINUTE)
    at_desk.handle([update("few", held="few_people", shown=False, at=MORNING + MINUTE)], MORNING + MINUTE)
    assert news() == [(State.NEW, MORNING + MINUTE, 1)]
    assert news() == []
    at_desk.act(_do(State.ANSWERED, text="Water is back"), MORNING + HOUR)
    assert news() == [(State.ANSWERED, MORNING + HOUR, 0)]
    at_desk.act(_do(State.CLOSED, text="repaired", version=2), MORNING + 2 * HOUR)
    at_desk.close()
    at_desk = desk(tmp_path)  # before it told of the closing
    assert news() == [(State.CLOSED, MORNING + 2 * HOUR, 0)]


def test_a_new_start_tells_nothing_again_that_the_index_let_go(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    asked = (DemandCount("mend the canary's pipe", "restore", "water", 8, MORNING),)
    for name, days in (("older", 800), ("faded", 40), ("recent", 20)):
        one = update(name, at=MORNING - days * DAY, components=BURNING, demands=asked, links_terms=("canary",))
        at_desk.handle([one], one.at)
    at_desk.advance(MORNING)
    at_desk.close()

    at_desk = desk(tmp_path)
    at_desk.advance(MORNING)
    assert [one.incident for one in at_desk.news()] == ["recent"]
    for name in ("older", "faded"):
        at_desk.act(_do(State.CLOSED, incident=name, text="repaired"), MORNING + HOUR)
    (told,) = at_desk.news()
    assert (told.incident, told.state, told.title.matter) == ("faded", State.CLOSED, ("urban.water",))
    assert "canary" not in repr(told)


def test_a_failure_adds_nothing_to_what_is_news_and_loses_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_desk = _opened(tmp_path, BURNING)
    assert [one.incident for one in at_desk.news()] == ["bcdfghj"]
    at_desk.handle([update("other", at=MORNING + MINUTE)], MORNING + MINUTE)

    def full(*_: object) -> None:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", full)
        with pytest.raises(Unavailable):
            at_desk.handle([update("lost", at=MORNING + HOUR)], MORNING + HOUR)
    assert [one.incident for one in at_desk.news()] == ["other"]


def _opened(folder: Path, components: Components, **flags: Any) -> Desk:
    """Return a desk with one open incident whose opening mails were delivered where they went at once."""
    at_desk = desk(folder, **flags)
    at_desk.handle([update(components=components)], MORNING)
    mails(at_desk, MORNING)
    return at_desk


def _do(to: State, **others: Any) -> Action:
    told: dict[str, Any] = {"incident": "bcdfghj", "version": 1, "to": to, "who": "lead"}
    return Action(**(told | others))
