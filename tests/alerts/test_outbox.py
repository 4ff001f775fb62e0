from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from alerts.desk import Desk
from alerts.notify import Envelope, Outcome
from answerable.errors import Unavailable
from tests.alerts.givens import BURNING, DAY, HOUR, MINUTE, MORNING, Sink, desk, settings, update


class Killed(BaseException):
    """Stands for a process that ends between the server's yes and the ledger."""


class Deadly(Sink):
    def send(self, envelope: Envelope) -> Outcome:
        super().send(envelope)
        raise Killed


def test_a_mail_that_was_sent_is_not_sent_again(tmp_path: Path) -> None:
    at_desk, sink = _queued(tmp_path), Sink()
    assert at_desk.deliver(sink, MORNING) == 2
    assert at_desk.deliver(sink, MORNING + DAY) == 0
    assert [envelope.number for envelope in sink.envelopes] == [1, 2]


def test_a_mail_that_could_not_be_sent_is_tried_later_and_later(tmp_path: Path) -> None:
    at_desk = _queued(tmp_path)
    tried = []
    for minute in range(0, 200):
        sink = Sink(*[Outcome.LATER] * 2)
        at_desk.deliver(sink, MORNING + minute * MINUTE)
        tried += [minute] * bool(sink.envelopes)
    assert tried == [0, 1, 6, 21, 81, 141]


def test_a_mail_is_given_up_after_three_days(tmp_path: Path) -> None:
    at_desk = _queued(tmp_path)
    at_desk.deliver(Sink(*[Outcome.LATER] * 2), MORNING + 72 * HOUR)
    assert at_desk.deliver(Sink(), MORNING + 90 * DAY) == 0


def test_a_mail_made_while_the_clock_was_ahead_does_not_wait_until_then(tmp_path: Path) -> None:
    at_desk, sink = desk(tmp_path), Sink(Outcome.LATER)
    at_desk.handle([update(components=BURNING)], MORNING + DAY)
    assert at_desk.deliver(sink, MORNING) == 1
    assert len(sink.envelopes) == 2
    assert at_desk.deliver(sink, MORNING + MINUTE) == 1


def test_a_mail_that_was_sent_while_the_ledger_took_nothing_is_not_sent_again(tmp_path: Path) -> None:
    at_desk, sink = _queued(tmp_path), Sink()
    at_desk._ledger._db.execute("PRAGMA busy_timeout=1")
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(Unavailable):
                at_desk.deliver(sink, MORNING)
        somebody.execute("ROLLBACK")
    at_desk.deliver(sink, MORNING)
    assert [envelope.number for envelope in sink.envelopes] == [1, 2]


def test_a_mail_whose_body_is_gone_by_its_age_is_given_up(tmp_path: Path) -> None:
    at_desk, sink = desk(tmp_path, config=settings(outbox_days="2")), Sink()
    at_desk.handle([update(components=BURNING)], MORNING)
    at_desk.advance(MORNING + 4 * DAY)
    assert at_desk.deliver(sink, MORNING + 4 * DAY) == 0
    assert sink.envelopes == []


def test_never_is_never(tmp_path: Path) -> None:
    at_desk, sink = _queued(tmp_path), Sink(Outcome.NEVER)
    assert at_desk.deliver(sink, MORNING) == 1
    assert at_desk.deliver(sink, MORNING + DAY) == 0
    assert len(sink.envelopes) == 2


def test_a_lost_250_repeats_one_mail_with_the_same_number_and_bytes(tmp_path: Path) -> None:
    at_desk, deadly, sink = _queued(tmp_path), Deadly(), Sink()
    with pytest.raises(Killed):
        at_desk.deliver(deadly, MORNING)
    at_desk.close()
    assert desk(tmp_path).deliver(sink, MORNING) == 2
    assert sink.envelopes[0] == deadly.envelopes[0]
    assert len(deadly.envelopes) == 1


def test_a_crash_before_the_commit_leaves_neither_alert_nor_mail_and_the_repeat_leaves_both(tmp_path: Path) -> None:
    at_desk = desk(tmp_path)
    at_desk.handle([update(incident="before7")], MORNING, {0: 1})
    ledger = at_desk._ledger
    ledger.commit([("put_alert", (99, b""))])  # makes alert 2 … 99 free, 99 taken
    ledger.commit([("put_mark", ("alert", 98))])
    at_desk.close()
    broken = desk(tmp_path)
    with pytest.raises(Exception, match="cannot be written"):
        broken.handle([update(components=BURNING)], MORNING, {0: 2})
    assert broken.positions() == {0: 1}
    assert broken.entry("bcdfghj") is None
    assert broken.deliver(Sink(), MORNING) == 0
    broken._ledger.commit([("put_mark", ("alert", 99))])
    broken.close()
    mended = desk(tmp_path)
    mended.handle([update(components=BURNING)], MORNING, {0: 2})
    assert mended.positions() == {0: 2}
    assert mended.deliver(Sink(), MORNING) == 2


def _queued(folder: Path) -> Desk:
    at_desk = desk(folder)
    at_desk.handle([update(components=BURNING)], MORNING)
    return at_desk
