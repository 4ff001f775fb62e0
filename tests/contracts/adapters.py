"""The adapters that every contract runs on. A new adapter is one line here and no change in the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from index.sqlite import SqliteIndex
from index.store import PostIndex
from stream.embedded import SqliteLog
from stream.log import Log, Recorded
from stream.state import StateStore
from tests.contracts.elastic import GROUND

PARTITIONS = {"posts.analysed": 4}


class Streams(NamedTuple):
    log: Log
    state: StateStore
    recorded: Recorded


def sqlite_streams(folder: Path) -> Streams:
    log = SqliteLog(folder / "log.db", PARTITIONS)
    return Streams(log, log, log)


def sqlite_index(folder: Path) -> PostIndex:
    return SqliteIndex(folder / "index", b"a key of the tests")


STREAMS: dict[str, Callable[[Path], Streams]] = {"sqlite": sqlite_streams}
INDICES: dict[str, Callable[[Path], PostIndex]] = {"sqlite": sqlite_index, "elastic": GROUND.index}
