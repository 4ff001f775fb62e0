"""How the harness reaches what a machine keeps: the door, the log, how much waits, and what is there at rest."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from answerable.app import wiring
from answerable.app.door import hand_over
from answerable.app.wiring import Streams
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.feeder import Take
from tests.chaos.machine import Machine

__all__ = ["GROUPS", "Embedded", "Engine", "wait_for_rest"]

GROUPS = (
    (POSTS_RAW, "analyse"), (POSTS_ANALYSED, "track"), (POSTS_ANALYSED, "index"), (INCIDENTS, "desk"),
    (INCIDENTS, "index"), (MEMBERSHIPS, "index"), (LEDGER, "index"),
)  # fmt: skip
_LOOK_S = 0.25
_QUIET = 3  # so many looks in a row


class Engine(Protocol):
    """Where a machine keeps its log and its index."""

    def way_in(self, machine: Machine) -> Callable[[], AbstractContextManager[Take]]:
        """Return what a feeder opens to hand posts over; that raises Unavailable while nobody is there."""
        ...

    def waiting(self, machine: Machine) -> int:
        """Count what some group has not handled yet; may be called while everything runs."""
        ...

    def streams(self, machine: Machine) -> AbstractContextManager[Streams]:
        """Lend the log, while nothing runs."""
        ...


class Embedded:
    """Files below the data folder; posts come in through the running desk's door."""

    def way_in(self, machine: Machine) -> Callable[[], AbstractContextManager[Take]]:
        """Return the door."""
        return lambda: hand_over(machine.data)

    def waiting(self, machine: Machine) -> int:
        """Read on a connection of its own, which never writes."""
        uri = f"{(machine.data / 'log.db').resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=5.0)) as connection:
            return sum(_behind(connection, topic, group) for topic, group in GROUPS)

    @contextmanager
    def streams(self, machine: Machine) -> Iterator[Streams]:
        """Open the files."""
        opened = wiring.streams(machine.settings)
        try:
            yield opened
        finally:
            opened.log.close()


def _behind(connection: sqlite3.Connection, topic: str, group: str) -> int:
    query = (
        "SELECT coalesce(sum(next - max(first, coalesce(offset, first))), 0) FROM lanes"
        " LEFT JOIN offsets ON lane = id AND grp = ? WHERE topic = ?"
    )
    found: int = connection.execute(query, (group, topic)).fetchone()[0]
    return found


def wait_for_rest(engine: Engine, machine: Machine, seconds: float) -> bool:
    """Wait until nothing waits any more, several looks in a row; tell whether that came."""
    until, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < until and not machine.dead():
        try:
            quiet = quiet + 1 if engine.waiting(machine) == 0 else 0
        except sqlite3.OperationalError:  # locked by the fault, or not made yet
            quiet = 0
        if quiet >= _QUIET:
            return True
        time.sleep(_LOOK_S)
    return False


def lines_of(path: Path) -> Sequence[str]:
    """Return the lines of a file that may not be there."""
    return path.read_text("utf-8").splitlines() if path.exists() else []
