"""The order in which the desk hears of incidents, and what it need not hear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from answerable.incident import IncidentUpdate

__all__ = ["in_order", "newest"]


def in_order(updates: Iterable[IncidentUpdate]) -> list[IncidentUpdate]:
    """Sort by (at, incident, revision), so that partitions cannot be told from the order."""
    return sorted(updates, key=lambda update: (update.at, update.incident, update.revision))


def newest(updates: Sequence[IncidentUpdate]) -> list[IncidentUpdate]:
    """Leave of an incident's updates at one instant the last: posts that were seen together are told together."""
    last = {(update.at, update.incident): update.revision for update in updates}
    return [update for update in updates if last[update.at, update.incident] == update.revision]
