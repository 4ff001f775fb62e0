"""Good lines of a file, with bad ones told on stderr, counted and skipped."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

from answerable.errors import Rejected
from answerable.lines import BadLine

__all__ = ["GoodLines", "named"]

_TOLD = 20
T = TypeVar("T")


def named(source: str) -> Path | BinaryIO:
    """Return what a person names: a path, or standard input for "-"."""
    return sys.stdin.buffer if source == "-" else Path(source)


class GoodLines(Generic[T]):
    """Iterates over what was read of the good lines; `bad` counts the others, of which the first twenty are told.

    `noun` is what the file holds, lines or rows. With `strict` the first bad line ends it.
    """

    def __init__(
        self, source: str, lines: Iterable[T | BadLine], *, strict: bool = False, noun: str = "lines"
    ) -> None:
        self.source, self.strict, self.noun = source, strict, noun
        self.good = self.bad = 0
        self._lines = lines

    def __iter__(self) -> Iterator[T]:
        """Yield in input order; raise Rejected at the first bad line where strict, SettingsError without a file."""
        for one in self._lines:
            if isinstance(one, BadLine):
                self._set_aside(one)
            else:
                self.good += 1
                yield one

    def report(self, read: str = "") -> int:
        """Say on stderr how it went, in the words of `read` where given; return 0, or 5 where lines were skipped."""
        if not self.bad:
            return 0
        sys.stderr.write(f"{self.source}: {self.bad} bad {self.noun} skipped, {read or f'{self.good} read'}\n")
        return 5

    def _set_aside(self, line: BadLine) -> None:
        self.bad += 1
        text = f"{self.source}:{line.number}: {line.reason}"
        if self.strict:
            raise Rejected(text)
        if self.bad <= _TOLD:
            sys.stderr.write(text + "\n")
        elif self.bad == _TOLD + 1:
            sys.stderr.write(f"{self.source}: further bad {self.noun} are only counted\n")
