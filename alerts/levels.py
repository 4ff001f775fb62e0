"""The scorecard: heat on effective authors, growth, breadth, danger and unanswered time give points and a level.

It is monotone: more of anything it weighs never lowers the level. Feeling, tone, criticism and calls to gather
are no part of it; neither are posts that vanished, because counts stay when posts go.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.incident import Evidence, IncidentUpdate, Level

__all__ = ["UNANSWERED", "Part", "Score", "Steps", "danger_authors", "evidence", "score", "unanswered_since"]

Steps = tuple[tuple[float, int], ...]


class Part(StrEnum):
    """What the scorecard weighs; the names stand in the evidence, the points of each as "points.<part>"."""

    HEAT = "heat"
    AUTHORS = "authors"
    GROWTH = "growth"
    BREADTH = "breadth"
    REGIONS = "regions"
    DANGER = "danger"
    SERVICE = "service"
    UNANSWERED = "unanswered_hours"


LEVELS = ((8, Level.RED), (5, Level.ORANGE), (3, Level.YELLOW), (0, Level.WATCH))
HEAT: Steps = ((2, 1), (4, 2), (8, 3))
AUTHORS: Steps = ((10, 1), (30, 2), (100, 3))
GROWTH: Steps = ((1, 1), (2, 2))
BREADTH: Steps = ((3, 1), (5, 2))
REGIONS: Steps = ((2, 1), (4, 2))
DANGER: Steps = ((1, 1), (2, 5), (3, 8))
SERVICE: Steps = ((3, 1), (10, 2))
# A grievance of many that waits reaches orange by waiting alone; one of few stays in the digest.
UNANSWERED: Steps = ((2, 1), (7, 2), (14, 3), (30, 5))
_FEW: Steps = ((2, 1), (7, 2))
_MANY = 10


class Score(Struct, frozen=True):
    """A level, its points, and every point with the figure behind it."""

    level: Level
    points: int
    why: tuple[Evidence, ...]


def score(update: IncidentUpdate, at: int, waiting_since: int | None, areas: int = 1) -> Score:
    """Weigh an incident at an instant.

    `waiting_since` is when the oldest open demand was made, or None where all is answered; `areas` counts
    the areas that tell of the same matter.
    """
    parts, why, total = _figures(update, at, waiting_since, areas), [], 0
    for figure, points in parts:
        if points:
            why += [figure, evidence(f"points.{figure.name}", points)]
            total += points
    level = next(level for threshold, level in LEVELS if total >= threshold)
    return Score(level, total, (*why, evidence("points", total, _threshold(level))))


def evidence(name: str, value: float, baseline: float | None = None) -> Evidence:
    """Return a figure as floats, so that it has the same bytes before and after it was stored.

    >>> evidence("danger", 3)
    Evidence(name='danger', value=3.0, baseline=None)
    """
    return Evidence(name, float(value), None if baseline is None else float(baseline))


def danger_authors(update: IncidentUpdate) -> int:
    """Return how many residents tell of the danger that most tell of."""
    return max((authors for _, authors in update.components.danger), default=0)


def unanswered_since(update: IncidentUpdate, answered_at: int | None) -> int | None:
    """Return since when the oldest open demand waits; None where the desk's answer or replies cover all.

    Where no demand was read, the incident itself waits until any official answer.
    """
    if not update.demands:
        waiting = [] if update.replies or answered_at is not None else [update.first_at]
    else:
        waiting = [since for demand in update.demands if (since := demand.waits_since) is not None]
    return min((since for since in waiting if answered_at is None or since > answered_at), default=None)


def _figures(
    update: IncidentUpdate, at: int, waiting_since: int | None, areas: int
) -> tuple[tuple[Evidence, int], ...]:
    told = update.components
    breadth = told.breadth
    danger = danger_authors(update)
    service = max((authors for _, authors in told.service), default=0)
    waiting = 0 if waiting_since is None else max(0, at - waiting_since)
    residents = update.authors.most
    return (
        (evidence(Part.HEAT, _round(told.heat), 1.0), min(_points(told.heat, HEAT), _heat_limit(told.effective))),
        (evidence(Part.AUTHORS, _round(told.effective), _round(told.usual)), _points(told.effective, AUTHORS)),
        (evidence(Part.GROWTH, _round(told.growth)), _points(told.growth, GROWTH) if told.effective >= 5 else 0),
        (evidence(Part.BREADTH, breadth, 1), _points(breadth, BREADTH)),
        (evidence(Part.REGIONS, areas, 1), _points(areas, REGIONS)),
        (evidence(Part.DANGER, danger), _points(danger, DANGER)),
        (evidence(Part.SERVICE, service), _points(service, SERVICE)),
        (
            evidence(Part.UNANSWERED, waiting // HOUR),
            _points(waiting / DAY, UNANSWERED if residents >= _MANY else _FEW),
        ),
    )


def _heat_limit(effective: float) -> int:
    """Return how many points heat may give: a quiet place is soon hot, so few people give few points.

    >>> [_heat_limit(n) for n in (2, 3, 5, 10)]
    [0, 1, 2, 3]
    """
    return _points(effective, ((3, 1), (5, 2), (10, 3)))


def _points(value: float, steps: Steps) -> int:
    reached = 0
    for least, points in steps:
        if value < least:
            break
        reached = points
    return reached


def _threshold(level: Level) -> int:
    return next(threshold for threshold, reached in LEVELS if reached is level)


def _round(value: float) -> float:
    return round(value, 3)
