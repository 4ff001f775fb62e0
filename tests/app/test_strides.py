"""Reading appends stride by stride, and goes on where a killed run had come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from answerable.app.backfill import Chunk
from answerable.app.replay.folder import Folder
from answerable.app.replay.read import STRIDE, read
from answerable.post import Tick, encode
from stream.embedded import SqliteLog
from stream.log import Message
from stream.topics import POSTS_ANALYSED

PARTITIONS = 4
CHUNKS = [
    Chunk(
        [*(Message(f"area {n % 7}", b"%d" % n) for n in range(5 * at, 5 * at + 5)), Message("", encode(Tick(at)))], at
    )
    for at in range(3 * STRIDE + 2)
]


class _Killed(Exception):
    pass


class _Dying(SqliteLog):
    """A log whose process dies after so many appends."""

    left = 10**9

    def append(self, topic: str, messages: object, partition: int | None = None) -> None:
        super().append(topic, messages, partition)  # type: ignore[arg-type] # as it came
        self.left -= 1
        if not self.left:
            raise _Killed


def whole(folder: Path, kills: Iterator[int]) -> tuple[list[tuple[Message, ...]], list[int]]:
    """Read all chunks, however often it is killed; return the messages by partition, and the instants followed."""
    place, followed = Folder(folder), list[int]()
    while True:
        start = place.open("a", PARTITIONS, resume=True)
        assert start is not None
        with closing(_Dying(place.work / "log.db", {POSTS_ANALYSED: PARTITIONS})) as log:
            log.left, followed = next(kills, 10**9), []
            try:
                read(CHUNKS, log, place, start, followed.append)
            except _Killed:
                continue
            return [log.read(POSTS_ANALYSED, n, 0, 1000) for n in range(PARTITIONS)], followed


@pytest.mark.parametrize("seed", range(5))
def test_a_reading_that_is_killed_between_any_two_appends_loses_and_doubles_nothing(
    seed: int, tmp_path: Path
) -> None:
    kills = random.Random(seed)  # noqa: S311 — seeded moments
    calm = whole(tmp_path / "calm", iter(()))
    assert whole(tmp_path / "killed", iter([kills.randint(1, 7) for _ in range(6)])) == calm
    assert sum(map(len, calm[0])) == len(CHUNKS) * (5 + PARTITIONS)
    assert calm[1] == [STRIDE - 1, 2 * STRIDE - 1, 3 * STRIDE - 1, 3 * STRIDE + 1]
