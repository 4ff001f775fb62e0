"""Beginnings of cascades from JSON Lines."""

from __future__ import annotations

import math

import msgspec
from msgspec import Struct

from answerable.app.goodlines import GoodLines, named
from answerable.clock import parse
from answerable.lines import each, numbered

__all__ = ["Beginning", "Beginnings", "read"]


class Beginning(Struct, frozen=True):
    """A cascade's id as it came in, the instant it starts, and its events in seconds since, in any order."""

    id: str | int
    start: int
    events: tuple[float, ...]


class _Line(Struct, frozen=True):
    id: str | int
    start: str
    events: tuple[float, ...]


class Beginnings(GoodLines[Beginning]):
    """The beginnings on a file's good lines."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        super().__init__(source, each(numbered(named(source), repair="; copy it again"), read), strict=strict)


def read(line: bytes) -> Beginning:
    """Read one line; raise ValueError that says what is wrong and what to write instead.

    >>> read(b'{"id":"a","start":"2026-03-01T16:00:00+08:00","events":[0,3.5]}').events
    (0.0, 3.5)
    >>> read(b'{"id":"a","start":"2026-03-01 16:00","events":[0]}')
    Traceback (most recent call last):
        ...
    ValueError: start: is no time with an offset; write one like 2026-03-01T08:00:00Z
    """
    try:
        raw = msgspec.json.decode(line, type=_Line)
    except msgspec.ValidationError as error:
        raise ValueError(f'{error}; write {{"id":"…","start":"…Z","events":[seconds, …]}}') from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError('is no JSON object; write {"id":"…","start":"…Z","events":[seconds, …]}') from None
    if not all(math.isfinite(at) for at in raw.events):
        raise ValueError("events: hold what is no number; write seconds since the start")
    return Beginning(raw.id, _start(raw.start), raw.events)


def _start(text: str) -> int:
    try:
        return parse(text)
    except (ValueError, OverflowError):
        raise ValueError("start: is no time with an offset; write one like 2026-03-01T08:00:00Z") from None
