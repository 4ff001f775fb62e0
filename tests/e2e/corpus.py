"""Posts of Lanting City as lines of a file: the demo's pages, and offices' answers below them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from answerable.app.demo.city import FOLDER, Entry, pages
from answerable.clock import DAY, MINUTE, parse, show
from crawlers.border import RawItem
from crawlers.importer import read_line

__all__ = ["START", "Line", "city", "items", "lines", "settings_text", "week", "write"]

Line = dict[str, object]
START = parse("2026-03-04T06:00:00Z")
_KINDS = {"letters": "letter", "forum": "forum", "harbour": "forum", "news": "news"}
_EARLIER = 80


def city(start: int) -> list[Line]:
    """Return what stands in the city at `start`, oldest first: pages, and answers to them."""
    return [line for entry in pages(start) for line in _of(entry)]


def week(start: int = START) -> list[Line]:
    """Return about 400 posts: the city at `start`, and a few of the posts that stood there four days before."""
    earlier = [line | {"id": f"old-{line['id']}"} for line in city(start - 4 * DAY) if "reply_to" not in line]
    return [*earlier[:_EARLIER], *city(start)]


def _of(entry: Entry) -> Iterator[Line]:
    common = {"source": entry.board, "url": f"https://lanting.example/{entry.board}/{entry.number}"}
    yield {
        **common, "id": str(entry.number), "kind": _KINDS[entry.board], "title": entry.title, "text": entry.text,
        "author": entry.author, "published_at": show(entry.at), "fetched_at": show(entry.at + 10 * MINUTE),
        "place": entry.place,
    }  # fmt: skip
    if entry.reply is not None:
        office, at, text = entry.reply
        yield {
            **common, "id": f"{entry.number}-reply", "kind": "official", "text": text, "author": office,
            "published_at": show(at), "fetched_at": show(at + 10 * MINUTE), "reply_to": str(entry.number),
        }  # fmt: skip


def lines(posts: Iterable[Line]) -> bytes:
    """Write posts as JSON Lines."""
    return b"".join(json.dumps(post, ensure_ascii=False).encode() + b"\n" for post in posts)


def write(path: Path, posts: Iterable[Line]) -> Path:
    """Write posts to a file; return its path."""
    path.write_bytes(lines(posts))
    return path


def items(posts: Iterable[Line]) -> list[RawItem]:
    """Return posts as the importer reads them."""
    found = [read_line(number, line) for number, line in enumerate(lines(posts).splitlines(), 1)]
    return [item for item in found if isinstance(item, RawItem)]


def settings_text(data: Path, *, smtp: int = 9, partitions: int = 4) -> str:
    """Return settings of a desk in Lanting City that keeps everything below `data`."""
    return f"""
[general]
data_dir = "{data}"
name = "澜汀市"
[legal]
legal_basis = "tests with invented posts"
dpia_reference = "none: nobody is real"
contact = "desk@lanting.example"
[files]
recipients = "{FOLDER / "recipients.yaml"}"
gazetteer = "{FOLDER / "gazetteer.csv"}"
[stream]
partitions = {partitions}
[nlp]
workers = 1
[alerts]
group_minutes = 0
quiet = ""
[smtp]
host = "127.0.0.1"
port = {smtp}
sender = "desk@lanting.example"
timeout_s = 5.0
[console]
port = 0
"""
