from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.errors import Rejected, SettingsError, Unavailable
from stream.embedded import Expired, SqliteLog
from stream.log import Message
from stream.state import Closed, Restored

HOUR = 3600


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(tmp_path / "log.db", {"posts.analysed": 4})
    yield opened
    opened.close()


def numbered(first: int, count: int, size: int = 0) -> list[Message]:
    return [Message("k", str(n).encode().rjust(size, b"0")) for n in range(first, first + count)]


def values(log: SqliteLog, offset: int = 0) -> list[int]:
    return [int(message.value) for message in log.read("t", 0, offset, 100_000)]


def fill(log: SqliteLog) -> None:
    """Let the file grow no further, as on a full disk."""
    with log.database.read() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")


def make_room(log: SqliteLog) -> None:
    with log.database.read() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")


def test_a_full_disk_keeps_nothing_of_the_append_and_the_log_goes_on_once_there_is_room(log: SqliteLog) -> None:
    log.append("t", numbered(0, 10))
    fill(log)
    with pytest.raises(Unavailable, match="full"):
        log.append("t", numbered(10, 500, size=1000))
    assert values(log) == list(range(10))
    make_room(log)
    log.append("t", numbered(10, 500, size=1000))
    assert values(log) == list(range(510))


def test_a_full_disk_keeps_nothing_of_a_closed_batch(log: SqliteLog) -> None:
    log.close_batch("t", "g", Closed(0, 0, 1, {"a": b"1"}, ()))
    fill(log)
    emits = tuple(("out", message) for message in numbered(0, 500, size=1000))
    with pytest.raises(Unavailable, match="full"):
        log.close_batch("t", "g", Closed(0, 1, 2, {"a": b"2", "b": b"2"}, emits))
    make_room(log)
    assert log.restore("t", "g", 0) == Restored(1, {"a": b"1"})
    assert log.read("out", 0, 0, 10) == ()


def test_a_file_locked_by_somebody_else_is_unavailable(log: SqliteLog, tmp_path: Path) -> None:
    log.append("t", numbered(0, 1))
    with log.database.read() as connection:
        connection.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        log.append("t", numbered(1, 1))
    other.execute("ROLLBACK")
    other.close()
    log.append("t", numbered(1, 1))
    assert values(log) == [0, 1]


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="file"):
        SqliteLog(tmp_path / "file" / "log.db", {})


def test_what_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database, at least none of ours" * 100)
    with pytest.raises(Unavailable, match="not a database"):
        SqliteLog(tmp_path / "log.db", {})


def test_the_number_of_partitions_is_for_life(tmp_path: Path) -> None:
    SqliteLog(tmp_path / "log.db", {"posts.analysed": 4}).close()
    with pytest.raises(SettingsError, match=r"stream\.partitions = 4"):
        SqliteLog(tmp_path / "log.db", {"posts.analysed": 8})


@pytest.mark.parametrize(
    ("version", "said"), [(99, "by a newer version .*update"), (-1, "by an older .*move it away")]
)
def test_a_file_of_another_version_is_refused(tmp_path: Path, version: int, said: str) -> None:
    SqliteLog(tmp_path / "log.db", {}).close()
    newer = sqlite3.connect(tmp_path / "log.db")
    newer.execute(f"PRAGMA user_version = {version:d}")
    newer.close()
    with pytest.raises(SettingsError, match=said):
        SqliteLog(tmp_path / "log.db", {})


def test_the_file_is_made_to_outlive_a_loss_of_power(log: SqliteLog) -> None:
    with log.database.read() as connection:
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


@pytest.mark.parametrize("partition", [4, 99, -2])
def test_a_partition_that_does_not_exist_is_rejected(log: SqliteLog, partition: int) -> None:
    with pytest.raises(Rejected, match="has no partition"):
        log.append("posts.analysed", numbered(0, 1), partition=partition)


