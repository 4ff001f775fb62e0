from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.errors import Unavailable
from stream.deadletter import DeadLetter, SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Message
from stream.view import SqliteLogView

TOPIC = "posts.analysed"
MESSAGES = [Message("a", str(number).encode()) for number in range(6)]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(tmp_path / "log.db", {TOPIC: 2})
    yield opened
    opened.close()


@pytest.fixture
def view(log: SqliteLog, tmp_path: Path) -> Iterator[SqliteLogView]:
    opened = SqliteLogView(tmp_path / "log.db")
    yield opened
    opened.close()


def test_a_view_sees_what_the_log_itself_sees(log: SqliteLog, view: SqliteLogView) -> None:
    log.append(TOPIC, MESSAGES, 1)
    log.append(TOPIC, MESSAGES[:2], 0)
    log.trim(TOPIC, 1, 2)
    for partition in (0, 1):
        for offset in range(8):
            for limit in (1, 3, 100):
                place = (TOPIC, partition, offset, limit)
                assert view.read(*place) == log.read(*place)
    assert view.ends(TOPIC) == log.ends(TOPIC) == [(0, 2), (2, 6)]


def test_a_view_counts_what_waits_like_the_log(log: SqliteLog, view: SqliteLogView) -> None:
    log.append(TOPIC, MESSAGES, 1)
    assert view.backlog(TOPIC, "index") == log.backlog(TOPIC, "index") == 6
    subscription = log.subscribe(TOPIC, "index")
    subscription.poll(0, 0.0)
    subscription.commit(1, 4)
    assert view.backlog(TOPIC, "index") == log.backlog(TOPIC, "index") == 2
    log.trim(TOPIC, 1, 5)
    assert view.backlog(TOPIC, "index") == log.backlog(TOPIC, "index") == 1
    assert view.backlog(TOPIC, "track") == 1
    assert view.backlog("no.topic", "index") == 0


def test_a_view_waits_for_no_writer_and_sees_nothing_that_is_not_kept_yet(
    log: SqliteLog, view: SqliteLogView
) -> None:
    letters = SqliteDeadLetters(log.database)
    letter = DeadLetter(TOPIC, 0, 1, "index", "ValueError", 3, 60)
    with log.database.transaction():
        letters_before = view.all()
    letters.put(letter)
    assert (letters_before, view.all()) == ([], [letter])


def test_a_view_of_a_log_that_was_closed_still_shows_it(log: SqliteLog, tmp_path: Path) -> None:
    log.append(TOPIC, MESSAGES, 0)
    log.close()
    view = SqliteLogView(tmp_path / "log.db")
    assert view.read(TOPIC, 0, 5) == (MESSAGES[5],)
    view.close()


def test_where_there_is_no_log_a_view_shows_nothing_and_makes_nothing(tmp_path: Path) -> None:
    view = SqliteLogView(tmp_path / "log.db")
    assert (view.all(), view.read(TOPIC, 0, 0), view.ends(TOPIC), view.backlog(TOPIC, "index")) == ([], (), [], 0)
    view.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_log_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"no database" * 100)
    view = SqliteLogView(tmp_path / "log.db")
    with pytest.raises(Unavailable, match=r"log\.db"):
        view.all()
    view.close()
