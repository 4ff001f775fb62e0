"""What became of a demand's rate after an answer."""

from __future__ import annotations

from alerts.entry import Effect, Response
from answerable.clock import DAY, HOUR
from answerable.incident import IncidentUpdate

__all__ = ["measure"]

_BEFORE, _AFTER = 3 * DAY, 7 * DAY
_LOWER, _HIGHER = 0.7, 1.3
_VANISHED = 0.1


def measure(update: IncidentUpdate, answered_at: int, now: int) -> Response | None:
    """Compare posts a day in the three days before an answer with those since; None within its first day.

    Above a tenth vanished nothing can be said, because silence and deletion look alike.
    """
    passed = min(now - answered_at, _AFTER)
    if passed < DAY:
        return None
    begin = max(answered_at - _BEFORE, min(update.first_at, answered_at - HOUR))
    before = _sum(update.hourly, begin, answered_at) * DAY / (answered_at - begin)
    after = _sum(update.hourly, answered_at, answered_at + passed) * DAY / passed
    return Response(answered_at, round(before, 2), round(after, 2), _effect(update, before, after))


def _effect(update: IncidentUpdate, before: float, after: float) -> Effect:
    if update.vanished > _VANISHED * update.posts or before == 0:
        return Effect.CANNOT_SAY
    if after < before * _LOWER:
        return Effect.FELL
    return Effect.ROSE if after > before * _HIGHER else Effect.SAME


def _sum(hourly: tuple[tuple[int, int], ...], begin: int, end: int) -> int:
    """Count posts of the hours that lie mostly within a span."""
    return sum(posts for hour, posts in hourly if begin <= hour + HOUR // 2 < end)