def test_a_commit_for_a_partition_of_another_member_is_rejected(log: SqliteLog) -> None:
    first = log.subscribe("posts.analysed", "g")
    first.poll(1, 0.0)
    second = log.subscribe("posts.analysed", "g")
    (lost, *_) = [batch.partition for batch in first.poll(1, 0.0) if batch.lost]
    second.poll(1, 0.0)
    with pytest.raises(Rejected, match="another member"):
        first.commit(lost, 5)


def test_trimmed_messages_are_gone_and_readers_go_on_with_the_oldest_kept(log: SqliteLog) -> None:
    log.append("t", numbered(0, 100))
    assert log.trim("t", 0, 30) == 30
    assert log.trim("t", 0, 30) == 0
    assert log.read("t", 0, 29) == ()
    (gained,) = log.subscribe("t", "late").poll(10, 0.0)
    assert gained.first == 30
    assert log.restore("t", "late", 0).offset == 30
    assert values(log, 30) == list(range(30, 100))


def test_a_reader_that_retention_overtakes_is_given_true_offsets(log: SqliteLog) -> None:
    log.append("t", numbered(0, 100))
    subscription = log.subscribe("t", "slow")
    subscription.poll(10, 0.0)
    log.trim("t", 0, 40)
    (batch,) = subscription.poll(10, 0.0)
    assert (batch.first, int(batch.messages[0].value)) == (40, 40)


def test_the_end_of_a_partition_is_the_offset_of_its_next_message(log: SqliteLog) -> None:
    log.append("posts.analysed", numbered(0, 10), partition=2)
    assert [end for _, end in log.ends("posts.analysed")] == [0, 0, 10, 0]


def test_offsets_are_not_used_again_after_everything_was_trimmed(log: SqliteLog) -> None:
    log.append("t", numbered(0, 10))
    log.trim("t", 0, 10)
    log.append("t", numbered(10, 1))
    assert log.read("t", 0, 10) == (Message("k", b"10"),)


def test_messages_leave_the_log_once_they_are_old_enough(log: SqliteLog) -> None:
    log.append("t", numbered(0, 10))
    assert log.expire(now=0, keep_s=72 * HOUR) == Expired(0, 0)
    log.append("t", numbered(10, 10))
    for hour in range(1, 72):
        assert log.expire(now=hour * HOUR, keep_s=72 * HOUR) == Expired(0, 0)
    assert log.expire(now=72 * HOUR, keep_s=72 * HOUR) == Expired(10, 0)
    assert values(log, 10) == list(range(10, 20))
    assert log.expire(now=73 * HOUR, keep_s=72 * HOUR) == Expired(10, 0)


def test_retention_tells_what_a_known_group_had_not_handled(log: SqliteLog) -> None:
    log.append("t", numbered(0, 10))
    subscription = log.subscribe("t", "slow")
    subscription.poll(4, 0.0)
    subscription.commit(0, 4)
    log.expire(now=0, keep_s=HOUR)
    assert log.expire(now=HOUR, keep_s=HOUR) == Expired(10, 6)


def test_messages_that_grew_too_old_are_in_no_byte_of_the_files(log: SqliteLog, tmp_path: Path) -> None:
    log.append("t", [Message("k", b"a canary that must vanish")])
    log.expire(now=0, keep_s=HOUR)
    assert b"canary" in b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
    log.expire(now=HOUR, keep_s=HOUR)
    assert b"canary" not in b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))


def test_the_backlog_counts_what_a_group_has_not_handled(log: SqliteLog) -> None:
    log.append("posts.analysed", [Message(f"k{n}", b"") for n in range(50)])
    assert log.backlog("posts.analysed", "g") == 50
    log.close_batch("posts.analysed", "g", Closed(1, 0, 5, {}, ()))
    assert log.backlog("posts.analysed", "g") == 45


def test_many_threads_append_at_once_and_every_message_is_there(log: SqliteLog) -> None:
    threads = [threading.Thread(target=log.append, args=("t", numbered(n * 50, 50))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(values(log)) == list(range(400))
    assert values(log)[:50] == sorted(values(log)[:50])
