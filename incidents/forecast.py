"""How many further posts are likely: the mean of the fitted process, with a width for what it does not know."""

from __future__ import annotations

import math

from answerable.incident import Forecast
from incidents.hawkes import FAST, SLOW, STEP, Hawkes

__all__ = ["HOURS", "doubling_hours", "expect", "forecast"]

HOURS = (1, 3, 24)
_Z = 1.2815515655446004
_WIDTH = 0.35


def expect(process: Hawkes, hours: int) -> float:
    """Return the mean number of further posts within `hours`."""
    keep_fast, keep_slow = math.exp(-STEP / FAST), math.exp(-STEP / SLOW)
    ratio = min(1.0, 0.98 / process.branching) if process.branching else 1.0
    fast, slow, total = process.fast_now, process.slow_now, 0.0
    for _ in range(hours * 3600 // STEP):
        posts = process.usual * STEP / 3600
        posts += ratio * (process.fast * fast * (1 - keep_fast) + process.slow * slow * (1 - keep_slow))
        fast, slow = fast * keep_fast + posts, slow * keep_slow + posts
        total += posts
    return total


def forecast(process: Hawkes) -> tuple[Forecast, ...]:
    """Return the tenth, fiftieth and ninetieth percentile of further posts after 1, 3 and 24 hours."""
    found = []
    for hours in HOURS:
        mean = expect(process, hours)
        spread = 1 / (1 - min(process.branching, 0.9)) ** 2
        variance = mean * spread + (_WIDTH * mean) ** 2
        found.append(Forecast(hours, *(quantile(mean, variance, z) for z in (-_Z, 0.0, _Z))))
    return tuple(found)


def quantile(mean: float, variance: float, z: float) -> int:
    """Return a gamma quantile by Wilson and Hilferty (1931), rounded to whole posts.

    >>> quantile(10.0, 10.0, 0.0), quantile(0.0, 0.0, 1.28)
    (10, 0)
    """
    if mean <= 0:
        return 0
    shape = mean * mean / variance
    root = 1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))
    return round(mean * max(0.0, root) ** 3)


def doubling_hours(voices: int, process: Hawkes) -> float | None:
    """Return in how many hours the posts heard so far would double, None beyond two days.

    >>> doubling_hours(100, Hawkes(0.1, 0.1, 0.1, 0.0, 0.0)) is None
    True
    """
    if voices <= 0:
        return None
    low, high = 1, 48
    if expect(process, high) < voices:
        return None
    while low < high:
        middle = (low + high) // 2
        if expect(process, middle) >= voices:
            high = middle
        else:
            low = middle + 1
    return float(low)
