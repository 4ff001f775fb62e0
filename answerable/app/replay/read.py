"""First stage: items past the border, read, appended, as far as a killed replay had not come."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from answerable.app.backfill import backfill, shared_out
from answerable.app.replay.folder import Folder, Progress
from answerable.settings import Settings
from crawlers.border import Border, RawItem
from stream.embedded import SqliteLog
from stream.log import Message
from stream.marks import mark
from stream.topics import POSTS_ANALYSED

__all__ = ["read"]

_STRIDE = 16  # chunks that the folds take at once, while other processes read on


def read(
    items: Sequence[RawItem], border: Border, log: SqliteLog, settings: Settings, folder: Folder, start: Progress,
    follow: Callable[[], object],
) -> None:  # fmt: skip
    """Append what the items say; go on after `start.chunks`. `follow` is called now and then, for the folds.

    A chunk that a killed replay had appended in part is appended from where each partition stopped.
    """
    progress = start
    for number, records in enumerate(backfill(items, border, settings)):
        if number >= start.chunks:
            progress = _append(log, shared_out(records, progress.partitions), progress)
            folder.keep(progress)
            if number % _STRIDE == _STRIDE - 1:
                follow()
    folder.keep(msgspec.structs.replace(progress, read=True))


def _append(log: SqliteLog, shares: list[list[Message]], progress: Progress) -> Progress:
    before = progress.ends or (0,) * len(shares)
    ends = [end for _, end in log.ends(POSTS_ANALYSED)]
    for partition, share in enumerate(shares):
        there = ends[partition] - before[partition]
        if share[there:]:
            log.append(POSTS_ANALYSED, share[there:], partition)
            mark("replay chunk appended")
    reached = tuple(first + len(share) for first, share in zip(before, shares, strict=True))
    return msgspec.structs.replace(progress, chunks=progress.chunks + 1, ends=reached)
