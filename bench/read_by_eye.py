"""Incidents of a dense stream, drawn at random, to be read by eye.

All letters to one board, each with its real day of month and hour, from every month moved into one of three, and
three unrelated texts a letter at random times go through `answerable replay`. People see an incident from five
author-days on, in place of ten, so that there are enough. Of those they see fifty are drawn and written down: title,
place, office, then the posts. Is it one matter? Do place, title and office fit? Texts stay beside the checkout.

python -m bench.read_by_eye OUT [SEED]
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec

from answerable.app import wiring
from answerable.app.rows import line
from answerable.clock import parse, show
from answerable.settings import load
from bench import alert_streams as streams
from bench.load import Row, read
from crawlers.border import RawItem
from nlp.taxonomy import Taxonomies

__all__ = ["drawn", "page", "replayed", "stream"]

_DRAWN, _POSTS, _LONG = 50, 30, 150
_RESIDENTS = 5
_YEAR = "2019"
_SETS = ("zh/tipdm_c/labelled", *streams.OTHER_LETTERS, streams.LETTERS)  # of one text the last holds


def stream(seed: int) -> streams.Stream:
    """Return the letters within three months, among chatter."""
    rows = {row["detail"]: row for name in _SETS for row in read(name) if row["detail"] and row["time"]}
    items = [streams.letter(row, parse(_within(row["time"]))) for _, row in sorted(rows.items())]
    own = streams.Stream("letters of one board", tuple(items), {}, 13, areas=13)
    return streams.among_chatter(own, seed, (*streams.REVIEWS, "en/umsab/dev"))


def replayed(of: streams.Stream, out: Path) -> None:
    """Put a stream through the whole pipeline into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    source = out / "posts.jsonl"
    source.write_bytes(b"".join(line(_row(item)) for item in of.items))
    command = [sys.executable, "-m", "answerable", "replay", str(source), "--out", str(out / "replay")]
    command += ["--gazetteer", str(streams.gazetteer(out))]
    environ = {**os.environ, "ANSWERABLE_INCIDENTS__K_TOKEN_DAYS": str(_RESIDENTS)}
    subprocess.run(command, env=environ, check=True)  # noqa: S603 — our own command


def drawn(incidents: list[Row], seed: int) -> list[Row]:
    """Return fifty incidents at random, all where there are fewer."""
    return random.Random(seed).sample(incidents, min(_DRAWN, len(incidents)))  # noqa: S311 — seeded


def page(number: int, incident: Row, posts: list[tuple[RawItem, Row]], office: str) -> str:
    """Return what is to be read of one incident: its head, and its posts or as many as one reads."""
    places = Counter(place for _, row in posts for place in {found["id"] for found in row["places"]})
    head = (
        f"# {number}. {incident['title']}",
        f"{incident['id']} · {len(posts)} posts · {incident['opened_at']}",
        f"{office} · {', '.join(incident['topics'])}",
        " ".join(f"{place}×{count}" for place, count in places.most_common(8)),
    )
    chosen = posts if len(posts) <= _POSTS else random.Random(0).sample(posts, _POSTS)  # noqa: S311 — seeded
    told = (f"- {item.kind} {show(item.published_at)[:10]} {item.title} | {item.text[:_LONG]}" for item, _ in chosen)
    return "\n".join([*head, *(text.replace("\n", " ") for text in told), ""])


def _within(time: str) -> str:
    """Move an instant into January, February or March of one year."""
    month, day = (int(time[5:7]) - 1) % 3 + 1, int(time[8:10])
    return f"{_YEAR}-{month:02}-{min(day, 28 if month == 2 else 31):02}{time[10:]}"


def _row(item: RawItem) -> Row:
    return {
        "id": item.id, "source": item.source, "kind": item.kind, "title": item.title, "text": item.text,
        "author": item.author, "published_at": show(item.published_at),
    }  # fmt: skip


def _offices(rows: list[Row], taxonomies: Taxonomies) -> str:
    votes = Counter(taxonomies.office_of(row["topics"][0]["id"]) or "none" for row in rows if row["topics"])
    return votes.most_common(1)[0][0] if votes else "none"


def _write(of: streams.Stream, out: Path, seed: int) -> None:
    decode = msgspec.json.Decoder(Row).decode
    members: dict[str, list[tuple[RawItem, Row]]] = {}
    items = {item.id: item for item in of.items}
    for text in (out / "replay" / "analysed.jsonl").open("rb"):
        row = decode(text)
        members.setdefault(row["incident"] or "", []).append((items[row["id"]], row))
    incidents = [
        row for row in map(decode, (out / "replay" / "incidents.jsonl").open("rb")) if members.get(row["id"])
    ]  # fmt: skip
    taxonomies = wiring.taxonomies(load())
    pages = [
        page(number, row, members[row["id"]], _offices([found for _, found in members[row["id"]]], taxonomies))
        for number, row in enumerate(drawn(incidents, seed), 1)
    ]
    (out / f"pages-{seed}.md").write_text("\n".join(pages), "utf-8")
    print(f"{len(incidents)} incidents, {len(pages)} drawn: {out}/pages-{seed}.md")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    folder, chosen = Path(sys.argv[1]), int((sys.argv[2:] or ["1"])[0])
    made = stream(1)
    if not (folder / "replay" / "summary.json").exists():
        os.nice(12)
        replayed(made, folder)
    _write(made, folder, chosen)
