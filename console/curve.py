"""From hourly counts to a drawn curve: plain geometry, in thousandths of the width and hundredths of the height."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.incident import Forecast

__all__ = ["WIDTH", "Band", "Curve", "Mark", "draw", "hours", "spark"]

WIDTH, HEIGHT = 1000, 100
_WINDOW = 7 * DAY
_ROOM = 0.09  # of the width, for one name below the curve
_Down = Callable[[float], float]
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000)


class Mark(Struct, frozen=True):
    """A place on an axis, in percent from left or top, and the value that stands there."""

    at: float
    value: int


class Band(Struct, frozen=True):
    """What is expected: from `x` to the right edge, between `top` and `bottom`, most likely at `middle`."""

    x: float
    top: float
    bottom: float
    middle: float


class Curve(Struct, frozen=True, kw_only=True):
    """A drawn curve: `line` is an SVG path; `usual` the height of the usual value, None where there is none.

    `now` is where the counts end, in percent of the width. `across` are moments, `up` posts an hour.
    """

    line: str
    usual: float | None
    band: Band | None
    now: float
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]


def hours(hourly: Sequence[tuple[int, int]], until: int, window: int = _WINDOW) -> list[tuple[int, int]]:
    """List every whole hour before `until` with its posts, the empty ones too, from two hours before the first.

    The hour that still runs is left out, unless there is no other.

    >>> hours([(7200, 3), (14400, 1)], until=18000)
    [(0, 0), (3600, 0), (7200, 3), (10800, 0), (14400, 1)]
    """
    if not hourly:
        return []
    counts = dict(hourly)
    end = max(until // HOUR * HOUR, min(counts) + HOUR)
    start = max(min(counts) - 2 * HOUR, end - window)
    return [(hour, counts.get(hour, 0)) for hour in range(start, end, HOUR)]


def draw(
    rows: Sequence[tuple[int, int]],
    usual: float | None,
    forecast: Forecast | None,
    moments: Sequence[int] = (),
    floor: float = 0,
) -> Curve | None:
    """Draw whole hours, the usual posts an hour, and what a forecast expects an hour; None without rows.

    `moments` are the times to name below the curve; those too near to its end are left out.
    A curve that stays below `floor` is drawn low.
    """
    if not rows:
        return None
    start, counted = rows[0][0], rows[-1][0] + HOUR
    end = counted + (forecast.hours * HOUR if forecast else 0)
    expected = forecast.p90 / forecast.hours if forecast else 0
    most = max(floor, expected, usual or 0, *(posts for _, posts in rows))
    step = _step(most)
    lines = max(1, math.ceil(most / step))
    top = step * lines

    def across(at: float) -> float:
        return round((at - start) / (end - start) * WIDTH, 1)

    def down(value: float) -> float:
        return round(HEIGHT - min(value, top) / top * HEIGHT, 1)

    points = [f"{across(hour + HOUR / 2):g} {down(posts):g}" for hour, posts in rows]
    return Curve(
        line="M" + " L".join(points if len(points) > 1 else [f"0 {down(rows[0][1]):g}", *points]),
        usual=None if usual is None else down(usual),
        band=_band(across(counted), forecast, down) if forecast else None,
        now=across(counted) / 10,
        across=tuple(Mark(across(at) / 10, at) for at in moments if _ROOM * (end - start) <= counted - at),
        up=tuple(Mark(down(step * n), step * n) for n in range(lines + 1)),
    )


def spark(hourly: Sequence[tuple[int, int]], until: int) -> Curve | None:
    """Draw the last three days small, without axes to read; single posts stay single posts."""
    return draw(hours(hourly, until, 3 * DAY), None, None, floor=4)


def _band(x: float, forecast: Forecast, down: _Down) -> Band:
    low, middle, high = (down(p / forecast.hours) for p in (forecast.p10, forecast.p50, forecast.p90))
    return Band(x, high, max(low, high + 1), middle)


def _step(most: float) -> int:
    """Choose the round step of which at most five reach over the greatest value."""
    return next((step for step in _STEPS if step * 5 >= most), int(most // 5) + 1)
