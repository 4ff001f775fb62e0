"""What parent and child of a crawl tell each other: msgpack frames, each behind its length in four bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from answerable.errors import DecodeError
from answerable.post import Post
from crawlers.cursor import Known, Validator
from crawlers.robots import RobotsState
from crawlers.sources import Every, Source

__all__ = ["CachedRobots", "Crash", "Done", "Frame", "Job", "Looked", "Seen", "Tally", "Vanished", "read", "write"]

_LIMIT = 64 << 20


class CachedRobots(Struct, frozen=True):
    """A host's robots.txt as it was answered: `origin` is scheme, host and port."""

    origin: str
    status: int
    body: str
    fetched_at: int


class Job(Struct, frozen=True, kw_only=True, tag="job"):
    """One crawl of one source. Times are UTC seconds; `now` is when it starts."""

    source: Source
    timezone: str
    user_agent: str
    delay_s: float
    timeout_s: float
    max_bytes: int
    private_hosts: list[str]
    keys: str
    now: int
    max_requests: int
    max_seconds: float
    validators: tuple[Validator, ...] = ()
    known: tuple[Known, ...] = ()
    robots: tuple[CachedRobots, ...] = ()


class Seen(Struct, frozen=True, tag="seen"):
    """A post behind the border, the page it stands on, and its address where the border left it whole."""

    post: Post
    page: str
    url: str | None


class Looked(Struct, frozen=True, tag="looked"):
    """A page all of whose posts were sent before this frame."""

    page: Validator


class Vanished(Struct, frozen=True, tag="vanished"):
    """A page that gave posts and answers 404 or 410 now."""

    page: str


class Tally(Struct, kw_only=True):
    """What a crawl did, counted. `retry_at` is when the host may be asked again, 0 = any time."""

    requests: int = 0
    not_modified: int = 0
    items: int = 0
    blocked: int = 0
    unparsed: dict[str, int] = {}
    errors: dict[str, int] = {}
    robots: RobotsState = RobotsState.UNKNOWN
    robots_files: list[CachedRobots] = []
    stopped: str = ""
    retry_at: int = 0
    peak_mb: int = 0

    def error(self, name: str) -> None:
        """Count an error by its class; never with its message, which may quote a page."""
        self.errors[name] = self.errors.get(name, 0) + 1


class Done(Struct, frozen=True, tag="done"):
    """The crawl came to its end."""

    tally: Tally


class Crash(Struct, frozen=True, tag="crash"):
    """The child died of an error of ours: its class, and the line of ours that raised it."""

    error: str
    where: str


Frame = Job | Seen | Looked | Vanished | Done | Crash
Send = Callable[[Frame], None]


def _plain(value: Any) -> Any:
    return f"{int(value)}s" if isinstance(value, Every) else str(value)


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
_decoder: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame, dec_hook=lambda kind, value: kind(value))


def write(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame."""
    data = _encoder.encode(frame)
    stream.write(struct.pack(">I", len(data)) + data)


def read(stream: BinaryIO) -> Iterator[Frame]:
    """Yield frames until the stream ends; one cut short is the end. Raises DecodeError on bytes that are no frame."""
    while len(head := stream.read(4)) == 4:
        size = struct.unpack(">I", head)[0]
        data = stream.read(size) if size <= _LIMIT else b""
        if len(data) < size:
            return
        try:
            yield _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise DecodeError(f"no frame of a crawl: {type(error).__name__}") from None
