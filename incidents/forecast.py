"""How many further posts are likely within 1, 3 and 24 hours, with an interval that was measured.

The mean of the fitted process and what was seen lately go into quantile regressions (Koenker & Bassett 1978) of
ln(1 + further posts), fitted by `python -m bench.fit_outlook` on incident-sized series. The process alone would
promise too little within the hour, too much within the day, and an interval that holds two times in three.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.incident import Forecast
from incidents.hawkes import FAST, SLOW, STEP, Hawkes
from incidents.lines import LARGEST, Lines, along

__all__ = ["HOURS", "OUTLOOK", "Horizon", "Outlook", "horizons", "look_ahead", "standing"]

HOURS = (1, 3, 24)
OUTLOOK = Path(__file__).parent / "coefficients" / "outlook.json"


class Outlook(Struct, frozen=True):
    """Further posts after 1, 3 and 24 hours, and in how many hours the posts so far double, None beyond a day."""

    forecast: tuple[Forecast, ...]
    doubling_h: float | None


class Horizon(Struct, frozen=True):
    """The lines fitted for so many hours ahead."""

    hours: int
    lines: Lines


@cache
def horizons() -> tuple[Horizon, ...]:
    """Return the shipped coefficients, nearest first."""
    return msgspec.json.decode(OUTLOOK.read_bytes(), type=tuple[Horizon, ...])


def look_ahead(process: Hawkes, voices: int, fitted: tuple[Horizon, ...] | None = None) -> Outlook:
    """Foresee an incident of so many voices; a later horizon never holds fewer posts than a nearer one.

    >>> quiet = look_ahead(Hawkes(0.1, 0.1, 0.1, 0.0, 0.0), 100)
    >>> [ahead.p50 for ahead in quiet.forecast], quiet.doubling_h
    ([0, 0, 0], None)
    """
    seen = standing(process, voices)
    found, low, middle, high = list[Forecast](), 0.0, 0.0, 0.0
    middles = []
    for horizon in fitted or horizons():
        likely, down, up = along(horizon.lines, seen)
        low, middle = max(low, likely - down), max(middle, likely)
        high = max(high, min(likely + up, LARGEST))
        middles.append((horizon.hours, math.expm1(middle)))
        found.append(Forecast(horizon.hours, *(round(math.expm1(size)) for size in (low, middle, high))))
    return Outlook(tuple(found), _doubling(middles, voices))


def standing(process: Hawkes, voices: int) -> tuple[float, ...]:
    """Return what the lines weigh: the process's means, all voices, recent counts, silence, age, branching, usual."""
    means = _means(process, HOURS[-1] * 3600 // STEP)
    return (
        *(math.log1p(means[hours * 3600 // STEP - 1]) for hours in HOURS),
        math.log1p(voices),
        *(math.log1p(count) for count in process.recent),
        math.log(process.silent + 60),
        math.log(process.age + 600),
        process.branching,
        math.log(process.usual + 0.001),
    )


def _doubling(middles: list[tuple[int, float]], voices: int) -> float | None:
    """Return the hour at which straight pieces between the likely counts reach `voices`.

    >>> _doubling([(1, 4.0), (3, 8.0), (24, 50.0)], 6)
    2.0
    """
    hour, reached = 0, 0.0
    for hours, likely in middles:
        if 0 < voices <= likely:
            return round(hour + (voices - reached) / (likely - reached) * (hours - hour), 1)
        hour, reached = hours, likely
    return None


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
