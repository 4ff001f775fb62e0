"""How one process of the pipeline is; each tells it every minute."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from answerable.errors import DecodeError

__all__ = ["Placeless", "Pulse", "Silence", "Stretch", "decode", "encode"]


class Stretch(Struct, frozen=True, array_like=True):
    """One stage of a process: how many posts it has handled since the start, and the newest one's time."""

    stage: str
    newest_at: int
    handled: int


class Silence(Struct, frozen=True, array_like=True):
    """A source that gives nothing new: since when, and why where that is known."""

    source: str
    since: int
    reason: str = ""


class Placeless(Struct, frozen=True, array_like=True):
    """Of the latest posts of an area, how many there are and for how many no place was found."""

    area: str
    posts: int
    without: int


class Pulse(Struct, frozen=True):
    """What a process says of itself at one moment; `process` is its own for as long as it lives."""

    process: str
    at: int
    stages: tuple[Stretch, ...] = ()
    sources: int = 0
    silent: tuple[Silence, ...] = ()
    placeless: tuple[Placeless, ...] = ()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Pulse)


def encode(pulse: Pulse) -> bytes:
    """Write a pulse as the bytes that the log keeps."""
    return _encoder.encode(pulse)


def decode(data: bytes) -> Pulse:
    """Read a pulse; raise DecodeError that says what is wrong, without the bytes.

    >>> decode(encode(Pulse("index-1", 60))).process
    'index-1'
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DecodeError.of("no pulse", error) from None
