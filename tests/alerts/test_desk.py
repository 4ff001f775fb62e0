"""What the desk sends to whom, and when."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from alerts.alert import AlertKind
from alerts.desk import Desk
from alerts.recipients import Person, Recipients
from alerts.stages import Silence
from answerable.clock import parse
from answerable.errors import Unavailable
from answerable.incident import Between, Change, Components, Level
from tests.alerts.givens import (
    BURNING,
    CALM,
    DAY,
    HOT,
    HOUR,
    MINUTE,
    MORNING,
    OFFICES,
    WARM,
    desk,
    mails,
    settings,
    update,
)  # fmt: skip

EVENING = MORNING + 10 * HOUR
NIGHT = parse("2026-03-02T23:30:00+08:00")


def test_a_red_incident_is_a_mail_at_once_to_the_office_and_those_on_duty(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(components=BURNING)], MORNING, {0: 7})
    said = mails(at_desk, MORNING)
    assert [(mail.to, mail.kind, mail.level, mail.at) for mail in said] == [
        ("lead", "open", "red", MORNING), ("water.duty1", "open", "red", MORNING),
    ]  # fmt: skip
    assert at_desk.positions() == {0: 7}


def test_orange_waits_five_minutes_for_company_and_is_one_mail(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(components=HOT)], MORNING)
    grown = update(revision=2, at=MORNING + 2 * MINUTE, components=HOT, authors=Between(20, 20))
    at_desk.handle([grown], MORNING + 2 * MINUTE)
    assert mails(at_desk, MORNING + 4 * MINUTE) == []
    at_desk.advance(MORNING + 5 * MINUTE)
    assert [(mail.to, mail.kind, mail.residents) for mail in mails(at_desk, MORNING + 5 * MINUTE)] == [
        ("lead", "open", 20),
    ]  # fmt: skip


def test_red_overtakes_the_orange_that_waits(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    red = update(revision=2, at=MORNING + MINUTE, components=BURNING)
    at_desk.handle([update(components=HOT), red], MORNING + 9 * MINUTE)
    assert [(mail.to, mail.kind, mail.level) for mail in mails(at_desk, MORNING + DAY)] == [
        ("lead", "raise", "red"), ("water.duty1", "raise", "red"),
    ]  # fmt: skip


def test_yellow_is_in_the_evening_digest_once(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(components=WARM)], MORNING)
    at_desk.advance(MORNING + DAY)
    said = mails(at_desk, MORNING + DAY)
    assert [(mail.to, mail.at, mail.lines, mail.open) for mail in said] == [
        ("lead", parse("2026-03-02T17:30:00+08:00"), [("bcdfghj", "cadence")], 1),
    ]  # fmt: skip
    assert [(alert.kind.value, alert.level) for alert in at_desk.alerts()] == [
        ("open", Level.YELLOW), ("digest", Level.YELLOW),
    ]  # fmt: skip


def test_what_the_night_held_is_in_the_morning_digest(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(at=NIGHT, components=HOT)], NIGHT)
    at_desk.advance(NIGHT + 12 * HOUR)
    said = mails(at_desk, NIGHT + 12 * HOUR)
    assert [(mail.kind, mail.lines) for mail in said] == [("digest", [("bcdfghj", "quiet")])]


def test_a_seventh_mail_of_a_day_is_in_the_digest_and_the_next_day_counts_anew(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(f"incid{n}", components=HOT) for n in range(8)], MORNING)
    at_desk.advance(EVENING)
    said = mails(at_desk, EVENING)
    assert [mail.kind for mail in said] == ["open"] * 6 + ["digest"]
    assert said[-1].lines == [("incid6", "cap"), ("incid7", "cap")]
    at_desk.handle([update("another", at=MORNING + DAY, components=HOT)], MORNING + DAY + HOUR)
    assert [mail.kind for mail in mails(at_desk, MORNING + DAY + HOUR)] == ["open"]


def test_digests_go_out_empty_with_the_age_of_the_newest_post_unless_told_otherwise(tmp_path: Path) -> None:
    at_desk = desk(tmp_path, empty_digests=True)
    at_desk.health([("crawl", MORNING - HOUR)], ["letters.lanting"])
    at_desk.advance(MORNING)
    at_desk.advance(EVENING)
    said = mails(at_desk, EVENING)
    assert [(mail.to, mail.kind, mail.lines) for mail in said] == [
        ("lead", "digest", []), ("builder", "digest", []), ("boss", "digest", []),
    ]  # fmt: skip
    assert said[0].ages == [("crawl", 9 * HOUR + 30 * MINUTE)]


def test_the_slow_burning_are_in_the_first_digest_of_a_monday(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    weekly = tuple((MORNING + week * 7 * DAY, 4) for week in range(3))
    slow: dict[str, Any] = {
        "authors": Between(1, 12), "token_days": 12, "components": Components(effective=1.0), "weekly": weekly,
    }  # fmt: skip
    at_desk.handle([update(**slow)], MORNING)
    later = update(revision=2, at=MORNING + 18 * DAY, first_at=MORNING, opened_at=MORNING, **slow)
    at_desk.handle([later], MORNING + 22 * DAY)
    slowly = [mail for mail in mails(at_desk, MORNING + 22 * DAY) if mail.slow]
    assert [(mail.to, mail.at, mail.slow) for mail in slowly] == [
        ("lead", parse("2026-03-23T08:30:00+08:00"), ["bcdfghj"]),
    ]  # fmt: skip


def test_an_update_that_was_handled_before_changes_nothing(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    for _ in range(3):
        at_desk.handle([update(components=BURNING)], MORNING)
    assert len(mails(at_desk, MORNING)) == 2
    assert len(list(at_desk.alerts())) == 1


def test_nobody_acknowledges_so_the_supervision_hears_of_it(tmp_path: Path) -> None:
    at_desk = desk(tmp_path, reminders=True)
    at_desk.handle([update(components=HOT)], MORNING)
    at_desk.advance(MORNING + 4 * HOUR + 5 * MINUTE)
    said = [mail for mail in mails(at_desk, MORNING + 5 * HOUR) if mail.rule == "unacknowledged"]
    assert {mail.to for mail in said} == {"lead", "boss"}


def test_entries_come_highest_level_first_then_newest(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    old = update("older77", components=HOT, last_at=MORNING - DAY)
    hidden = update("hidden7", shown=False, components=BURNING)
    at_desk.handle([update("calm777"), update("newer77", components=HOT), old, hidden], MORNING)
    assert [entry.update.incident for entry in at_desk.entries()] == ["newer77", "older77", "calm777"]
    assert at_desk.entry("hidden7") is None
    assert at_desk.entry("nothing") is None


def test_unconfirmed_danger_is_an_entry_of_place_and_kind_only(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(shown=False, components=Components(danger=(("gas", 1),)))], MORNING)
    entry = at_desk.entries()[0]
    assert (entry.unconfirmed, entry.update.posts, entry.update.title.matter, entry.why) == (True, 0, (), ())
    assert [mail.to for mail in mails(at_desk, MORNING)] == ["water.duty1"]


def test_incidents_of_one_matter_in_two_areas_are_joined_on_the_five_minute_boundary(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    words = ("奶粉", "批次", "召回")
    at_desk.handle([update("here777", links_terms=words), update("there77", area="4402", links_terms=words)], MORNING)
    assert at_desk.entries()[0].joined == ()
    at_desk.advance(MORNING + 5 * MINUTE)
    assert {entry.update.incident: entry.joined for entry in at_desk.entries()} == {
        "here777": ("there77",), "there77": ("here777",),
    }  # fmt: skip
    apart = update("there77", 2, at=MORNING + HOUR, area="4402", links_terms=("停水",))
    at_desk.handle([apart], MORNING + 2 * HOUR)
    assert all(entry.joined == () for entry in at_desk.entries())


def test_a_digest_has_one_line_for_one_matter_in_two_areas(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.silence(Silence("urban.water", MORNING + DAY, "lead", "planned works"), MORNING - HOUR)
    words = ("奶粉", "批次", "召回")
    there = update("there77", area="4402", links_terms=words, components=BURNING)
    told = [update("here777", links_terms=words, components=BURNING), there, update("alone77", components=BURNING)]
    at_desk.handle(told, MORNING)
    at_desk.advance(EVENING)
    digest = mails(at_desk, EVENING)[0]
    assert [incident for incident, _ in digest.lines] == ["alone77", "here777"]
    assert digest.parts == {"here777": ["there77"]}
    assert {alert.incident for alert in at_desk.alerts() if alert.kind is AlertKind.DIGEST} == {
        "alone77", "here777", "there77",
    }  # fmt: skip


def test_a_silence_sends_an_incident_to_the_digest(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.silence(Silence("urban.water", MORNING + DAY, "lead", "planned works"), MORNING - HOUR)
    at_desk.handle([update(components=BURNING)], MORNING)
    at_desk.advance(EVENING)
    assert [(mail.to, mail.lines) for mail in mails(at_desk, EVENING)] == [("lead", [("bcdfghj", "silenced")])]


def test_a_desk_without_recipients_sends_everything_to_its_own_address(tmp_path: Path) -> None:
    at_desk = desk(tmp_path, Recipients(offices=[], people=[]))
    at_desk.handle([update(components=BURNING)], MORNING)
    assert [mail.to for mail in mails(at_desk, MORNING)] == ["desk"]


def test_a_person_with_two_addresses_of_one_office_gets_one_mail(tmp_path: Path) -> None:
    same = Person(id="duty", mail="Duty@water.example", offices=["water"])
    at_desk = desk(tmp_path, Recipients(offices=OFFICES, people=[same]))
    at_desk.handle([update(components=BURNING)], MORNING)
    assert [mail.to for mail in mails(at_desk, MORNING)] == ["duty"]


def test_a_merged_incident_tells_those_who_knew(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING)
    gone = update(revision=2, at=MORNING + HOUR, change=Change.MERGED, merged_into="other77", components=BURNING)
    at_desk.handle([gone], MORNING + 2 * HOUR)
    assert {mail.kind for mail in mails(at_desk, MORNING + 2 * HOUR)} == {"merge"}


def test_a_full_ledger_undoes_the_step_and_says_unavailable(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(components=CALM)], MORNING)
    at_desk.close()
    with pytest.raises(Unavailable):
        at_desk.handle([update("another", components=BURNING)], MORNING)


def test_bodies_of_mails_are_gone_after_their_days(tmp_path: Path) -> None:
    at_desk = _opened(tmp_path, BURNING, config=settings(outbox_days="2"))
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        (body,) = db.execute("SELECT content FROM outbox ORDER BY number").fetchone()
    at_desk.advance(MORNING + 4 * DAY)
    with sqlite3.connect(tmp_path / "ledger.db") as db:
        assert db.execute("SELECT count(*), sum(length(content)) FROM outbox").fetchone() == (2, 0)
    left = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("ledger.db*")))
    assert body[-100:] not in left, "what was purged is overwritten too"


def _opened(folder: Path, components: Components, **flags: Any) -> Desk:
    """Return a desk with one open incident whose opening mails were delivered where they went at once."""
    at_desk = desk(folder, **flags)
    at_desk.handle([update(components=components)], MORNING)
    mails(at_desk, MORNING)
    return at_desk
