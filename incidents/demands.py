"""What is asked for, aggregated: distinct demands, how many residents make each, which were answered."""

from __future__ import annotations

from answerable.incident import DemandCount
from answerable.post import Demand
from incidents.records import Group, Tally

__all__ = ["answer", "count", "key_of", "listed", "merge", "unanswered_since"]

_MOST = 64
_LISTED = 12


def key_of(demand: Demand) -> str:
    """Return the key under which equal demands are counted, whoever is asked: many ask without naming anybody.

    >>> key_of(Demand("restore the water", "restore", 0, 7, "water company"))
    'restore|restore the water'
    """
    return f"{demand.category}|{demand.act}"


def count(group: Group, demand: Demand, at: int, new: bool) -> None:
    """Count a demand; `new` tells whether its resident had not made it that day.

    A demand that comes after the answer to it is unmet again, from then on.
    """
    key = key_of(demand)
    known = group.demands.get(key)
    if known is None:
        if len(group.demands) < _MOST:
            group.demands[key] = Tally(demand.act, demand.category, demand.to, 1, at)
        return
    known.residents += 1 if new else 0
    known.first_at = min(known.first_at, at)
    known.to = known.to or demand.to


def answer(group: Group, at: int) -> None:
    """Note an official answer: it answers every demand made before it."""
    for tally in group.demands.values():
        if tally.first_at <= at and tally.answered_at is None:
            tally.answered_at = at


def merge(group: Group, into: Group, both: dict[str, int]) -> None:
    """Add a group's demands to another's; `both` are residents counted in both, by key."""
    for key, tally in group.demands.items():
        known = into.demands.get(key)
        if known is None:
            if len(into.demands) < _MOST:
                into.demands[key] = tally
            continue
        known.residents += tally.residents - both.get(key, 0)
        known.first_at = min(known.first_at, tally.first_at)
        known.to = known.to or tally.to
        answers = [at for at in (known.answered_at, tally.answered_at) if at is not None]
        known.answered_at = max(answers) if len(answers) == 2 else None


def unanswered_since(group: Group) -> int | None:
    """Return when the oldest demand without an answer was first made."""
    return min((tally.first_at for tally in group.demands.values() if tally.answered_at is None), default=None)


def listed(group: Group) -> tuple[DemandCount, ...]:
    """Return the demands of most residents, most first, then the older, then by words."""
    tallies = sorted(group.demands.values(), key=lambda t: (-t.residents, t.first_at, t.act, t.category, t.to or ""))
    return tuple(
        DemandCount(t.act, t.category, t.to, t.residents, t.first_at, t.answered_at) for t in tallies[:_LISTED]
    )
