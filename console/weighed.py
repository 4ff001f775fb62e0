"""The scorecard as a table: each figure, its usual value, the points it gave, and the sum beside its threshold."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from answerable.incident import Evidence

__all__ = ["Scorecard", "weigh"]

_POINTS = "points"


class Scorecard(Struct, frozen=True):
    """`rows` are (figure, its points or None); `met` are a rule's figures beside their thresholds."""

    rows: tuple[tuple[Evidence, int | None], ...]
    met: tuple[Evidence, ...]
    total: int | None
    threshold: int | None


def weigh(why: Sequence[Evidence]) -> Scorecard:
    """Put the points of each figure beside it.

    >>> card = weigh((Evidence("heat", 9.0, 1.0), Evidence("points.heat", 3), Evidence("points", 3, 3)))
    >>> card.rows[0][1], card.total
    (3, 3)
    """
    points = {item.name.partition(".")[2]: item for item in why if item.name.startswith(f"{_POINTS}.")}
    total = next((item for item in why if item.name == _POINTS), None)
    met = tuple(item for item in why if item.name.startswith("rule."))
    figures = [item for item in why if item.name.partition(".")[0] not in (_POINTS, "rule")]
    return Scorecard(
        rows=tuple((item, int(points[item.name].value) if item.name in points else None) for item in figures),
        met=met,
        total=int(total.value) if total else None,
        threshold=int(total.baseline) if total and total.baseline is not None else None,
    )
