"""Posts with times of their own, in the order in which they were fetched: what a replay and a history append."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from answerable.app.filing import Filing
from answerable.app.reading import read_all
from answerable.app.replay.revisions import revised
from answerable.clock import DAY
from answerable.post import AnalysedPost, Forget, Post, Tick, encode
from answerable.settings import Settings
from crawlers.border import Border, RawItem
from stream.log import Message
from stream.topics import partition_of

__all__ = ["DRAIN", "backfill", "shared_out"]

_Record = AnalysedPost | Forget | Tick

DRAIN = DAY  # the clock runs on so long after the last post


def backfill(items: Sequence[RawItem], border: Border, settings: Settings) -> Iterator[list[_Record]]:
    """Yield chunks of each item that says something new as an AnalysedPost, then one Tick a day after the last.

    Each is seen when it was fetched. A post that was edited is forgotten first, as a crawl would have it.
    """
    edited: deque[bool] = deque()
    filing = Filing()

    def admitted() -> Iterator[Post]:
        for one in revised(items):
            edited.append(one.edited)
            post = border.admit(one.item)
            yield structs.replace(post, seen_at=post.fetched_at, revision=one.revision)

    for pairs in read_all(admitted(), settings):
        records: list[_Record] = []
        for post, analysis in pairs:
            if edited.popleft():
                records.append(Forget(post.id, post.published_at, post.seen_at, edited=True))
            records.append(filing.file(post, analysis))
        yield records
    if items:
        yield [Tick(max(item.fetched_at for item in items) + DRAIN)]


def shared_out(records: Iterable[_Record], partitions: int) -> list[list[Message]]:
    """Return the messages of each partition: posts by their area, the others in every one.

    >>> [len(messages) for messages in shared_out([Tick(60)], 2)]
    [1, 1]
    """
    shares: list[list[Message]] = [[] for _ in range(partitions)]
    for record in records:
        if isinstance(record, AnalysedPost):
            shares[partition_of(record.area, partitions)].append(Message(record.area, encode(record)))
        else:
            for share in shares:
                share.append(Message("", encode(record)))
    return shares
