"""Folds that follow a log while it grows: here, or in processes that share its partitions.

A fold only reads the log's file. What its batches tell comes back here and is kept by the one process that writes;
the folds themselves are not: those of a replay that was killed fold the log once more, and tell on from where it was.
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
from incidents import policy
from incidents.folds import Folds, read
from stream.embedded import SqliteLog
from stream.marks import mark
from stream.state import Closed
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
    """Folds over posts.analysed of `log`, whose tellings go on from what is kept."""

    def __init__(self, log: SqliteLog, workers: Sequence[_Worker]) -> None:
        self._log, self._workers = log, workers
        count = log.partitions(POSTS_ANALYSED)
        self._asked = [log.reached(POSTS_ANALYSED, _GROUP, partition) for partition in range(count)]
        self._waiting: deque[Future[list[Closed]] | int] = deque()
        self.until = 0

    def track(self, until: int) -> None:
        """Have folded what was appended since; keep what is done, and wait only where folds fall far behind.

        `until` is the instant that every partition reaches with it; the attribute `until` is how far all have come.
        """
        with told("folds posts"):
            for partition, (_, end) in enumerate(self._log.ends(POSTS_ANALYSED)):
                if end > self._asked[partition]:
                    worker = self._workers[partition % len(self._workers)]
                    self._waiting.append(worker.fold(partition, self._asked[partition], end))
                    self._asked[partition] = end
            self._waiting.append(until)
            self._keep(_AHEAD * len(self._asked))

    def finish(self, until: int) -> None:
        """Fold and keep all there is, and drop the folds."""
        self.track(until)
        with told("folds posts"):
            self._keep(0)
        self.close()

    def close(self) -> None:
        """Drop the folds, with what they did and was not kept; closing twice is allowed."""
        for worker in self._workers:
            worker.close()

    def _keep(self, most: int) -> None:
        """Keep what is done, in the order asked, until at most `most` stretches wait."""
        while self._waiting and (len(self._waiting) > most or self._ready(self._waiting[0])):
            first = self._waiting.popleft()
            if isinstance(first, int):
                self.until = first
                continue
            for closed in first.result():
                self._log.close_batch(POSTS_ANALYSED, _GROUP, closed)
                mark("replay batch tracked")

    def _ready(self, first: Future[list[Closed]] | int) -> bool:
        return isinstance(first, int) or first.done()


def following(log: SqliteLog, settings: Settings, processes: int) -> Following:
    """Return folds in this process, or in so many others."""
    if processes == 1:
        return Following(log, [_Here(log, settings)])
    path = log.database.path
    return Following(log, [_Apart(path, settings) for _ in range(min(processes, log.partitions(POSTS_ANALYSED)))])


class _Folds:
    """The folds of some partitions over a log that this object only reads; nothing but what they tell is kept.

    A partition that is asked for from the middle is folded from its beginning first: the log is the truth.
    """

    def __init__(self, log: SqliteLog, settings: Settings) -> None:
        self._log = log
        self._policy = policy.of(settings.incidents)
        self._district_of = wiring.register(settings).gazetteer.district_of
        self._folds: dict[int, Folds] = {}

    def fold(self, partition: int, first: int, end: int) -> list[Closed]:
        """Fold a stretch of a partition."""
        if partition not in self._folds:
            self._folds[partition] = Folds(self._policy, self._district_of)
            if first:
                self._stretch(partition, 0, first)
        return self._stretch(partition, first, end)

    def _stretch(self, partition: int, first: int, end: int) -> list[Closed]:
        folds, closed = self._folds[partition], []
        for begin in range(first, end, _BATCH):
            messages = self._log.read(POSTS_ANALYSED, partition, begin, min(_BATCH, end - begin))
            emits = folds.fold(map(read, messages))
            folds.unkept()
            closed.append(Closed(partition, begin, begin + len(messages), {}, tuple(emits)))
        return closed


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
