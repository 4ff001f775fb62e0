"""Posts with times of their own, in the order in which they were fetched: what a replay and a history append."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct, structs

from answerable.app import wiring
from answerable.app.filing import Filing, belongs
from answerable.app.items import Items
from answerable.app.reading import Reader, read_all
from answerable.app.replay.revisions import Revised
from answerable.clock import DAY
from answerable.post import AnalysedPost, Forget, Tick, decode, encode
from answerable.settings import Settings
from crawlers.border import Border, DayKeys
from stream.log import Message
from stream.topics import partition_of

__all__ = ["DRAIN", "Chunk", "backfill", "shared_out"]

DRAIN = DAY  # the clock runs on so long after the last post


class Chunk(Struct, frozen=True):
    """Messages of posts.analysed, the last of them a Tick at `until`; those without a key go to every partition."""

    messages: list[Message]
    until: int


class _Read(Struct, frozen=True, array_like=True):
    """A post as its record under its own area, with what decides whether it is filed with another; `gone` forgets."""

    post: str
    seen_at: int
    belongs: tuple[str, ...]
    area: str
    record: bytes
    gone: bytes


def backfill(items: Items, settings: Settings, keys: Path, now: int | None = None) -> Iterator[Chunk]:
    """Yield chunks of messages: each item that says something new as an AnalysedPost, under its area's key.

    Each is seen when it was fetched. A post that was edited is forgotten first, as a crawl would have it. A chunk
    ends with a Tick at its last post, so that quiet areas age with the others; the last one is a day after all
    posts. `keys` and `now` are the border's.
    """
    filing = Filing()
    reader: Reader[Revised, list[_Read]] = partial(_reading, keys, now)
    for chunk in read_all(items.revised(), reader, settings):
        messages = []
        for one in chunk:
            if one.gone:
                messages.append(Message("", one.gone))
            area = filing.area(one.post, one.belongs, one.area)
            messages.append(Message(area, one.record if area == one.area else _refiled(one.record, area)))
        yield _ended(messages, chunk[-1].seen_at)
    if len(items):
        yield _ended([], items.latest + DRAIN)


def _ended(messages: list[Message], until: int) -> Chunk:
    return Chunk([*messages, Message("", encode(Tick(until)))], until)


def shared_out(messages: Iterable[Message], partitions: int) -> list[list[Message]]:
    """Return the messages of each partition: by their key, those without in every one.

    >>> [len(messages) for messages in shared_out([Message("", b"tick")], 2)]
    [1, 1]
    """
    shares: list[list[Message]] = [[] for _ in range(partitions)]
    for message in messages:
        for share in [shares[partition_of(message.key, partitions)]] if message.key else shares:
            share.append(message)
    return shares


def _reading(keys: Path, now: int | None, settings: Settings) -> Callable[[list[Revised]], list[_Read]]:
    """Return what a process does with a chunk: border, analysis, record."""
    analyser, border = wiring.analyser(settings), Border(DayKeys(keys), None, now)

    def read(chunk: list[Revised]) -> list[_Read]:
        posts = [
            structs.replace(border.admit(one.item), seen_at=one.item.fetched_at, revision=one.revision)
            for one in chunk
        ]
        found = []
        for one, post, analysis in zip(chunk, posts, analyser.analyse(posts), strict=True):
            area = analysis.area or f"~{post.source}"
            gone = encode(Forget(post.id, post.published_at, post.seen_at, edited=True)) if one.edited else b""
            record = encode(AnalysedPost(post, analysis, area))
            found.append(_Read(post.id, post.seen_at, belongs(post), area, record, gone))
        return found

    return read


def _refiled(data: bytes, area: str) -> bytes:
    record = decode(data)
    if not isinstance(record, AnalysedPost):
        raise TypeError("only posts are filed")
    return encode(structs.replace(record, area=area))
