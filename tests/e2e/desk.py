"""A desk in this process: its files in a folder of the test, its clock in the test's hand."""

from __future__ import annotations

import email.message
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from email import policy
from email.parser import BytesParser
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from answerable import incident, post
from answerable.app.box import Box
from answerable.clock import MINUTE
from answerable.errors import DecodeError
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost, Post
from answerable.settings import Settings
from crawlers.border import Border, DayKeys
from stream.topics import INCIDENTS, POSTS_ANALYSED
from tests.e2e import corpus

__all__ = ["Clock", "Mail", "admitted", "analysed", "mails", "settle", "standing", "taken", "updates"]

HOME = "9901"
_ALL = 100_000


class Clock:
    """Tells the time that the test set."""

    def __init__(self, at: int = corpus.START) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


class Mail(Struct, frozen=True):
    """A mail of the outbox: to whom, "queued", "sent" or "failed", and the message."""

    to: str
    state: str
    message: email.message.EmailMessage

    @property
    def text(self) -> str:
        """The plain part."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())


@contextmanager
def standing(settings: Settings, clock: Clock) -> Iterator[Box]:
    """Open the box of a desk; its workers do not wait before they try again."""
    box = Box(settings, clock)
    box.stop.set()
    try:
        yield box
    finally:
        box.close()


def admitted(box: Box, posts: Iterable[corpus.Line], home: str | None = HOME) -> list[Post]:
    """Let posts pass the border of a source with a home or without; they are seen at the desk's time."""
    border = Border(DayKeys(box.folder / "crawl" / "keys"), home)
    return [replace(border.admit(item), seen_at=box.now()) for item in corpus.items(posts)]


def taken(box: Box, posts: Iterable[corpus.Line]) -> list[Post]:
    """Append posts and let everything follow from them."""
    through = admitted(box, posts)
    box.pipeline.take(through)
    box.pipeline.drain(box.now())
    return through


def settle(box: Box, clock: Clock, minutes: int = 5) -> None:
    """Let time pass minute by minute, so that folds and desk pass a boundary."""
    for _ in range(minutes + 1):
        box.tick()
        box.pipeline.drain(clock.at)
        clock.at += MINUTE


def analysed(box: Box) -> list[AnalysedPost]:
    """Return every AnalysedPost that stands in the log."""
    log = box.stores.log
    places = range(log.partitions(POSTS_ANALYSED))
    values = [message.value for place in places for message in log.read(POSTS_ANALYSED, place, 0, _ALL)]
    return [record for record in _readable(values) if isinstance(record, AnalysedPost)]


def updates(box: Box) -> dict[str, IncidentUpdate]:
    """Return the last update of each incident."""
    messages = [incident.decode(message.value) for message in box.stores.log.read(INCIDENTS, 0, 0, _ALL)]
    return {message.incident: message for message in messages if isinstance(message, IncidentUpdate)}


def mails(folder: Path) -> list[Mail]:
    """Return the outbox in order."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        rows = connection.execute("SELECT recipient, state, content FROM outbox ORDER BY number").fetchall()
    parser: BytesParser[email.message.EmailMessage] = BytesParser(policy=policy.default)
    return [Mail(to, state, parser.parsebytes(content)) for to, state, content in rows]


def _readable(values: Iterable[bytes]) -> Iterator[post.Record]:
    for value in values:
        try:
            yield post.decode(value)
        except DecodeError:
            continue
