"""Folds that follow a log while it grows: here, or in processes that share its partitions.

A fold only reads the log's file. What its batches did comes back here and is kept by the one process that writes, so
that a replay killed anywhere goes on from what was kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from answerable.app import wiring
from answerable.app.children import Children, told
from answerable.settings import Settings
from incidents.tracker import Tracker
from stream.embedded import SqliteLog
from stream.log import Batch
from stream.marks import mark
from stream.state import Closed, Restored
from stream.topics import POSTS_ANALYSED

__all__ = ["Following", "following"]

_GROUP = "track"
_BATCH = 2000
_AHEAD = 3  # stretches of each partition that may wait for their fold


class _Worker(Protocol):
    """Folds the partitions it is asked for, each in the order of its offsets."""

    def fold(self, partition: int, first: int, end: int) -> Future[list[Closed]]:
        """Fold the messages at [first, end) of posts.analysed; what every batch did is the result."""
        ...

    def close(self) -> None:
        """Drop the folds."""
        ...


class Following:
    """Folds over posts.analysed of `log` that go on where they stand; a partition's state is read back once."""

    def __init__(self, log: SqliteLog, workers: Sequence[_Worker]) -> None:
        self._log, self._workers = log, workers
        count = log.partitions(POSTS_ANALYSED)
        self._asked = [log.reached(POSTS_ANALYSED, _GROUP, partition) for partition in range(count)]
        self._waiting: deque[Future[list[Closed]]] = deque()

    def track(self) -> None:
        """Have folded what was appended since; keep what is done, and wait only where folds fall far behind."""
        with told("folds posts"):
            for partition, (_, end) in enumerate(self._log.ends(POSTS_ANALYSED)):
                if end > self._asked[partition]:
                    worker = self._workers[partition % len(self._workers)]
                    self._waiting.append(worker.fold(partition, self._asked[partition], end))
                    self._asked[partition] = end
            self._keep(_AHEAD * len(self._asked))

    def finish(self) -> None:
        """Fold and keep all there is, and drop the folds."""
        self.track()
        with told("folds posts"):
            self._keep(0)
        self.close()

    def close(self) -> None:
        """Drop the folds, with what they did and was not kept; closing twice is allowed."""
        for worker in self._workers:
            worker.close()

    def _keep(self, most: int) -> None:
        """Keep what is done, in the order asked, until at most `most` stretches wait."""
        while self._waiting and (len(self._waiting) > most or self._waiting[0].done()):
            for closed in self._waiting.popleft().result():
                self._log.close_batch(POSTS_ANALYSED, _GROUP, closed)
                mark("replay batch tracked")


def following(log: SqliteLog, settings: Settings, processes: int) -> Following:
    """Return folds in this process, or in so many others."""
    if processes == 1:
        return Following(log, [_Here(log, settings)])
    path = log.database.path
    return Following(log, [_Apart(path, settings) for _ in range(min(processes, log.partitions(POSTS_ANALYSED)))])


class _Handed:
    """A StateStore that reads state from a log, and hands over what is to be kept."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log
        self._closed: list[Closed] = []

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        """Return what was kept of a partition."""
        return self._log.restore(topic, group, partition)

    def passed(self, topic: str, group: str, partition: int, since: int, to: int) -> int | None:
        """Return None: here nothing is ever set aside, so the state is restored."""
        return None

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Note what a batch did."""
        self._closed.append(closed)

    def taken(self) -> list[Closed]:
        """Return what was noted since the last call."""
        closed, self._closed = self._closed, []
        return closed


class _Folds:
    """The folds of some partitions over a log that this object only reads."""

    def __init__(self, log: SqliteLog, settings: Settings) -> None:
        self._log, self._store = log, _Handed(log)
        district_of = wiring.register(settings).gazetteer.district_of
        self._tracker = Tracker(self._store, POSTS_ANALYSED, _GROUP, settings.incidents, district_of)

    def fold(self, partition: int, first: int, end: int) -> list[Closed]:
        """Fold a stretch of a partition."""
        for begin in range(first, end, _BATCH):
            messages = self._log.read(POSTS_ANALYSED, partition, begin, min(_BATCH, end - begin))
            self._tracker.handle(Batch(partition, begin, messages))
        return self._store.taken()


class _Here:
    """A worker in this process."""

    def __init__(self, log: SqliteLog, settings: Settings) -> None:
        self._folds = _Folds(log, settings)

    def fold(self, partition: int, first: int, end: int) -> Future[list[Closed]]:
        """Fold at once."""
        done: Future[list[Closed]] = Future()
        done.set_result(self._folds.fold(partition, first, end))
        return done

    def close(self) -> None:
        """Drop nothing: the folds go with this object."""


class _Apart:
    """A worker in a process of its own."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self._child = Children(1, _begin, path, settings)

    def fold(self, partition: int, first: int, end: int) -> Future[list[Closed]]:
        """Ask the process."""
        return self._child.ask(_fold, partition, first, end)

    def close(self) -> None:
        """End the process."""
        self._child.close()


_folds: _Folds | None = None


def _begin(path: Path, settings: Settings) -> None:
    global _folds
    _folds = _Folds(wiring.log(settings, path), settings)


def _fold(partition: int, first: int, end: int) -> list[Closed]:
    if _folds is None:
        raise RuntimeError("a process folds before it was started")
    return _folds.fold(partition, first, end)
