"""Which posts are about which known matter, from a file; bad lines are told on stderr, counted and skipped."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from answerable.errors import Rejected, SettingsError

__all__ = ["Labels", "read_labels"]

_TOLD = 20
_REPAIR = 'write {"id":"…","incident":"…"}'
_Id = Annotated[str, Meta(min_length=1)] | int


class _Line(Struct, frozen=True):
    id: _Id
    incident: _Id | None


class Labels(Struct, frozen=True):
    """The matter of each labelled post, by the id that the input gives the post; how many lines were bad."""

    matters: dict[str, str]
    bad: int = 0


def read_labels(path: Path, *, strict: bool = False) -> Labels:
    """Read lines of id and incident; a post whose incident is null has no label.

    Raise SettingsError where the file cannot be opened, Rejected at the first bad line where strict.
    """
    matters: dict[str, str] = {}
    bad = 0
    for number, line in _lines(path):
        try:
            _take(line, matters)
        except ValueError as error:
            bad += 1
            text = f"{path}:{number}: {error}"
            if strict:
                raise Rejected(text) from None
            if bad <= _TOLD:
                sys.stderr.write(text + "\n")
    if bad:
        more = f" ({bad - _TOLD} of them not told)" if bad > _TOLD else ""
        sys.stderr.write(f"{path}: {bad} bad lines skipped{more}, {len(matters)} labels read\n")
    return Labels(matters, bad)


def _take(line: bytes | None, matters: dict[str, str]) -> None:
    """Read one line into `matters`; raise ValueError that says what is wrong and the repair, never what it quotes.

    >>> _take(b'{"id":7}', {})
    Traceback (most recent call last):
        ...
    ValueError: has no incident; write {"id":"…","incident":"…"}
    """
    if line is None:
        raise ValueError("the file breaks off here; fetch it again")
    try:
        found = msgspec.json.decode(line, type=_Line)
    except msgspec.ValidationError as error:
        missing = next((key for key in ("id", "incident") if f"missing required field `{key}`" in str(error)), None)
        what = f"has no {missing}" if missing else "id or incident is no word"
        raise ValueError(f"{what}; {_REPAIR}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError(f"is no JSON object; {_REPAIR}") from None
    if found.incident is None:
        return
    if matters.setdefault(str(found.id), str(found.incident)) != str(found.incident):
        raise ValueError("gives a post a second incident; leave one of the lines")


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield the numbered lines that are not empty; None stands where the file breaks off."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(path), repair="check the path") from None
    number = 0
    with plain, gzip.GzipFile(fileobj=plain) if path.name.endswith(".gz") else plain as lines:
        try:
            for number, line in enumerate(lines, 1):
                text = line.removeprefix(b"\xef\xbb\xbf").strip()
                if text:
                    yield number, text
        except (OSError, EOFError, zlib.error):
            yield number + 1, None
