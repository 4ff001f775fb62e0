"""Reading posts from JSON Lines: a file, a .gz file or standard input; a bad line is told and skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import msgspec
from msgspec import Meta, Struct

from answerable import clock
from answerable.lines import BadLine, numbered
from answerable.post import Counts, Kind
from answerable.strict import nearest
from crawlers.border import RawItem

__all__ = ["MAX_LINE_BYTES", "BadLine", "read_items", "read_line"]

MAX_LINE_BYTES = 1 << 20
_LATEST = 253402214400
_Id = Annotated[str, Meta(min_length=1, max_length=1000)] | int
_Count = Annotated[int, Meta(ge=0)]


class _Counts(Struct, frozen=True):
    likes: _Count = 0
    replies: _Count = 0
    reposts: _Count = 0
    views: _Count = 0


class _Line(Struct, frozen=True):
    """A post as formats.md writes it; unknown fields are ignored."""

    id: _Id
    source: Annotated[str, Meta(min_length=1, max_length=200)]
    text: str
    published_at: str
    kind: Kind = Kind.REPORT
    title: str | None = None
    url: str | None = None
    author: str | int | None = None
    fetched_at: str | None = None
    lang: str | None = None
    place: str | None = None
    reply_to: _Id | None = None
    repost_of: _Id | None = None
    counts: _Counts | None = None


_decoder = msgspec.json.Decoder(_Line)
_AT = re.compile(r" - at `\$\.?([^`]*)`$")


def read_items(path: Path | Literal["-"], stdin: BinaryIO) -> Iterator[RawItem | BadLine]:
    """Yield an item or a BadLine for each line that is not empty, in order.

    Ends with a BadLine where the file breaks off; raises SettingsError only where it cannot be opened.
    """
    for line in numbered(stdin if path == "-" else path, MAX_LINE_BYTES):
        yield line if isinstance(line, BadLine) else read_line(line.number, line.text)


def read_line(number: int, line: bytes) -> RawItem | BadLine:
    """Read one line.

    >>> read_line(7, b'{"id":1,"source":"s","text":"t","published_at":"2026-03-01T08:00:00"}').reason
    'published_at: has no offset; write …Z or …+08:00'
    >>> read_line(8, b'{"id":1,"source":"s","text":"t","kind":"leter"}').reason[:44]
    "kind: is unknown, did you mean 'letter'? One"
    """
    try:
        raw = _decoder.decode(line)
        published = _time("published_at", raw.published_at)
        fetched = published if raw.fetched_at is None else _time("fetched_at", raw.fetched_at)
    except UnicodeDecodeError:
        return BadLine(number, "is not UTF-8")
    except msgspec.ValidationError as error:
        return BadLine(number, _reason(str(error)))
    except msgspec.DecodeError:
        return BadLine(number, "is no JSON object")
    except RecursionError:
        return BadLine(number, "is nested too deeply")
    except ValueError as error:
        return BadLine(number, str(error))
    counts = raw.counts
    return RawItem(
        id=str(raw.id),
        source=raw.source,
        kind=raw.kind,
        title=raw.title or "",
        text=raw.text,
        url=raw.url,
        author=None if raw.author is None else str(raw.author),
        published_at=published,
        fetched_at=fetched,
        lang=raw.lang,
        place=raw.place,
        reply_to=_id(raw.reply_to),
        repost_of=_id(raw.repost_of),
        counts=Counts() if counts is None else Counts(counts.likes, counts.replies, counts.reposts, counts.views),
    )


def _id(native: str | int | None) -> str | None:
    return None if native is None else str(native)


def _time(key: str, text: str) -> int:
    """Read a time; raise ValueError that names the key and never the text."""
    try:
        at = clock.parse(text)
    except (ValueError, OverflowError) as error:
        naive = "has no offset" in str(error)
        what = "has no offset; write …Z or …+08:00" if naive else "is no RFC 3339 time"
        raise ValueError(f"{key}: {what}") from None
    if not 0 <= at < _LATEST:
        raise ValueError(f"{key}: lies outside 1970 to 9999")
    return at


def _reason(text: str) -> str:
    """Say in our words, without the value, what msgspec found."""
    found = _AT.search(text)
    key, what = (found[1], text[: found.start()]) if found else ("", text)
    unknown = re.match(r"Invalid enum value '(.*)'", what, re.DOTALL)
    if unknown or (key == "kind" and what.startswith("Invalid enum")):
        kinds = [kind.value for kind in Kind]
        guess = nearest(unknown[1], kinds) if unknown else ""
        hint = f", {guess}" if guess.startswith("did you") else "."
        return f"{key}: is unknown{hint} One of {', '.join(kinds)}"
    what = what[:1].lower() + what[1:]
    return f"{key}: {what}" if key else what
