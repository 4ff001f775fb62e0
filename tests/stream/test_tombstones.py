from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.errors import SettingsError
from stream.embedded import SqliteLog
from stream.tombstones import Tombstones


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db", {})
    yield log
    log.close()


def test_what_one_process_adds_another_knows(log: SqliteLog) -> None:
    one, other = Tombstones(log, b"key"), Tombstones(log, b"key")
    assert other.among(["a", "b"]) == frozenset()
    one.add(["a"])
    one.add(["a", "c"])
    assert other.among(["a", "b", "c"]) == {"a", "c"}


def test_marks_outlive_every_retention(log: SqliteLog) -> None:
    Tombstones(log, b"key").add(["a"])
    for now in (0, 100, 10**6):
        log.expire(now, 60)
    assert Tombstones(log, b"key").among(["a"]) == {"a"}


def test_all_who_use_a_log_have_the_key_with_which_it_was_begun(log: SqliteLog) -> None:
    Tombstones(log, b"key").agree()
    Tombstones(log, b"key").agree()
    with pytest.raises(SettingsError, match=r"tombstones\.key .* is not the one .*; copy tombstones\.key from"):
        Tombstones(log, b"another key").agree()


def test_the_founding_of_a_log_forgets_no_post(log: SqliteLog) -> None:
    Tombstones(log, b"key").agree()
    assert Tombstones(log, b"key").among(["", "a"]) == frozenset()
