"""The lanes of the embedded log: where messages lie in the file, and how far each group has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from answerable.database import Database
from answerable.errors import Rejected, SettingsError
from stream.log import Message
from stream.topics import partition_of

__all__ = ["EVERY", "SHIFT", "Lanes"]

EVERY = -1  # as a partition: each of them
SHIFT = 40  # a lane holds at most 2^40 messages, the file at most 2^23 lanes
_VERSION = 1
_CHUNK = 10_000


class Lanes:
    """One SQLite file of lanes (a lane = one partition of one topic); topics not in `counts` have one partition.

    Offsets are never cached, so several objects on one file see the same lanes. Raises SettingsError
    where the file was made with another number of partitions.
    """

    def __init__(self, path: Path, counts: Mapping[str, int]) -> None:
        schema = files("stream").joinpath("schema.sql").read_text("utf-8")
        self.database = Database(path, schema, _VERSION)
        self._counts = dict(counts)
        self._ids: dict[str, tuple[int, ...]] = {}
        for topic in sorted(self._counts):
            self.ids(topic)

    def count(self, topic: str) -> int:
        """Say how many partitions a topic has."""
        return self._counts.get(topic, 1)

    def ids(self, topic: str) -> tuple[int, ...]:
        """Return the lane of each partition of a topic, made on first use."""
        if topic not in self._ids:
            with self.database.transaction() as connection:
                self._ids[topic] = self._made(connection, topic)
        return self._ids[topic]

    def lane(self, topic: str, partition: int) -> int:
        """Return the lane of one partition; raise Rejected where the topic has no such partition."""
        if not 0 <= partition < self.count(topic):
            raise Rejected(f"{topic} has no partition {partition}, only 0 to {self.count(topic) - 1}")
        return self.ids(topic)[partition]

    def spread(self, topic: str, messages: Iterable[Message], partition: int | None) -> list[tuple[int, Message]]:
        """Pair each message with its lane: by key, in the partition named, or in EVERY one."""
        if partition is None:
            ids, count = self.ids(topic), self.count(topic)
            return [(ids[partition_of(message.key, count)], message) for message in messages]
        lanes = self.ids(topic) if partition == EVERY else (self.lane(topic, partition),)
        return [(lane, message) for message in messages for lane in lanes]

    def write(self, connection: sqlite3.Connection, placed: Sequence[tuple[int, Message]]) -> None:
        """Append messages to their lanes, in the order given, inside the caller's transaction."""
        starts = {lane: _ends(connection, lane)[1] for lane in sorted({lane for lane, _ in placed})}
        ahead = dict(starts)
        rows = []
        for lane, message in placed:
            rows.append(((lane << SHIFT) + ahead[lane], message.key, message.value))
            ahead[lane] += 1
        connection.executemany("INSERT INTO messages (place, key, value) VALUES (?, ?, ?)", rows)
        connection.executemany("UPDATE lanes SET next = ? WHERE id = ?", [(end, lane) for lane, end in ahead.items()])

    def read(self, lane: int, offset: int, limit: int) -> tuple[int, tuple[Message, ...]]:
        """Return the offset of the first message found from `offset` on, and up to `limit` messages from there."""
        first, last = (lane << SHIFT) + offset, ((lane + 1) << SHIFT) - 1
        with self.database.read() as connection:
            rows = connection.execute(
                "SELECT place, key, value FROM messages WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
                (first, last, limit),
            ).fetchall()
        found = rows[0][0] - (lane << SHIFT) if rows else offset
        return found, tuple(Message(key, value) for _, key, value in rows)

    def ends(self, topic: str) -> list[tuple[int, int]]:
        """Return [first, next) of each partition of a topic."""
        ids = self.ids(topic)
        with self.database.read() as connection:
            return [_ends(connection, lane) for lane in ids]

    def reached(self, connection: sqlite3.Connection, group: str, lane: int) -> int:
        """Return the offset from which a group goes on: its committed one, or the oldest still kept."""
        row = connection.execute("SELECT offset FROM offsets WHERE grp = ? AND lane = ?", (group, lane)).fetchone()
        first = _ends(connection, lane)[0]
        return max(first, row[0]) if row else first

    def commit(self, connection: sqlite3.Connection, group: str, lane: int, offset: int) -> None:
        """Set a group's offset inside the caller's transaction."""
        connection.execute(
            "INSERT INTO offsets (grp, lane, offset) VALUES (?, ?, ?)"
            " ON CONFLICT (grp, lane) DO UPDATE SET offset = excluded.offset",
            (group, lane, offset),
        )

    def trim(self, lane: int, before: int) -> int:
        """Drop the messages of a lane before an offset, in several transactions; return how many went."""
        dropped = 0
        while True:
            with self.database.transaction() as connection:
                first, end = _ends(connection, lane)
                upto = min(before, end, first + _CHUNK)
                if upto <= first:
                    return dropped
                bounds = ((lane << SHIFT) + first, (lane << SHIFT) + upto)
                connection.execute("DELETE FROM messages WHERE place >= ? AND place < ?", bounds)
                connection.execute("UPDATE lanes SET first = ? WHERE id = ?", (upto, lane))
            dropped += upto - first

    def _made(self, connection: sqlite3.Connection, topic: str) -> tuple[int, ...]:
        select = "SELECT id FROM lanes WHERE topic = ? ORDER BY partition"
        ids = tuple(row[0] for row in connection.execute(select, (topic,)))
        if not ids:
            lanes = [(topic, partition) for partition in range(self.count(topic))]
            connection.executemany("INSERT INTO lanes (topic, partition) VALUES (?, ?)", lanes)
            ids = tuple(row[0] for row in connection.execute(select, (topic,)))
        if len(ids) != self.count(topic):
            raise SettingsError(
                f"{topic} was made with {len(ids)} partitions, which is for life; {self.count(topic)} are asked for",
                file=str(self.database.path), key="stream.partitions", repair=f"set stream.partitions = {len(ids)}",
            )  # fmt: skip
        return ids


def _ends(connection: sqlite3.Connection, lane: int) -> tuple[int, int]:
    first, end = connection.execute("SELECT first, next FROM lanes WHERE id = ?", (lane,)).fetchone()
    return first, end
