"""Figures of the gate on matters among chatter: what is shown of each.

Reports to a city, or letters to a board, all of them within two weeks, among three times as many short texts that
are none: reviews of goods, tweets. Everything is folded as one area. A group that enough people speak in counts as a
matter where most of its posts are reports or letters, as chatter where most are not; it is shown if it ever was.
Rules were chosen on the first week of seed 1; figures are those of groups that got posts in the second week.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import mean

from msgspec import Struct
from msgspec.structs import replace

from answerable.app.backfill import backfill
from answerable.app.items import Items
from answerable.clock import DAY, parse
from answerable.post import AnalysedPost, Kind, decode, post_id
from answerable.settings import load
from bench import alert_streams as streams
from bench.figure import Figure
from bench.load import digest_of, read
from crawlers.border import RawItem
from incidents import gate
from incidents.area import AreaFold

__all__ = ["SEEDS", "Seen", "digest", "letters", "reports", "rows"]

SEEDS = (1, 2, 3)
_BEGIN, _SPAN = parse("2026-01-05T00:00:00Z"), 14 * DAY
_NOISE = 3
_SETS = (streams.LETTERS, streams.REPORTS, *streams.REVIEWS, *streams.TWEETS)


class Seen(Struct, frozen=True):
    """Of groups that enough people speak in: matters shown, matters in all, chatter shown, chatter in all."""

    matters_shown: int
    matters: int
    chatter_shown: int
    chatter: int


def digest() -> str:
    """Identify the data."""
    return digest_of(f"{name}.jsonl.gz" for name in _SETS)


@cache
def letters(seed: int, count: int = 2000) -> Seen:
    """Return what is shown of letters to a board among reviews of goods."""
    return _seen(streams.letters().items, streams.REVIEWS, seed, count)


@cache
def reports(seed: int, count: int = 2000) -> Seen:
    """Return what is shown of reports to a city among tweets."""
    items = [
        RawItem(
            id=row["id"], source="reports", kind=Kind.REPORT, title=row["title"] or "", text=row["text"],
            author=row["id"], published_at=parse(row["time"]), fetched_at=parse(row["time"]),
        )
        for row in read(streams.REPORTS)
    ]  # fmt: skip
    return _seen(items, streams.TWEETS, seed, count)


def rows() -> list[Figure]:
    """Return every figure of the gate."""
    made = []
    for name, measure in (("tipdm_c letters among reviews", letters), ("newhaven_issues among tweets", reports)):
        seen = [measure(seed) for seed in SEEDS]
        note = f"{sum(one.matters for one in seen)} and {sum(one.chatter for one in seen)} groups of many"
        for figure, values, better in (
            ("matters shown", [one.matters_shown / max(1, one.matters) for one in seen], True),
            ("chatter shown", [one.chatter_shown / max(1, one.chatter) for one in seen], False),
        ):
            made.append(
                Figure(
                    table="gate", data=name, name=figure, value=round(mean(values), 3),
                    spread=(round(min(values), 3), round(max(values), 3)), better="more" if better else "less",
                    note=note,
                )
            )  # fmt: skip
    return made


def _seen(items: Sequence[RawItem], sets: Sequence[str], seed: int, count: int) -> Seen:
    chance = random.Random(seed)  # noqa: S311 — seeded
    begin, end = min(item.published_at for item in items), max(item.published_at for item in items) + 1
    own = [_at(item, _BEGIN + (item.published_at - begin) * _SPAN // (end - begin)) for item in items]
    own = chance.sample(own, min(count, len(own)))
    texts = sorted({row["text"] for name in sets for row in read(name) if len(row["text"]) >= 5})
    noise = [
        RawItem(
            id=f"noise{number}", source="chatter", kind=Kind.MICROBLOG, title="", text=text, author=f"n{number}",
            published_at=_BEGIN, fetched_at=_BEGIN,
        )
        for number, text in enumerate(chance.sample(texts, min(len(texts), _NOISE * len(own))))
    ]  # fmt: skip
    noise = [_at(item, _BEGIN + chance.randrange(_SPAN)) for item in noise]
    return _folded(_analysed(Items([*own, *noise])), {post_id(item.source, item.id) for item in noise})


def _at(item: RawItem, at: int) -> RawItem:
    return replace(item, published_at=at, fetched_at=at)


def _analysed(items: Items) -> list[AnalysedPost]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            "ANSWERABLE_FILES__GAZETTEER": str(streams.gazetteer(folder)), "ANSWERABLE_NLP__WORKERS": "1",
        }  # fmt: skip
        chunks = backfill(items, load(environ=environ), folder / "keys")
        records = [decode(message.value) for chunk in chunks for message in chunk.messages]
        return [record for record in records if isinstance(record, AnalysedPost)]


def _folded(posts: Sequence[AnalysedPost], noise: set[str]) -> Seen:
    fold = AreaFold("city")
    for post in posts:
        fold.fold(replace(post, area="city"))
    counts = [0, 0, 0, 0]
    for name, members in fold.memory.members.items():
        group = fold.memory.groups[name]
        if gate.enough(group, fold.memory.policy) and group.last_at >= _BEGIN + _SPAN // 2:
            kind = 2 if 2 * sum(post in noise for post in members) > len(members) else 0
            counts[kind] += group.shown
            counts[kind + 1] += 1
    return Seen(*counts)
