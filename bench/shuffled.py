"""Posts in another order: alerts on labelled streams whose arrivals are dealt out anew within ten minutes.

Letters told within hours among others, and posts about events, as for alerts (bench/alert_streams.py). What is seeded
is the stream and the order. An alert is the same where kind, level and rule are, at most twenty minutes apart, and at
least half of the posts that either stood on.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from statistics import mean

from msgspec.structs import replace

from answerable.app.trial.sent import Said
from answerable.clock import MINUTE
from bench import alert_streams as streams
from bench.alert_streams import Stream
from bench.alerts import digest, sent
from bench.figure import Figure
from crawlers.border import RawItem

__all__ = ["SEEDS", "digest", "kept", "rows", "same", "share", "shuffled"]

SEEDS = (1, 2, 3)
WITHIN = 10 * MINUTE
_EVENTS = 3000


def rows() -> list[Figure]:
    """Measure each stream at every seed."""
    return [
        _figure("tipdm_c told within hours", [kept(streams.spreading(seed), seed) for seed in SEEDS]),
        _figure("event2012", [kept(streams.events(_EVENTS), seed) for seed in SEEDS]),
    ]


def kept(stream: Stream, seed: int) -> float:
    """Return which share of alerts is the same, of those in the order that has more of them."""
    other = replace(stream, items=tuple(shuffled(stream.items, seed)))
    return share(sent(stream).alerts, sent(other).alerts)


def share(ours: Sequence[Said], theirs: Sequence[Said]) -> float:
    """Return the share of alerts of either order that the other has too; the smaller one."""
    return min(_found(ours, theirs), _found(theirs, ours))


def _found(ours: Sequence[Said], theirs: Sequence[Said]) -> float:
    return sum(any(same(one, other) for other in theirs) for one in ours) / max(1, len(ours))


def shuffled(items: Iterable[RawItem], seed: int) -> list[RawItem]:
    """Return posts whose arrivals are dealt out anew among those of the same ten minutes."""
    chance = random.Random(seed)  # noqa: S311 — a seeded shuffle
    windows: dict[int, list[RawItem]] = {}
    for item in items:
        windows.setdefault(item.fetched_at // WITHIN, []).append(item)
    found = []
    for window in windows.values():
        arrivals = [item.fetched_at for item in window]
        chance.shuffle(arrivals)
        found += [replace(item, fetched_at=at) for item, at in zip(window, arrivals, strict=True)]
    return found


def same(one: Said, other: Said) -> bool:
    """Tell whether two alerts say the same of the same posts, at about the same time."""
    ours, theirs = set(one.posts), set(other.posts)
    told = (one.kind, one.level, one.rule) == (other.kind, other.level, other.rule)
    return told and abs(one.at - other.at) <= 2 * WITHIN and 2 * len(ours & theirs) >= len(ours | theirs)


def _figure(data: str, values: Sequence[float]) -> Figure:
    return Figure(
        table="shuffled", data=data, name="alerts that are the same", value=round(mean(values), 4), goal=0.98,
        spread=(round(min(values), 4), round(max(values), 4)), note="arrivals dealt out anew within ten minutes",
    )  # fmt: skip
