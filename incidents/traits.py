"""What the observed beginning of a cascade looks like, as numbers a linear model weighs.

All but the count are free of scale: shares, ratios and logarithms of the observed time, so that a quarter of an
hour and a day speak of the same things.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

__all__ = ["NAMES", "traits"]

NAMES = (
    "count", "last 12th", "last quarter", "last half", "slope", "count²", "slope²", "count × slope",
    "recent 30th", "recent 12th", "recent 6th", "recent quarter", "recent third", "recent half",
    "silence", "unevenness", "median gap", "burst", "heat 6th", "heat half",
    "sin day", "cos day", "sin half-day", "cos half-day", "sin third", "cos third",
)  # fmt: skip
_SHARES = (1 / 30, 1 / 12, 1 / 6, 1 / 4, 1 / 3, 1 / 2)
_BINS = 6


def traits(times: Sequence[float], observed: float, hour: float | None) -> tuple[float, ...]:
    """Return one number for each of NAMES from sorted `times` in [0, observed] seconds.

    `hour` is the local hour of day at which observing ended; None leaves the day out. The features follow the
    prediction of cascades by their beginning (Szabo & Huberman 2010; Cheng et al. 2014; Zhao et al. 2015).

    >>> found = dict(zip(NAMES, traits([float(60 * i) for i in range(60)], 3600, 12.0)))
    >>> round(found["last half"], 2), round(found["slope"], 2), round(found["burst"], 2)
    (0.48, -0.03, 0.18)
    """
    n = len(times)
    count = math.log(n + 1)
    counts = [_within(times, observed, share) for share in _SHARES]
    bins = _histogram(times, observed)
    slope = _slope([math.log((held + 0.5) / (n + 3)) for held in bins])
    gaps = [later - sooner for sooner, later in pairwise(times)]
    last = times[-1] if n else 0.0
    return (
        count,
        *((counts[place] + share * 0.5) / (n + 0.5) for place, share in ((1, 1 / 12), (3, 1 / 4), (5, 1 / 2))),
        slope,
        count * count,
        slope * slope,
        count * slope,
        *(math.log((held + 0.5) / (n + 1)) for held in counts),
        math.log((observed - last) / observed + 0.01),
        math.log(_deviation(gaps) / observed + 0.0003),
        math.log(_middle(gaps) / observed + 0.0003),
        max(bins) / n if n else 0.0,
        *(_heat(times, observed, observed * share) - count for share in (1 / 6, 1 / 2)),
        *_day(hour),
    )


def _within(times: Sequence[float], observed: float, share: float) -> int:
    return len(times) - bisect_right(times, observed * (1 - share))


def _histogram(times: Sequence[float], observed: float) -> list[int]:
    edges = [bisect_right(times, observed * step / _BINS) for step in range(1, _BINS)]
    return [upper - lower for lower, upper in zip([0, *edges], [*edges, len(times)], strict=True)]


def _slope(values: Sequence[float]) -> float:
    """Return the slope of a least-squares line through equally spaced values."""
    middle = (len(values) - 1) / 2
    return sum((place - middle) * value for place, value in enumerate(values)) / sum(
        (place - middle) ** 2 for place in range(len(values))
    )


def _deviation(gaps: Sequence[float]) -> float:
    if not gaps:
        return 0.0
    mean = sum(gaps) / len(gaps)
    return math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))


def _middle(gaps: Sequence[float]) -> float:
    return sorted(gaps)[len(gaps) // 2] if gaps else 0.0


def _heat(times: Sequence[float], observed: float, memory: float) -> float:
    """Return the logarithm of how many posts still weigh, where each is forgotten at 1/e in `memory` seconds."""
    return math.log(sum(math.exp((at - observed) / memory) for at in times) + 0.1)


def _day(hour: float | None) -> tuple[float, ...]:
    if hour is None:
        return (0.0,) * 6
    angle = 2 * math.pi * hour / 24
    return tuple(turn(times * angle) for times in (1, 2, 3) for turn in (math.sin, math.cos))
