"""First stage: items past the border, read, appended, as far as a killed replay had not come."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from answerable.app.backfill import Chunk, shared_out
from answerable.app.reading import chunked
from answerable.app.replay.folder import Folder, Progress
from stream.embedded import SqliteLog
from stream.log import Message
from stream.marks import mark
from stream.topics import POSTS_ANALYSED

__all__ = ["STRIDE", "read"]

STRIDE = 16  # chunks that are appended, and then folded, together


def read(
    chunks: Iterable[Chunk], log: SqliteLog, folder: Folder, start: Progress, follow: Callable[[int], object]
) -> None:
    """Append chunks, after the first `start.strides` strides; `follow` is called after each with how far time came.

    A stride that a killed replay had appended in part is appended from where each partition stopped.
    """
    progress = start
    for number, stride in enumerate(chunked(chunks, STRIDE)):
        if number >= start.strides:
            messages = [message for chunk in stride for message in chunk.messages]
            progress = _append(log, shared_out(messages, progress.partitions), progress)
            folder.keep(progress)
        follow(stride[-1].until)
    folder.keep(msgspec.structs.replace(progress, read=True))


def _append(log: SqliteLog, shares: list[list[Message]], progress: Progress) -> Progress:
    before = progress.ends or (0,) * len(shares)
    ends = [end for _, end in log.ends(POSTS_ANALYSED)]
    for partition, share in enumerate(shares):
        there = ends[partition] - before[partition]
        if share[there:]:
            log.append(POSTS_ANALYSED, share[there:], partition)
            mark("replay stride appended")
    reached = tuple(first + len(share) for first, share in zip(before, shares, strict=True))
    return msgspec.structs.replace(progress, strides=progress.strides + 1, ends=reached)
