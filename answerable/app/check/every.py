"""Every mistake of a file, not only the first: what a reader stops at is cut out, and it reads again."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from answerable.app.check.finding import shown
from answerable.errors import SettingsError

__all__ = ["Cut", "Cutter", "Outcome", "cut_row", "mistakes"]

T = TypeVar("T")
_MOST = 50
_FOLLOWS = re.compile(r"there is no (?:place|office) '?([^']*)'?")


class Cut(Struct, frozen=True):
    """A text without its faulty entry, in which everything else stands where it stood.

    `id` is the entry's own; `key` is the error's key, counted in the whole file.
    """

    text: str
    key: str
    id: str = ""


Cutter = Callable[[str, SettingsError], Cut | None]


class Outcome(Struct, Generic[T], frozen=True):
    """What could be read, the mistakes in the file's order, and the ids of the entries that were left out."""

    value: T | None
    errors: tuple[SettingsError, ...] = ()
    left_out: frozenset[str] = frozenset()


def mistakes(path: Path, read: Callable[[Path], T], cut: Cutter) -> Outcome[T]:
    """Read a file as often as it takes; `value` is None where it cannot be read even without its faulty entries."""
    try:
        return Outcome(read(path))
    except SettingsError as error:
        return _again(path, read, cut, error)


def _again(path: Path, read: Callable[[Path], T], cut: Cutter, first: SettingsError) -> Outcome[T]:
    errors, gone, value = list[SettingsError](), set[str](), None
    error, text = first, path.read_text("utf-8") if first.line else ""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        while len(errors) < _MOST and (piece := cut(text, error)) is not None:
            errors.append(_renamed(error, path, piece.key))
            gone.add(piece.id)
            text = piece.text
            copy.write_text(text, "utf-8")
            try:
                value = read(copy)
                break
            except SettingsError as next_one:
                error = next_one
    told = [error for error in errors if not _follows(error, gone)]
    told.sort(key=lambda error: error.line or 0)
    return Outcome(value, tuple(told or [first]), frozenset(gone - {""}))


def _renamed(error: SettingsError, path: Path, key: str) -> SettingsError:
    return SettingsError(error.what, file=shown(path), line=error.line, key=key, repair=error.repair)


def _follows(error: SettingsError, gone: set[str]) -> bool:
    """Tell whether an error only says that an entry is missing which was left out for a mistake of its own."""
    found = _FOLLOWS.match(error.what)
    return found is not None and found[1] in gone


def cut_row(text: str, error: SettingsError) -> Cut | None:
    """Cut the row that an error names out of a CSV file; its head stays."""
    lines = text.splitlines(keepends=True)
    at = (error.line or 0) - 1
    if not 1 <= at < len(lines) or not lines[at].strip():
        return None
    row, lines[at] = lines[at], "\n"
    return Cut("".join(lines), error.key, row.partition(",")[0].strip())
