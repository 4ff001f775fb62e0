"""One SQLite file, one read-write connection, one lock: what every embedded store stands on."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from answerable.errors import SettingsError, Unavailable

__all__ = ["Database", "View", "build", "fits", "glance", "translated"]

_BUSY_S = 5.0


class Database:
    """An SQLite file in WAL mode with synchronous=FULL: what `transaction` kept survives a loss of power.

    `schema` is run on a new file, whose user_version becomes `version`; a file of another version is
    refused with SettingsError. `attached` names files that belong to the same store, by schema name; a
    transaction over several files is kept whole in each of them, not across them. New files have mode
    0600. Safe to use from any thread. A full disk, a locked file or a failing device is Unavailable, with
    nothing kept.
    """

    def __init__(self, path: Path, schema: str, version: int, attached: tuple[tuple[str, Path], ...] = ()) -> None:
        self.lock = threading.RLock()
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            for file in (path, *(file for _, file in attached)):
                file.touch(mode=0o600)
            self.connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
            self.path = path
            for name, file in (("main", path), *attached):
                self._open(name, file)
        with self.transaction() as connection:
            build(connection, schema, version, path)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for one transaction: everything in the block is kept, or nothing."""
        with self.lock, translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for reading."""
        with self.lock, translated(self.path):
            yield self.connection

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        with self.lock:
            self.connection.close()

    def _open(self, name: str, file: Path) -> None:
        if name != "main":
            self.connection.execute(f"ATTACH ? AS {name}", (str(file),))
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "journal_size_limit=67108864"):
            self.connection.execute(f"PRAGMA {name}.{pragma}").fetchall()


class View:
    """A read-only connection on the same files, so that readers never wait for the writer; one reader at a time."""

    def __init__(self, path: Path, attached: tuple[tuple[str, Path], ...] = ()) -> None:
        self.path, self._lock = path, threading.Lock()
        with translated(path):
            self._connection = sqlite3.connect(
                _read_only(path), uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            for name, file in attached:
                self._connection.execute(f"ATTACH ? AS {name}", (_read_only(file),))

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection; everything in the block sees the same moment."""
        with self._lock, translated(self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the view; closing twice is allowed."""
        with self._lock:
            self._connection.close()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says about its surroundings into Unavailable; faults of our own SQL stay what they are."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE):
            raise
        raise Unavailable(f"{path}: {error}") from error
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from error


def build(connection: sqlite3.Connection, schema: str, version: int, path: Path) -> None:
    """Run a schema on a file without a version, which becomes `version`; refuse another one with SettingsError.

    The caller holds a transaction, so that a file has both or neither.
    """
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    _fits(found, version, path)
    if found == 0:
        for statement in _statements(schema):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={version:d}")


def fits(path: Path, version: int) -> None:
    """Raise SettingsError for a file of another version, Unavailable for one that cannot be read; change nothing."""
    with glance(path) as connection:
        _fits(connection.execute("PRAGMA user_version").fetchone()[0], version, path)


@contextmanager
def glance(path: Path) -> Iterator[sqlite3.Connection]:
    """Lend a connection that reads a file and changes nothing, nor leaves a file beside it; raise Unavailable."""
    closed = not path.with_name(f"{path.name}-wal").exists()  # nobody writes, and no log has to be read
    uri = f"{_read_only(path)}{'&immutable=1' if closed else ''}"
    with translated(path), closing(sqlite3.connect(uri, uri=True)) as connection:
        yield connection


def _fits(found: int, version: int, path: Path) -> None:
    if found in (0, version):
        return
    age = "a newer" if found > version else "an older"
    repair = "update the program, or restore" if found > version else "move it away to begin anew, or restore"
    raise SettingsError(
        f"was written by {age} version of this program ({found}, here {version})",
        file=str(path), repair=f"{repair} a backup of this version",
    )  # fmt: skip


def _read_only(path: Path) -> str:
    return f"{path.resolve().as_uri()}?mode=ro"


def _statements(schema: str) -> Iterator[str]:
    r"""Cut a script into statements, so that it can run inside one transaction.

    >>> list(_statements("CREATE TABLE a (x); -- why\nCREATE TABLE b (y);"))
    ['CREATE TABLE a (x);', '-- why\nCREATE TABLE b (y);']
    """
    statement = ""
    for piece in schema.strip().split(";")[:-1]:
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
