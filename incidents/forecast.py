"""How many further posts are likely: the mean of the fitted process, with a width for what it does not know."""

from __future__ import annotations

import math

from msgspec import Struct

from answerable.incident import Forecast
from incidents.hawkes import FAST, SLOW, STEP, Hawkes

__all__ = ["HOURS", "Outlook", "look_ahead", "quantile"]

HOURS = (1, 3, 24)
_Z = 1.2815515655446004
_WIDTH = 0.35


class Outlook(Struct, frozen=True):
    """Further posts after 1, 3 and 24 hours, and in how many hours the posts so far double, None beyond a day."""

    forecast: tuple[Forecast, ...]
    doubling_h: float | None


def look_ahead(process: Hawkes, voices: int) -> Outlook:
    """Follow the mean of the process for a day, in steps of five minutes.

    >>> quiet = look_ahead(Hawkes(0.1, 0.1, 0.1, 0.0, 0.0), 100)
    >>> [ahead.p50 for ahead in quiet.forecast], quiet.doubling_h
    ([0, 0, 2], None)
    """
    found, doubling, means = [], None, _means(process, HOURS[-1] * 3600 // STEP)
    for hours in HOURS:
        steps = hours * 3600 // STEP
        mean = means[steps - 1]
        variance = mean * _clustering(process, steps, mean) + (_WIDTH * mean) ** 2
        found.append(Forecast(hours, *(quantile(mean, variance, z) for z in (-_Z, 0.0, _Z))))
    if voices and means[-1] >= voices:
        doubling = round(next(step for step, mean in enumerate(means, 1) if mean >= voices) * STEP / 3600, 1)
    return Outlook(tuple(found), doubling)


def _means(process: Hawkes, steps: int) -> list[float]:
    """Return the mean number of further posts up to the end of every step; growth is kept below one for one."""
    keep_fast, keep_slow = math.exp(-STEP / FAST), math.exp(-STEP / SLOW)
    ratio = min(1.0, 0.98 / process.branching) if process.branching else 1.0
    by_fast, by_slow = ratio * process.fast * (1 - keep_fast), ratio * process.slow * (1 - keep_slow)
    base = process.usual * STEP / 3600
    fast, slow, total = process.fast_now, process.slow_now, 0.0
    means = []
    for _ in range(steps):
        posts = base + by_fast * fast + by_slow * slow
        fast, slow = fast * keep_fast + posts, slow * keep_slow + posts
        total += posts
        means.append(total)
    return means


def _clustering(process: Hawkes, steps: int, mean: float) -> float:
    """Return variance over mean: the square of how many posts each one brings along within these steps.

    (For Poisson branching without end that is 1 / (1 − n)².)
    """
    first = process.usual * steps * STEP / 3600
    first += process.fast * process.fast_now * (1 - math.exp(-steps * STEP / FAST))
    first += process.slow * process.slow_now * (1 - math.exp(-steps * STEP / SLOW))
    return max(1.0, mean / first) ** 2 if first else 1.0


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
