"""What was set aside: a pointer to the message in the log, never its content."""

from __future__ import annotations

import sqlite3
from typing import Protocol

from msgspec import Struct

from answerable.database import Database

__all__ = ["DeadLetter", "DeadLetterBox", "SqliteDeadLetters", "every"]


class DeadLetter(Struct, frozen=True, order=True):
    """Where the message lies, which stage gave it up, the class of the error, after how many tries, when."""

    topic: str
    partition: int
    offset: int
    stage: str
    error: str
    tries: int
    at: int


class DeadLetterBox(Protocol):
    """PORT: where a worker sets messages aside; every method may raise Unavailable."""

    def put(self, letter: DeadLetter) -> None:
        """Keep a dead letter durably; the same place and stage again replaces it."""
        ...

    def all(self) -> list[DeadLetter]:
        """Return every dead letter, by topic, partition, offset and stage."""
        ...

    def drop(self, letter: DeadLetter) -> bool:
        """Forget a dead letter; tell whether it was there."""
        ...


class SqliteDeadLetters:
    """Dead letters beside the log, in the same file; every method may raise Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, letter: DeadLetter) -> None:
        """Keep a dead letter; the same place and stage again replaces it."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO deadletters (topic, partition, offset, stage, error, tries, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (letter.topic, letter.partition, letter.offset, letter.stage, letter.error, letter.tries, letter.at),
            )

    def all(self) -> list[DeadLetter]:
        """Return every dead letter, by topic, partition, offset and stage."""
        with self._database.read() as connection:
            return every(connection)

    def at(self, topic: str, partition: int, offset: int) -> list[DeadLetter]:
        """Return the dead letters of one message, by stage."""
        place = (topic, partition, offset)
        return [letter for letter in self.all() if (letter.topic, letter.partition, letter.offset) == place]

    def drop(self, letter: DeadLetter) -> bool:
        """Forget a dead letter; tell whether it was there."""
        with self._database.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM deadletters WHERE topic = ? AND partition = ? AND offset = ? AND stage = ?",
                (letter.topic, letter.partition, letter.offset, letter.stage),
            )
            return gone.rowcount > 0

    def count(self) -> int:
        """Count the dead letters."""
        with self._database.read() as connection:
            number: int = connection.execute("SELECT count(*) FROM deadletters").fetchone()[0]
        return number


def every(connection: sqlite3.Connection) -> list[DeadLetter]:
    """Return every dead letter of an embedded log's file, by topic, partition, offset and stage."""
    rows = connection.execute(
        "SELECT topic, partition, offset, stage, error, tries, at FROM deadletters"
        " ORDER BY topic, partition, offset, stage"
    )
    return [DeadLetter(*row) for row in rows]
