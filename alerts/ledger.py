"""The desk's file: incidents, alerts, outbox, digests, what people did, and the audit log, in one SQLite database."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from alerts.alert import Alert
from alerts.case import Case, Told
from alerts.entry import Audit
from alerts.stages import Notice, Silence
from answerable.database import build, fits, glance
from answerable.errors import Unavailable
from answerable.incident import LedgerEvent
from stream.marks import mark

__all__ = ["VERSION", "Ledger", "Mail", "Row", "Stored", "waiting"]

VERSION = 1  # of tables and of the bodies in them; a file without one has the same tables

T = TypeVar("T")
Row = tuple[str, tuple[object, ...]]
_SQL = Path(__file__).parent / "sql"


class Mail(Struct, frozen=True):
    """A mail of the outbox that is due."""

    number: int
    to: str
    name: str
    content: bytes
    tries: int
    made_at: int


class Stored(Struct, frozen=True):
    """What the desk holds in memory, as it stands in the file."""

    marks: dict[str, int]
    positions: dict[int, int]
    cases: list[Case]
    told: list[tuple[str, str, Told]]
    waiting: list[Notice]
    held: list[Notice]
    listed: set[int]
    sent: list[tuple[str, str, int]]
    silences: list[Silence]
    verdicts: list[tuple[str, str, int, int]]


class Ledger:
    """Keeps everything of the desk; used by one thread at a time.

    A commit returns when its rows are on disk (WAL, synchronous=FULL), so that alerts, mails and the position in
    the log survive a power cut together. `durable` False is for replays, whose whole folder can be made again.
    What a commit purges is overwritten, in the file and in its write-ahead log. Raises SettingsError for a file
    of another version, Unavailable for one that cannot be opened.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self._sql = _statements()
        try:
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:
                build(self._db, (_SQL / "schema.sql").read_text("utf-8"), VERSION, path)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"the ledger {path} cannot be opened: {error}") from None

    def commit(self, rows: Sequence[Row]) -> None:
        """Write rows, all or none, in the order given; raise Unavailable with nothing written."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for name, values in rows:
                self._db.execute(self._sql[name], values)
            mark("ledger written")
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unavailable(f"the ledger cannot be written: {error}") from None
        finally:
            if self._db.in_transaction:  # also where a value is none that SQLite knows
                self._db.execute("ROLLBACK")
        mark("ledger committed")
        if any(name == "purge_mails" for name, _ in rows):
            with suppress(sqlite3.Error):  # the rows are written; where this fails, the next night's does it
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def load(self) -> Stored:
        """Read what the desk holds in memory."""
        return Stored(
            marks=dict(self._ask("marks")),
            positions=dict(self._ask("positions")),
            cases=[_read(body, Case) for (body,) in self._ask("live_cases")],
            told=[(incident, person, _read(body, Told)) for incident, person, body in self._ask("told")],
            waiting=[_read(body, Notice) for (body,) in self._ask("waiting")],
            held=[_read(body, Notice) for (body,) in self._ask("held")],
            listed={number for (number,) in self._ask("listed")},
            sent=list(self._ask("sent")),
            silences=[Silence(*row) for row in self._ask("silences")],
            verdicts=list(self._ask("verdicts")),
        )

    def case(self, incident: str) -> Case | None:
        """Return one case, also one that is over."""
        return next((_read(body, Case) for (body,) in self._ask("one_case", incident)), None)

    def alerts(self, since: int = 0) -> Iterator[Alert]:
        """Return every alert with a number above `since`, in order."""
        return (_read(body, Alert) for (body,) in self._ask("alerts", since))

    def events(self, since: int = 0) -> Iterator[tuple[int, LedgerEvent]]:
        """Return every ledger event with a number above `since`, with its number, in order."""
        return ((seq, _read(body, LedgerEvent)) for seq, body in self._ask("events", since))

    def events_of(self, incident: str) -> tuple[LedgerEvent, ...]:
        """Return what happened to one incident, oldest first."""
        return tuple(_read(body, LedgerEvent) for (body,) in self._ask("events_of", incident))

    def due(self, now: int, limit: int) -> list[Mail]:
        """Return mails that are due, the lowest number first; one never tried is due whatever the clock said then."""
        return [Mail(*row) for row in self._ask("due_mails", now, limit)]

    def queued(self) -> int:
        """Return how many mails have not gone out."""
        return int(next(self._ask("queued_mails"))[0])

    def audit_row(self, audit: Audit) -> Row:
        """Return the row that appends to the audit log; commit it before the next is asked for."""
        seq, before = next(self._ask("last_audit"), (0, b""))
        body = msgspec.msgpack.encode(audit)
        return "put_audit", (seq + 1, body, _chained(before, body))

    def audits(self) -> Iterator[Audit]:
        """Return the audit log, oldest first."""
        return (_read(body, Audit) for _, body, _ in self._ask("audits"))

    def audit_head(self) -> str:
        """Return the hash that stands for the whole audit log."""
        return bytes(next(self._ask("last_audit"), (0, b""))[1]).hex()

    def first_altered(self) -> int | None:
        """Return the number of the first audit line that does not fit the one before, or None."""
        before, expected = b"", 1
        for seq, body, hashed in self._ask("audits"):
            if seq != expected or hashed != _chained(before, body):
                return expected
            before, expected = hashed, seq + 1
        return None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _ask(self, name: str, *values: object) -> Iterator[tuple[Any, ...]]:  # columns have no types
        try:
            return iter(self._db.execute(self._sql[name], values).fetchall())
        except sqlite3.Error as error:
            raise Unavailable(f"the ledger cannot be read: {error}") from None


def waiting(path: Path) -> int:
    """Return how many mails of a ledger have not gone out, and change nothing; raise as `Ledger` does."""
    fits(path, VERSION)
    try:
        with glance(path) as connection:
            return int(connection.execute(_statements()["queued_mails"]).fetchone()[0])
    except sqlite3.Error as error:
        raise Unavailable(f"the ledger {path} cannot be read: {error}") from None


def _chained(before: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(before + body, digest_size=32).digest()


def _read(body: bytes, shape: type[T]) -> T:
    return msgspec.msgpack.decode(body, type=shape)


def _statements() -> dict[str, str]:
    text = (_SQL / "statements.sql").read_text("utf-8")
    return {name: sql.strip() for name, sql in re.findall(r"-- (\w+)\n(.+?;)\n", text, re.DOTALL)}
