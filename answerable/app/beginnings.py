"""Beginnings of cascades from JSON Lines, with bad lines told on stderr, counted and skipped."""

from __future__ import annotations

import gzip
import math
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct

from answerable.clock import parse
from answerable.errors import Rejected, SettingsError

__all__ = ["Beginning", "Beginnings", "read"]

_TOLD = 20
_LONGEST = 1 << 26


class Beginning(Struct, frozen=True):
    """A cascade's id as it came in, the instant it starts, and its events in seconds since, in any order."""

    id: str | int
    start: int
    events: tuple[float, ...]


class _Line(Struct, frozen=True):
    id: str | int
    start: str
    events: tuple[float, ...]


class Beginnings:
    """Iterates over the good lines of a file; `bad` counts the others. With `strict` the first bad line ends it."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        self.source, self.strict = source, strict
        self.good = self.bad = 0

    def __iter__(self) -> Iterator[Beginning]:
        """Yield in input order; raise Rejected at the first bad line where strict, SettingsError without a file."""
        number = 0
        with self._opened() as lines:
            try:
                while line := lines.readline(_LONGEST):
                    number += 1
                    if not line.strip():
                        continue
                    try:
                        one = read(line)
                    except ValueError as reason:
                        self._set_aside(number, str(reason))
                        continue
                    self.good += 1
                    yield one
            except (OSError, EOFError, zlib.error) as error:
                self._set_aside(number + 1, f"the file breaks off here ({type(error).__name__}); copy it again")

    def report(self) -> int:
        """Say on stderr how it went; return the exit code: 0, or 5 where lines were skipped."""
        if not self.bad:
            return 0
        sys.stderr.write(f"{self.source}: {self.bad} bad lines skipped, {self.good} read\n")
        return 5

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if self.source == "-":
            yield sys.stdin.buffer
            return
        path = Path(self.source)
        try:
            plain = path.open("rb")
        except OSError as error:
            raise SettingsError(
                f"cannot be read: {error.strerror}", file=str(path), repair="check the path"
            ) from None
        with plain:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=plain)) if path.name.endswith(".gz") else plain

    def _set_aside(self, number: int, reason: str) -> None:
        self.bad += 1
        text = f"{self.source}:{number}: {reason}"
        if self.strict:
            raise Rejected(text)
        if self.bad <= _TOLD:
            sys.stderr.write(text + "\n")
        elif self.bad == _TOLD + 1:
            sys.stderr.write(f"{self.source}: further bad lines are only counted\n")


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
        raw = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=_Line)
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
