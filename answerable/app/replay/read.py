"""First stage: items in the order in which they were fetched, past the border, read, appended."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from answerable.app.filing import Filing
from answerable.app.reading import read_all
from answerable.app.replay.folder import Folder, Progress
from answerable.app.replay.revisions import revised
from answerable.clock import DAY
from answerable.post import AnalysedPost, Forget, Post, Tick, encode
from answerable.settings import Settings
from crawlers.border import Border, RawItem
from stream.embedded import SqliteLog
from stream.log import Message
from stream.marks import mark
from stream.topics import POSTS_ANALYSED, partition_of

__all__ = ["DRAIN", "read"]

_Record = AnalysedPost | Forget | Tick

DRAIN = DAY  # the simulated clock runs on so long after the last post


def read(
    items: Sequence[RawItem], border: Border, log: SqliteLog, settings: Settings, folder: Folder, start: Progress
) -> None:
    """Append each item that says something new as an AnalysedPost, then one Tick a day after the last of all.

    Goes on after `start.chunks`. A post that was edited is forgotten first, as a crawl would have it.
    A chunk that a killed replay had appended in part is appended from where each partition stopped.
    """
    progress, filing = start, Filing()
    for number, records in enumerate(_chunks(items, border, settings, filing)):
        if number >= start.chunks:
            progress = _append(log, records, progress)
            folder.keep(progress)
    folder.keep(msgspec.structs.replace(progress, read=True))


def _chunks(items: Sequence[RawItem], border: Border, settings: Settings, filing: Filing) -> Iterator[list[_Record]]:
    edited: deque[bool] = deque()

    def admitted() -> Iterator[Post]:
        for one in revised(items):
            edited.append(one.edited)
            post = border.admit(one.item)
            yield msgspec.structs.replace(post, seen_at=post.fetched_at, revision=one.revision)

    for pairs in read_all(admitted(), settings):
        records: list[_Record] = []
        for post, analysis in pairs:
            if edited.popleft():
                records.append(Forget(post.id, post.published_at, post.seen_at, edited=True))
            records.append(filing.file(post, analysis))
        yield records
    if items:
        yield [Tick(max(item.fetched_at for item in items) + DRAIN)]


def _append(log: SqliteLog, records: Iterable[_Record], progress: Progress) -> Progress:
    shares: list[list[Message]] = [[] for _ in range(progress.partitions)]
    for record in records:
        if isinstance(record, AnalysedPost):
            shares[partition_of(record.area, len(shares))].append(Message(record.area, encode(record)))
        else:
            for share in shares:
                share.append(Message("", encode(record)))
    before = progress.ends or (0,) * len(shares)
    ends = [end for _, end in log.ends(POSTS_ANALYSED)]
    for partition, share in enumerate(shares):
        there = ends[partition] - before[partition]
        if share[there:]:
            log.append(POSTS_ANALYSED, share[there:], partition)
            mark("replay chunk appended")
    reached = tuple(first + len(share) for first, share in zip(before, shares, strict=True))
    return msgspec.structs.replace(progress, chunks=progress.chunks + 1, ends=reached)
