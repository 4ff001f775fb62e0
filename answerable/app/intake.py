"""Items from a file, with bad lines told on stderr, counted and skipped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from answerable.errors import Rejected
from crawlers.border import RawItem
from crawlers.importer import BadLine, read_items

__all__ = ["Intake"]

_TOLD = 20


class Intake:
    """Iterates over the good items of a file; `bad` counts the others. With `strict` the first bad line ends it."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        self.source, self.strict = source, strict
        self.good = self.bad = 0

    def __iter__(self) -> Iterator[RawItem]:
        """Yield good items in input order; raise Rejected at the first bad line where strict."""
        path: Path | Literal["-"] = "-" if self.source == "-" else Path(self.source)
        for item in read_items(path, sys.stdin.buffer):
            if isinstance(item, BadLine):
                self._set_aside(item)
            else:
                self.good += 1
                yield item

    def report(self) -> int:
        """Say on stderr how it went; return the exit code: 0, or 5 where lines were skipped."""
        if not self.bad:
            return 0
        sys.stderr.write(f"{self.source}: {self.bad} bad lines skipped, {self.good} read\n")
        return 5

    def _set_aside(self, line: BadLine) -> None:
        self.bad += 1
        text = f"{self.source}:{line.number}: {line.reason}"
        if self.strict:
            raise Rejected(text)
        if self.bad <= _TOLD:
            sys.stderr.write(text + "\n")
        elif self.bad == _TOLD + 1:
            sys.stderr.write(f"{self.source}: further bad lines are only counted\n")
