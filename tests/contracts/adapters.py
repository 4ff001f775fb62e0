"""The adapters that every contract runs on. A new adapter is one line here and no change in the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from index.sqlite import SqliteIndex
from index.store import PostIndex
from stream.deadletter import DeadLetterBox, SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.kafka_deadletters import KafkaDeadLetters
from stream.kafka_state import KafkaStateStore
from stream.log import Log, Recorded
from stream.state import StateStore
from tests.contracts.elastic import GROUND
from tests.contracts.kafka import Cluster

PARTITIONS = {"posts.analysed": 4}
CLUSTER = Cluster(1, PARTITIONS["posts.analysed"], ("track", "another"))


class Streams(NamedTuple):
    log: Log
    state: StateStore
    recorded: Recorded
    deadletters: DeadLetterBox


def sqlite_streams(folder: Path) -> Streams:
    log = SqliteLog(folder / "log.db", PARTITIONS)
    return Streams(log, log, log, SqliteDeadLetters(log.database))


def kafka_streams(folder: Path) -> Streams:
    log = CLUSTER.log(folder)
    return Streams(log, KafkaStateStore(log), log, KafkaDeadLetters(log))


def sqlite_index(folder: Path) -> PostIndex:
    return SqliteIndex(folder / "index", b"a key of the tests")


STREAMS: dict[str, Callable[[Path], Streams]] = {"sqlite": sqlite_streams, "kafka": kafka_streams}
INDICES: dict[str, Callable[[Path], PostIndex]] = {"sqlite": sqlite_index, "elastic": GROUND.index}
