"""Residents that carry a level: author-days less those of accounts that pressed (amplification)."""

from __future__ import annotations

import math

from msgspec.structs import replace

from answerable.clock import DAY
from answerable.incident import Between, IncidentUpdate

__all__ = ["Pressed", "noted", "without"]

Pressed = tuple[
    tuple[int, int], ...
]  # (when seen first, residents of the day from then on who do not count), oldest first
_MOST = 90


def noted(before: Pressed, update: IncidentUpdate) -> Pressed:
    """Note how many more authors spoke in an amplified day than they are worth; of 24 hours the most."""
    return _with_today(before, update)[-_MOST:] if update.components.amplified else before


def _with_today(before: Pressed, update: IncidentUpdate) -> Pressed:
    told = update.components
    if told.spoke is None:
        return before
    at, beyond = update.last_at, told.spoke[1] - math.floor(told.effective)
    if before and at - before[-1][0] < DAY:
        since, most = before[-1]
        return (*before[:-1], (since, max(beyond, most)))
    return (*before, (at, beyond))


def without(update: IncidentUpdate, pressed: Pressed) -> IncidentUpdate:
    """Return an update whose residents, service trouble and breadth count people, not accounts that pressed.

    Of the day it tells of, authors count as many as they are worth, whether or not it is amplified yet.
    Danger is left as it was told: whoever may be in need is never weighed.
    """
    pressed = _with_today(pressed, update)
    if not pressed:
        return update
    every, most = sum(n for _, n in pressed), max(n for _, n in pressed)
    days = max(1, update.token_days - every)
    told = update.components
    return replace(
        update,
        token_days=days,
        authors=Between(max(1, update.authors.least - most), max(1, update.authors.most - every)),
        components=replace(
            told,
            breadth=min(told.breadth, days),
            service=tuple((kind, min(residents, days)) for kind, residents in told.service),
        ),
    )
