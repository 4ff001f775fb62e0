"""Messages that nobody should have to read: at least sixty a topic, each a mutilated healthy one or worse."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from answerable import incident, post
from answerable.incident import (
    Between,
    Change,
    Components,
    IncidentUpdate,
    LedgerEvent,
    Level,
    Membership,
    State,
    Title,
)
from answerable.post import AnalysedPost, Analysis, Kind, Post, Reading
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW

__all__ = ["CANARY", "PREFIX", "Poison", "corpus", "healthy"]

CANARY = "canarytextzq"  # stands in every message that holds any words; a dead letter must not know it
PREFIX = "poison-"  # of the ids in messages that can be read after all
_AT = 1_790_000_000
_MIB = 1 << 20
_pack = msgspec.msgpack.encode


class Poison(Struct, frozen=True):
    """One message: what is wrong with it, and its bytes."""

    name: str
    data: bytes


def healthy(at: int = _AT) -> Mapping[str, bytes]:
    """Return a message for each topic that its readers take."""
    one = Post(
        id=f"{PREFIX}0", source="board.9901", kind=Kind.FORUM, text=CANARY, published_at=at, fetched_at=at, seen_at=at
    )
    mood = Reading("neutral", {"neutral": 1.0})
    read = AnalysedPost(one, Analysis(lang="zh", sentiment=mood, emotion=mood, area="9901"), "9901")
    update = IncidentUpdate(
        incident=f"{PREFIX}i", revision=1, area="9901", at=at, change=Change.OPENED, title=Title(None, (CANARY,)),
        opened_at=at, first_post=one.id, first_at=at, last_at=at, posts=1, duplicates=0, vanished=0,
        authors=Between(1, 1), token_days=1, strongest_day=1, sources=("board.9901",), kinds=((Kind.FORUM, 1),),
        components=Components(), indicators=(),
    )  # fmt: skip
    event = LedgerEvent(
        incident=f"{PREFIX}i", version=1, at=at, who="desk", before=State.NEW, after=State.NEW, level=Level.WATCH,
        area="9901", text=CANARY,
    )  # fmt: skip
    return {
        POSTS_RAW: post.encode(one),
        POSTS_ANALYSED: post.encode(read),
        INCIDENTS: incident.encode(update),
        MEMBERSHIPS: incident.encode(Membership("9901", at, ((one.id, "g", None, None),))),
        LEDGER: incident.encode(event),
    }


def corpus(topic: str, largest: int = 10 * _MIB) -> list[Poison]:
    """Return the corpus of a topic; messages above `largest` bytes are left out, for a log that takes none."""
    base = healthy()[topic]
    every = [*_rubbish(), *_cut(base), *_mutilated(base), *_foreign(topic)]
    return [poison for poison in every if len(poison.data) <= largest and poison.data != base]


def _rubbish() -> Iterator[Poison]:
    """Yield what is no message at all."""
    canary = CANARY.encode()
    yield Poison("empty", b"")
    for name, data in {
        "a zero": b"\0", "nil": b"\xc0", "true": b"\xc3", "never used": b"\xc1", "a number": b"\x2a",
        "a list": _pack([1, CANARY]), "an empty map": b"\x80", "an empty list": b"\x90", "a string": _pack(CANARY),
        "json": b'{"type":"post","text":"' + canary + b'"}', "html": b"<html>" + canary + b"</html>",
        "utf-16": CANARY.encode("utf-16"), "gzip's head": b"\x1f\x8b\x08\0" + canary, "all ones": b"\xff" * 64,
        "zeros": bytes(1000), "sqlite's head": b"SQLite format 3\0" + canary,
        "a string longer than the message": b"\xdb\x7f\xff\xff\xff" + canary,
        "a list longer than the message": b"\xdd\xff\xff\xff\xff" + canary,
        "a map longer than the message": b"\xdf\xff\xff\xff\xff" + canary,
        "bytes longer than the message": b"\xc6\xff\xff\xff\xff" + canary,
        "deep lists": b"\x91" * 100_000 + b"\xc0", "deep maps": b"\x81\xa1a" * 100_000 + b"\xc0",
        "a key that is a number": b"\x81\x01\x02", "a key that is a list": b"\x81\x90\xc0",
        "a key twice": b"\x82\xa4type\xa4post\xa4type\xa4post",
        "an extension": b"\xc7\x05\x63" + canary[:5], "a time": b"\xd6\xff\0\0\0\1",
        "invalid utf-8": b"\x81\xa4type\xa4\xff\xfe\xfd\xfc", "half surrogate": b"\x81\xa4type\xa3\xed\xa0\x80",
        "ten million bytes": b"\xc6" + struct.pack(">I", 10 * _MIB - 100) + canary + bytes(10 * _MIB - 112),
        "a million bytes": _pack(CANARY * (900_000 // len(CANARY))),
    }.items():  # fmt: skip
        yield Poison(name, data)


def _cut(base: bytes) -> Iterator[Poison]:
    """Yield a healthy message cut short, run on, or with flipped bits."""
    for part in range(1, 9):
        yield Poison(f"cut to {part} of 9", base[: len(base) * part // 9])
    yield Poison("the last byte missing", base[:-1])
    yield Poison("a byte too many", base + b"\0")
    yield Poison("twice in one", base + base)
    yield Poison("shifted by one", base[1:])
    for place in (0, 1, 3, len(base) // 2):
        yield Poison(f"bits flipped at {place}", base[:place] + bytes([base[place] ^ 0xFF]) + base[place + 1 :])


def _mutilated(base: bytes) -> Iterator[Poison]:
    """Yield a healthy message with one field wrong: missing, of another type, out of all bounds."""
    fields: dict[str, Any] = msgspec.msgpack.decode(base)
    for tag in ("", "nothing", "POST", None, 7, ["post"]):
        yield Poison(f"tagged {tag!r}", _pack(fields | {"type": tag}))
    for key, value in fields.items():
        if key == "type":
            continue
        yield Poison(f"without {key}", _pack({name: kept for name, kept in fields.items() if name != key}))
        wrong: list[Any] = [
            None,
            CANARY if not isinstance(value, str) else 7,
            [value],
            float("nan"),
            -(2**63),
            2**64 - 1,
        ]
        for other in wrong:
            yield Poison(f"{key} is {str(other)[:24]}", _pack(fields | {key: other}))
        if isinstance(value, dict):
            for inner in _mutilated(_pack(value)):
                yield Poison(f"{key}: {inner.name}", _pack(fields | {key: msgspec.msgpack.decode(inner.data)}))
        if isinstance(value, str):
            for odd in ("", "\0" + CANARY, CANARY * 20_000, "\u202e" + CANARY, "'; DROP TABLE messages; --"):
                yield Poison(f"{key} is {len(odd)} odd signs", _pack(fields | {key: f"{PREFIX}{odd}"}))


def _foreign(topic: str) -> Iterator[Poison]:
    """Yield healthy messages of other topics."""
    for other, data in healthy().items():
        if other != topic:
            yield Poison(f"one of {other}", data)
