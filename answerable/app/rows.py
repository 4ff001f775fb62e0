"""The lines that other programs read: sorted keys, no spaces, RFC 3339 times, ids as they came in."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from alerts.alert import Alert
from alerts.entry import Entry
from answerable.clock import show
from answerable.incident import Change, DemandCount, Evidence, IncidentUpdate
from answerable.post import Analysis, Post

__all__ = ["Row", "alert_row", "analysed_row", "incident_row", "line", "opened", "write_lines"]

Row = dict[str, Any]  # one JSON object of formats.md on its way out
Native = Callable[[str], str]


def line(row: Row) -> bytes:
    """Encode one line, with its line feed.

    >>> line({"b": 1, "a": "澜"}).decode().strip()
    '{"a":"澜","b":1}'
    """
    return msgspec.json.encode(row, order="sorted") + b"\n"


def write_lines(path: str | Path, rows: Iterable[Row]) -> int:
    """Write rows to a file, compressed where it ends in .gz, or to stdout for "-"; return how many."""
    count = 0
    with opened(path) as out:
        for row in rows:
            out.write(line(row))
            count += 1
    return count


@contextmanager
def opened(target: str | Path) -> Iterator[IO[bytes]]:
    """Open a file to write bytes to, compressed where its name ends in .gz; "-" is stdout."""
    path = str(target)
    if path == "-":
        with io.FileIO(sys.stdout.fileno(), "wb", closefd=False) as out, io.BufferedWriter(out) as buffered:
            yield buffered
        return
    with Path(path).open("wb") as file:
        if not path.endswith(".gz"):
            yield file
            return
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            yield packed  # type: ignore[misc] # a GzipFile writes bytes like any binary file


def analysed_row(native: str, post: Post, analysis: Analysis) -> Row:
    """Return what was read from one post; texts of places and demands are the masked words of the body."""
    body = post.body
    return {
        "id": native,
        "lang": analysis.lang,
        "sentiment": {"label": analysis.sentiment.label, "p": analysis.sentiment.p},
        "emotion": {"label": analysis.emotion.label, "p": analysis.emotion.p},
        "topics": [{"id": topic.id, "p": topic.p} for topic in analysis.topics],
        "places": [{"id": p.id, "start": p.start, "end": p.end, "text": p.text, "p": p.p} for p in analysis.places],
        "area": analysis.area,
        "demands": [
            {"act": d.act, "start": d.start, "end": d.end, "text": body[d.start : d.end], "to": d.to}
            for d in analysis.demands
        ],
        "harm": [{"class": harm.cls, "kind": harm.kind} for harm in analysis.harm],
        "terms": [term.text for term in analysis.terms],
    }


def incident_row(entry: Entry, final: IncidentUpdate, title: str, native: Native) -> Row:
    """Return one incident as it stood at the end."""
    return {
        "id": final.incident,
        "title": title,
        "area": final.area,
        "topics": [topic.id for topic in final.topics],
        "opened_at": show(final.opened_at),
        "closed_at": show(final.at) if final.change in (Change.CLOSED, Change.MERGED) else None,
        "first_post": native(final.first_post),
        "posts": final.posts,
        "authors": {"least": final.authors.least, "most": final.authors.most},
        "sources": list(final.sources),
        "duplicates": final.duplicates,
        "vanished": final.vanished,
        "level": entry.level,
        "peak_at": show(final.peak_at),
        "peak_per_hour": final.peak_per_hour,
        "history": [{"at": show(step.at), "level": step.level, "why": _why(step.why)} for step in entry.levels],
        "demands": [_demand(demand) for demand in final.demands],
        "indicators": {one.name: {"score": one.score, "evidence": _why(one.evidence)} for one in final.indicators},
        "links": sorted(entry.joined),
    }  # fmt: skip


def _demand(demand: DemandCount) -> Row:
    answered = None if demand.answered_at is None else show(demand.answered_at)
    return {
        "act": demand.act, "category": demand.category, "to": demand.to, "residents": demand.residents,
        "first_at": show(demand.first_at), "answered_at": answered,
    }  # fmt: skip


def alert_row(alert: Alert) -> Row:
    """Return one alert."""
    return {
        "at": show(alert.at),
        "incident": alert.incident,
        "kind": alert.kind,
        "level": alert.level,
        "rule": alert.rule,
        "why": _why(alert.why),
    }


def _why(evidence: Iterable[Evidence]) -> list[Row]:
    return [{"name": one.name, "value": one.value, "baseline": one.baseline} for one in evidence]
