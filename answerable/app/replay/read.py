"""First stage: items in the order in which they were fetched, past the border, read, appended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from answerable.app.filing import Filing
from answerable.app.reading import read_all
from answerable.app.replay.folder import Folder, Progress
from answerable.clock import DAY
from answerable.post import AnalysedPost, Post, Tick, encode
from answerable.settings import Settings
from crawlers.border import Border, RawItem
from stream.embedded import SqliteLog
from stream.log import Message
from stream.marks import mark
from stream.topics import POSTS_ANALYSED, partition_of

__all__ = ["DRAIN", "in_order", "read"]

DRAIN = DAY  # the simulated clock runs on so long after the last post


def in_order(items: Iterable[RawItem]) -> list[RawItem]:
    """Sort items by (fetched_at, id), then source: input order decides nothing but the order of output lines."""
    return sorted(items, key=lambda item: (item.fetched_at, item.id, item.source))


def read(
    items: Sequence[RawItem], border: Border, log: SqliteLog, settings: Settings, folder: Folder, start: Progress
) -> None:
    """Append every item as an AnalysedPost, then one Tick a day after the last; go on after `start.chunks`.

    A chunk that a killed replay had appended in part is appended from where each partition stopped.
    """
    progress, filing = start, Filing()
    for number, records in enumerate(_chunks(items, border, settings, filing)):
        if number >= start.chunks:
            progress = _append(log, records, progress)
            folder.keep(progress)
    folder.keep(msgspec.structs.replace(progress, read=True))


def _chunks(
    items: Sequence[RawItem], border: Border, settings: Settings, filing: Filing
) -> Iterator[list[AnalysedPost | Tick]]:
    for pairs in read_all(map(_seen, map(border.admit, items)), settings):
        yield [filing.file(post, analysis) for post, analysis in pairs]
    if items:
        yield [Tick(max(item.fetched_at for item in items) + DRAIN)]


def _seen(post: Post) -> Post:
    return msgspec.structs.replace(post, seen_at=post.fetched_at)


def _append(log: SqliteLog, records: Iterable[AnalysedPost | Tick], progress: Progress) -> Progress:
    shares: list[list[Message]] = [[] for _ in range(progress.partitions)]
    for record in records:
        if isinstance(record, Tick):
            for share in shares:
                share.append(Message("", encode(record)))
        else:
            shares[partition_of(record.area, len(shares))].append(Message(record.area, encode(record)))
    before = progress.ends or (0,) * len(shares)
    for partition, share in enumerate(shares):
        there = log.end(POSTS_ANALYSED, partition) - before[partition]
        if share[there:]:
            log.append(POSTS_ANALYSED, share[there:], partition)
            mark("replay chunk appended")
    ends = tuple(first + len(share) for first, share in zip(before, shares, strict=True))
    return msgspec.structs.replace(progress, chunks=progress.chunks + 1, ends=ends)
