"""Posts in another order: alerts on labelled streams whose arrivals are dealt out anew within ten minutes.

Letters told within hours among others, and posts about events, as for alerts (bench/alert_streams.py). What is seeded
is the stream and the order. An alert is the same where kind and level are, at most twenty minutes apart, about the
same matter: at the end of the ten minutes in which the later of the two was sent both orders have heard the same
posts, and then half of those that stand in either incident stand in both. Each alert is the same as one at most.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Sequence
from statistics import mean

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from answerable.app.trial.sent import Said, Sent
from answerable.clock import MINUTE
from bench import alert_streams as streams
from bench.alert_streams import Stream
from bench.alerts import digest, sent
from bench.figure import Figure
from crawlers.border import RawItem
from incidents.policy import after

__all__ = ["ORDERS", "SEEDS", "Order", "digest", "heard", "kept", "rows", "same", "share", "shuffled"]

SEEDS = (1, 2, 3)
ORDERS = range(1, 8)  # of events: a dozen alerts and a half, so that one order says little
WITHIN = 10 * MINUTE
_EVENTS = 3000


class Order(Struct, frozen=True):
    """Alerts on posts in one order, and a look at which stood in an alert's incident at an instant."""

    alerts: Sequence[Said]
    held: Callable[[Said, int], Collection[str]]


def rows() -> list[Figure]:
    """Measure each stream at every seed."""
    events = streams.events(_EVENTS)
    ours = heard(sent(events))
    return [
        *_figures("tipdm_c told within hours", [_both(streams.spreading(seed), seed) for seed in SEEDS]),
        *_figures("event2012", [(ours, _dealt(events, seed)) for seed in ORDERS]),
    ]


def kept(stream: Stream, seeds: Sequence[int]) -> float:
    """Return which share of alerts is the same, of those in the order that has more of them: the mean over orders."""
    ours = heard(sent(stream))
    return mean(share(ours, _dealt(stream, seed)) for seed in seeds)


def heard(found: Sent) -> Order:
    """Return what was sent about posts in one order."""
    if found.stood is None:
        raise ValueError("nothing was sent")
    stood = found.stood
    return Order(found.alerts, lambda alert, at: stood.told(alert.incident, min(alert.posts, default=""), at))


def _both(stream: Stream, seed: int) -> tuple[Order, Order]:
    return heard(sent(stream)), _dealt(stream, seed)


def _dealt(stream: Stream, seed: int) -> Order:
    return heard(sent(replace(stream, items=tuple(shuffled(stream.items, seed)))))


def share(ours: Order, theirs: Order, by_rule: bool = False) -> float:
    """Return the share of alerts that are the same, of those in the order that has more; 1 where neither has any.

    With `by_rule` the rule that sends them has to be the same too.
    """
    pairs = np.array(
        [[same(one, other, ours, theirs, by_rule) for other in theirs.alerts] for one in ours.alerts], dtype=bool
    )
    most = max(len(ours.alerts), len(theirs.alerts))
    if not pairs.any():
        return float(most == 0)
    return float((maximum_bipartite_matching(csr_array(pairs)) >= 0).sum()) / most


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


def same(one: Said, other: Said, ours: Order, theirs: Order, by_rule: bool = False) -> bool:
    """Tell whether two alerts, one of either order, say the same of the same matter at about the same time."""
    told = (one.kind, one.level) == (other.kind, other.level) and (one.rule == other.rule or not by_rule)
    if not told or abs(one.at - other.at) > 2 * WITHIN:
        return False
    until = after(max(one.at, other.at), WITHIN)
    here, there = set(ours.held(one, until)), set(theirs.held(other, until))
    return 2 * len(here & there) >= max(1, len(here | there))


def _figures(data: str, pairs: Sequence[tuple[Order, Order]]) -> list[Figure]:
    return [
        _figure(data, "alerts that are the same", 0.98, [share(*pair) for pair in pairs]),
        _figure(data, "alerts that are the same and by the same rule", None, [share(*pair, True) for pair in pairs]),
    ]


def _figure(data: str, name: str, goal: float | None, values: Sequence[float]) -> Figure:
    return Figure(
        table="shuffled", data=data, name=name, value=round(mean(values), 4), goal=goal,
        spread=(round(min(values), 4), round(max(values), 4)), note="arrivals dealt out anew within ten minutes",
    )  # fmt: skip
