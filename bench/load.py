"""Turn labelled sets that lie beside the checkout into posts as `answerable replay` reads them.

python -m bench.load tipdm_c OUT.jsonl
python -m bench.load event2012 OUT.jsonl
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import lzma
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

__all__ = ["DATA", "SETS", "Row", "digest_of", "labels", "load", "read", "table"]

DATA = Path(__file__).parents[2] / "shared" / "data"
Row = dict[str, Any]


def _letters(row: Row) -> Row:
    return {
        "id": row["id"], "source": "letters.tipdm", "kind": "letter", "title": row["subject"], "text": row["detail"],
        "author": row["user"], "published_at": _utc(row["time"]), "lang": "zh", "counts": {"likes": row["likes"]},
    }  # fmt: skip


def _microblog(row: Row) -> Row:
    return {
        "id": row["id"], "source": "microblog.event2012", "kind": "microblog", "text": row["text"],
        "author": row["user"], "published_at": _utc(row["time"]), "lang": "en",
    }  # fmt: skip


SETS: dict[str, tuple[str, Callable[[Row], Row]]] = {
    "tipdm_c": ("zh/tipdm_c/stream", _letters),
    "event2012": ("en/event2012/dev", _microblog),
}


def load(name: str) -> Iterator[Row]:
    """Yield the posts of a set in the form of an input line."""
    path, convert = SETS[name]
    for row in read(path):
        yield convert(row)


def labels(name: str) -> dict[str, str]:
    """Return the incident of each labelled post, by post id."""
    return {row["id"]: str(row["label"]) for row in read(SETS[name][0]) if row["label"] is not None}


def read(name: str, packed: Literal["gz", "xz"] = "gz") -> Iterator[Row]:
    """Yield the rows of a set of a name such as zh/tipdm_c/stream: JSON lines, packed."""
    path, decode = DATA / f"{name}.jsonl.{packed}", msgspec.json.Decoder().decode
    with gzip.open(path) if packed == "gz" else lzma.open(path) as lines:
        for line in lines:
            yield decode(line)


def table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a packed CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def digest_of(names: Iterable[str]) -> str:
    """Identify the data of these files, in this order."""
    found = hashlib.sha256()
    for name in names:
        found.update((DATA / name).read_bytes())
    return found.hexdigest()[:16]


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in SETS:
        sys.exit(__doc__)
    with Path(sys.argv[2]).open("wb") as out:
        for post in load(sys.argv[1]):
            out.write(msgspec.json.encode(post, order="sorted") + b"\n")
