"""How the harness reaches what a machine keeps: the door, the log, how much waits, and what is there at rest."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Protocol

from answerable.app import wiring
from answerable.app.box import Box
from answerable.app.door import hand_over
from answerable.app.wiring import Streams
from answerable.clock import HOUR, MINUTE
from answerable.errors import Unavailable
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.feeder import Take
from tests.chaos.machine import Machine

__all__ = ["GROUPS", "STATELESS", "Embedded", "Engine", "wait_for_rest"]

GROUPS = (
    (POSTS_RAW, "analyse"), (POSTS_ANALYSED, "track"), (POSTS_ANALYSED, "index"), (INCIDENTS, "desk"),
    (INCIDENTS, "index"), (MEMBERSHIPS, "index"), (LEDGER, "index"),
)  # fmt: skip
STATELESS = tuple((topic, group) for topic, group in GROUPS if group != "track")
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

    def rewind(self, machine: Machine) -> None:
        """While nothing runs, let every group that keeps no state of its own begin anew."""
        ...

    def settle(self, machine: Machine) -> list[str]:
        """Let an hour and some minutes pass, end every process, and say what did not end well.

        A fold's clock never goes back: where a process's clock was ahead, its folds go on when that time has come.
        """
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

    def rewind(self, machine: Machine) -> None:
        """Take the groups' offsets out of the file."""
        with closing(sqlite3.connect(machine.data / "log.db")) as connection:
            for topic, group in STATELESS:
                connection.execute(
                    "DELETE FROM offsets WHERE grp = ? AND lane IN (SELECT id FROM lanes WHERE topic = ?)",
                    (group, topic),
                )
            connection.commit()

    def settle(self, machine: Machine) -> list[str]:
        """End everything; then let time pass in this process, and hand over what waits in the outbox."""
        wrong = [*machine.dead(), *machine.stop_all()]
        at = machine.latest
        box = Box(machine.settings, lambda: at)
        box.stop.set()
        try:
            for step in (0, 6 * MINUTE, 6 * MINUTE, HOUR, 6 * MINUTE):
                at += step
                box.tick()
                box.pipeline.drain(at)
            box.deliver()
        finally:
            box.close()
        return wrong


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
        except (sqlite3.OperationalError, Unavailable):  # locked or cut off by the fault, or not made yet
            quiet = 0
        if quiet >= _QUIET:
            return True
        time.sleep(_LOOK_S)
    return False
