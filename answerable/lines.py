"""The numbered lines of a file that people bring: plain, packed or from a stream."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from msgspec import Struct

from answerable.errors import SettingsError

__all__ = ["BadLine", "Line", "each", "numbered"]

_MARK = b"\xef\xbb\xbf"
T = TypeVar("T")


class Line(Struct, frozen=True):
    """A line that is not empty: its number, from 1, and its bytes without the white space around them."""

    number: int
    text: bytes


class BadLine(Struct, frozen=True):
    """A line that cannot be used: its number, from 1, and why; never what stands in it."""

    number: int
    reason: str


def numbered(source: Path | BinaryIO, longest: int = 1 << 26, *, repair: str = "") -> Iterator[Line | BadLine]:
    """Yield the lines that are not empty, in order, in small memory however long a line is.

    A line of more than `longest` bytes is bad; where the file breaks off stands a last bad line, whose reason ends
    in `repair`. Raises SettingsError only where a file cannot be opened.
    """
    number = 0
    with _opened(source) as lines:
        try:
            while line := lines.readline(longest + 1):
                number += 1
                whole = len(line) <= longest
                while not line.endswith(b"\n") and len(line) > longest:
                    line = lines.readline(longest + 1)
                if not whole:
                    yield BadLine(number, f"is longer than {longest} bytes")
                elif text := line.removeprefix(_MARK).strip():
                    yield Line(number, text)
        except (OSError, EOFError, zlib.error) as error:
            yield BadLine(number + 1, f"the file breaks off here ({type(error).__name__}){repair}")


def each(lines: Iterable[Line | BadLine], read: Callable[[bytes], T]) -> Iterator[T | BadLine]:
    """Yield what `read` makes of each line; where it raises ValueError, whose text says why, a bad line.

    >>> [line.number for line in each([Line(1, b"7"), Line(2, b"x")], int) if isinstance(line, BadLine)]
    [2]
    """
    for line in lines:
        if isinstance(line, BadLine):
            yield line
            continue
        try:
            found = read(line.text)
        except ValueError as error:
            yield BadLine(line.number, str(error))
        else:
            yield found


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(source, Path):
        yield source
        return
    try:
        plain = source.open("rb")
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(source), repair="check the path") from None
    with plain:
        yield cast("BinaryIO", gzip.GzipFile(fileobj=plain)) if source.name.endswith(".gz") else plain
