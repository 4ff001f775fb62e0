"""What is there at rest: in the topics, in the index, in the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from answerable import incident, post
from answerable.app import wiring
from answerable.app.wiring import Streams
from answerable.clock import DAY
from answerable.errors import DecodeError
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost, Post
from answerable.settings import Settings
from index.store import Hit, PostIndex, Query
from stream.deadletter import DeadLetter
from stream.log import Message
from stream.topics import INCIDENTS, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW

__all__ = ["Mail", "World", "look", "outbox"]

_MANY = 5000
_MOST = 500  # hits of one search; a longer span of time is halved


class Mail(Struct, frozen=True):
    """A mail of the outbox: its number, to whom, "queued", "sent" or "failed", tries, and its bytes."""

    number: int
    to: str
    state: str
    tries: int
    content: bytes


class World(Struct, frozen=True, kw_only=True):
    """Everything that the judges look at; `analysed` is posts.analysed by partition."""

    raw: tuple[Message, ...]
    analysed: tuple[tuple[Message, ...], ...]
    incidents: tuple[Message, ...]
    memberships: tuple[Message, ...]
    letters: tuple[DeadLetter, ...]
    dead: frozenset[str]
    hits: tuple[Hit, ...]
    facts: int

    @property
    def accepted(self) -> frozenset[str]:
        """The ids of the posts in the first topic."""
        return frozenset(_ids(self.raw))

    @property
    def updates(self) -> dict[str, IncidentUpdate]:
        """The highest revision of each incident."""
        found: dict[str, IncidentUpdate] = {}
        for message in self.incidents:
            one = _read(message.value)
            if isinstance(one, IncidentUpdate) and one.revision >= found.get(one.incident, one).revision:
                found[one.incident] = one
        return found


def look(streams: Streams, settings: Settings, now: int) -> World:
    """Read everything; `now` bounds the search for posts from above, a week before it from below."""
    index = wiring.index(settings, wiring.register(settings))
    log, since, until = streams.log, now - 7 * DAY, now + 2 * DAY
    letters = streams.deadletters.all()
    try:
        return World(
            raw=tuple(_all(streams, POSTS_RAW)),
            analysed=tuple(tuple(_all(streams, POSTS_ANALYSED, p)) for p in range(log.partitions(POSTS_ANALYSED))),
            incidents=tuple(_all(streams, INCIDENTS)), memberships=tuple(_all(streams, MEMBERSHIPS)),
            letters=tuple(letters), dead=frozenset(_dead(streams, letters)),
            hits=tuple(_hits(index, since, until)),
            facts=sum(bucket.count for bucket in index.count(Query(since=since, until=until), "source")),
        )  # fmt: skip
    finally:
        index.close()


def outbox(data: Path) -> list[Mail]:
    """Return the outbox in order; may be called while the desk runs."""
    uri = f"{(data / 'ledger.db').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=5.0)) as connection:
        rows = connection.execute("SELECT number, recipient, state, tries, content FROM outbox ORDER BY number")
        return [Mail(*row) for row in rows.fetchall()]


def _all(streams: Streams, topic: str, partition: int | None = None) -> Iterator[Message]:
    """Yield every message of a topic, or of one of its partitions."""
    for number, (first, end) in enumerate(streams.log.ends(topic)):
        offset = first
        while partition in (None, number) and offset < end:
            found = streams.log.read(topic, number, offset, _MANY)
            if not found:
                break
            yield from found
            offset += len(found)


def _ids(messages: Iterable[Message]) -> Iterator[str]:
    for message in messages:
        try:
            record = post.decode(message.value)
        except DecodeError:
            continue
        if isinstance(record, Post):
            yield record.id


def _dead(streams: Streams, letters: list[DeadLetter]) -> Iterator[str]:
    """Yield the ids of posts that dead letters point to."""
    for letter in letters:
        for message in streams.log.read(letter.topic, letter.partition, letter.offset):
            try:
                record = post.decode(message.value)
            except DecodeError:
                continue
            if isinstance(record, Post | AnalysedPost):
                yield record.id if isinstance(record, Post) else record.post.id


def _hits(index: PostIndex, since: int, until: int) -> Iterator[Hit]:
    """Yield every post that a search finds, by spans of time short enough for one page."""
    page = index.search(Query(since=since, until=until, limit=_MOST))
    if page.total <= _MOST or until - since <= 1:
        yield from page.hits
        return
    middle = (since + until) // 2
    yield from _hits(index, since, middle)
    yield from _hits(index, middle, until)


def _read(value: bytes) -> incident.Message | None:
    try:
        return incident.decode(value)
    except DecodeError:
        return None
