"""The embedded log and its state store: one SQLite file for one box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from answerable.database import Database
from answerable.errors import Rejected
from stream.lanes import Lanes
from stream.log import Message
from stream.marks import mark
from stream.membership import Membership
from stream.state import Closed, Restored
from stream.subscription import Bell, SqliteSubscription
from stream.topics import TOMBSTONES

__all__ = ["Expired", "SqliteLog"]


class Expired(Struct, frozen=True):
    """What retention dropped, and how much of it some known group had not handled yet."""

    dropped: int
    unhandled: int


class SqliteLog:
    """A Log and a StateStore in one SQLite file; what was appended survives a loss of power.

    `partitions` says how many partitions a topic has, for life; topics not named have one. Groups are
    shared among the subscriptions of one object. Safe to use from any thread.
    """

    def __init__(self, path: Path, partitions: Mapping[str, int]) -> None:
        self._lanes = Lanes(path, partitions)
        self._bell = Bell()
        self._groups: dict[tuple[str, str], Membership] = {}

    @property
    def database(self) -> Database:
        """The file, for what lies beside the log in it (dead letters)."""
        return self._lanes.database

    def append(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        """Append messages in one transaction; raise Unavailable with nothing appended otherwise."""
        placed = self._lanes.spread(topic, messages, partition)
        if not placed:
            return
        with self.database.transaction() as connection:
            self._lanes.write(connection, placed)
            mark("append written")
        mark("appended")
        self._bell.ring()

    def subscribe(self, topic: str, group: str) -> SqliteSubscription:
        """Join a consumer group on a topic."""
        with self._bell.lock:
            membership = self._groups.setdefault((topic, group), Membership(self.partitions(topic)))
        return SqliteSubscription(self._lanes, topic, group, membership, self._bell)

    def partitions(self, topic: str) -> int:
        """Say how many partitions a topic has."""
        return self._lanes.count(topic)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        """Return a partition's state and the offset from which to go on; nothing can be left to emit here."""
        lane = self._lanes.lane(topic, partition)
        with self.database.read() as connection:
            rows = connection.execute(
                "SELECT key, value FROM state WHERE grp = ? AND lane = ? ORDER BY key", (group, lane)
            ).fetchall()
            return Restored(self._lanes.reached(connection, group, lane), dict(rows))

    def passed(self, topic: str, group: str, partition: int, since: int, to: int) -> int | None:
        """Return `to` where the group's offset is there already: who sets a message aside commits past it."""
        return to if self.reached(topic, group, partition) == to else None

    def reached(self, topic: str, group: str, partition: int) -> int:
        """Return the offset from which a group goes on in a partition."""
        with self.database.read() as connection:
            return self._lanes.reached(connection, group, self._lanes.lane(topic, partition))

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Keep changes, emitted messages and offset in one transaction."""
        lane = self._lanes.lane(topic, closed.partition)
        placed = [pair for to, message in closed.emits for pair in self._lanes.spread(to, (message,), None)]
        kept = [(group, lane, key, value) for key, value in closed.changes.items() if value is not None]
        gone = [(group, lane, key) for key, value in closed.changes.items() if value is None]
        with self.database.transaction() as connection:
            reached = self._lanes.reached(connection, group, lane)
            if closed.from_offset != reached:
                raise Rejected(
                    f"{group} has reached {reached} in partition {closed.partition} of {topic},"
                    f" and this batch begins at {closed.from_offset}"
                )
            connection.executemany("DELETE FROM state WHERE grp = ? AND lane = ? AND key = ?", gone)
            connection.executemany("INSERT OR REPLACE INTO state (grp, lane, key, value) VALUES (?, ?, ?, ?)", kept)
            self._lanes.write(connection, placed)
            self._lanes.commit(connection, group, lane, closed.to_offset)
            mark("batch written")
        mark("batch closed")
        self._bell.ring()

    def read(self, topic: str, partition: int, offset: int, limit: int = 1) -> tuple[Message, ...]:
        """Return messages by their place, as a dead letter names it; () where retention has dropped them."""
        found, messages = self._lanes.read(self._lanes.lane(topic, partition), offset, limit)
        return messages if found == offset else ()

    def ends(self, topic: str) -> list[tuple[int, int]]:
        """Return the oldest offset kept and the next one of each partition."""
        return self._lanes.ends(topic)

    def backlog(self, topic: str, group: str) -> int:
        """Count the messages that a group has not handled yet."""
        ends = enumerate(self._lanes.ends(topic))
        return sum(end - self.reached(topic, group, partition) for partition, (_, end) in ends)

    def trim(self, topic: str, partition: int, before_offset: int) -> int:
        """Drop a partition's messages before an offset; return how many went."""
        return self._lanes.trim(self._lanes.lane(topic, partition), before_offset)

    def expire(self, now: int, keep_s: int) -> Expired:
        """Drop what was in the log `keep_s` seconds before `now`, and note how far the log has come now.

        Ages are known by the notes of earlier calls: nothing is older than `keep_s` plus the time
        between two calls. Messages go whether or not they were handled, and their bytes are overwritten.
        """
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO tidemarks (lane, at, next) SELECT id, ?, next FROM lanes WHERE topic != ?",
                (now, TOMBSTONES),
            )
            due: dict[int, int] = dict(
                connection.execute(
                    "SELECT lane, max(next) FROM tidemarks WHERE at <= ? GROUP BY lane ORDER BY lane", (now - keep_s,)
                ).fetchall()
            )
            unhandled = sum(self._unhandled(lane, before) for lane, before in due.items())
        dropped = sum(self._lanes.trim(lane, before) for lane, before in due.items())
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM tidemarks WHERE at <= ?", (now - keep_s,))
        with self.database.read() as connection:  # otherwise the write-ahead log would hold them for weeks
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return Expired(dropped, unhandled)

    def _unhandled(self, lane: int, before: int) -> int:
        """Count the messages before an offset that the slowest known group has not handled."""
        with self.database.read() as connection:
            groups = connection.execute("SELECT grp FROM offsets WHERE lane = ? ORDER BY grp", (lane,)).fetchall()
            reached = [self._lanes.reached(connection, group, lane) for (group,) in groups]
        return max(0, before - min(reached)) if reached else 0
