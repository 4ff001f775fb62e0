"""An embedded log seen from another process than the one that writes it."""

from __future__ import annotations

from pathlib import Path

from answerable.database import View
from stream.deadletter import DeadLetter, every
from stream.lanes import SHIFT
from stream.log import Message

__all__ = ["SqliteLogView"]


class SqliteLogView:
    """A Recorded on the log's file, with its dead letters; nothing is written, and no writer waits.

    Where no log was ever written, the view is empty; it stays so. A topic that has no messages yet has no partitions.
    """

    def __init__(self, path: Path) -> None:
        self._view = View(path) if path.exists() else None

    def all(self) -> list[DeadLetter]:
        """Return every dead letter, by topic, partition, offset and stage."""
        if self._view is None:
            return []
        with self._view.read() as connection:
            return every(connection)

    def read(self, topic: str, partition: int, offset: int, limit: int = 1) -> tuple[Message, ...]:
        """Return messages from an offset on; () where that one was dropped or is not written yet."""
        return tuple(
            Message(key, value)
            for number, (found, key, value) in enumerate(self._rows(topic, partition, offset, limit), offset)
            if found == number
        )

    def ends(self, topic: str) -> list[tuple[int, int]]:
        """Return the oldest offset kept and the next one of each partition."""
        if self._view is None:
            return []
        with self._view.read() as connection:
            select = "SELECT first, next FROM lanes WHERE topic = ? ORDER BY partition"
            return [(first, end) for first, end in connection.execute(select, (topic,))]

    def backlog(self, topic: str, group: str) -> int:
        """Count the messages that a group has not handled yet."""
        if self._view is None:
            return 0
        with self._view.read() as connection:
            count: int = connection.execute(
                "SELECT coalesce(sum(next - max(first, coalesce(offset, first))), 0) FROM lanes"
                " LEFT JOIN offsets ON lane = id AND grp = ? WHERE topic = ?",
                (group, topic),
            ).fetchone()[0]
        return count

    def close(self) -> None:
        """Close the view."""
        if self._view is not None:
            self._view.close()

    def _rows(self, topic: str, partition: int, offset: int, limit: int) -> list[tuple[int, str, bytes]]:
        if self._view is None:
            return []
        with self._view.read() as connection:
            return connection.execute(
                "SELECT place - (id << ?1), key, value FROM lanes JOIN messages"
                " ON place BETWEEN (id << ?1) + ?2 AND ((id + 1) << ?1) - 1"
                " WHERE topic = ?3 AND partition = ?4 ORDER BY place LIMIT ?5",
                (SHIFT, offset, topic, partition, limit),
            ).fetchall()
