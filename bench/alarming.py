"""What a rule makes of series whose incidents are known: recall by size, lead before the peak, false alerts."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

from answerable.clock import DAY, HOUR
from bench.simulated import BEGIN, SIZES, Stream
from incidents.baseline import Baseline
from incidents.growth import ALARM, rung
from incidents.policy import Policy

__all__ = ["REFRACTORY", "Outcome", "outcome", "product"]

REFRACTORY = 6 * HOUR
_AFTERMATH = 3 * HOUR


class Outcome(Struct, frozen=True):
    """False alerts a series and week; by size of incident: share found, hours of lead (median), posts seen (median).

    Lead and posts are of incidents that were found; lead is counted to the middle of the incident, its peak.
    """

    false: float
    recall: dict[int, float]
    lead: dict[int, float]
    seen: dict[int, float]


def product(stream: Stream, alarm: float = ALARM, authors: int | None = None) -> list[list[int]]:
    """Return when each series alarms: a surge that climbs a rung, and k authors within a day, as in the fold.

    A rung is forgotten six hours after it was told.
    """
    k = Policy().k_authors if authors is None else authors
    return [_alarms(times, alarm, k) for times in stream.series]


def _alarms(times: Sequence[int], alarm: float, k: int) -> list[int]:
    usual, day = Baseline(first=BEGIN), deque[int]()
    found: list[int] = []
    told = silent_until = 0
    for at in times:
        usual.note(at, at)
        day.append(at)
        while day[0] <= at - DAY:
            day.popleft()
        told = told if at < silent_until else 0
        reached = rung(usual.surge(at), alarm) if len(day) >= k else 0
        if reached > told:
            found.append(at)
            told, silent_until = reached, at + REFRACTORY
    return found


def outcome(stream: Stream, alarms: Sequence[Sequence[int]]) -> Outcome:
    """Judge alarms: one within an incident finds it, one in the three hours after it is neither, others are false."""
    rest = [set(each) for each in alarms]
    found: dict[int, list[tuple[float, int] | None]] = {size: [] for size in SIZES}
    for one in stream.incidents:
        inside = sorted(at for at in rest[one.series] if one.begin <= at <= one.end + _AFTERMATH)
        rest[one.series].difference_update(inside)
        if inside and inside[0] <= one.end:
            posts = sum(1 for at in stream.series[one.series] if one.begin <= at <= inside[0])
            found[one.size].append(((one.peak - inside[0]) / HOUR, posts))
        else:
            found[one.size].append(None)
    hits = {size: [hit for hit in each if hit is not None] for size, each in found.items()}
    return Outcome(
        false=sum(map(len, rest)) / (len(stream.series) * stream.weeks),
        recall={size: len(hits[size]) / max(1, len(found[size])) for size in SIZES},
        lead={size: median(lead for lead, _ in hits[size]) if hits[size] else 0.0 for size in SIZES},
        seen={size: median(posts for _, posts in hits[size]) if hits[size] else 0.0 for size in SIZES},
    )
