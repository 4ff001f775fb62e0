"""How large a cascade gets, foreseen from its beginning: quantiles of its final size, and the chance that it doubles.

Linear in the traits of what was observed: quantile regressions (Koenker & Bassett 1978) of ln(final / seen) and a
logistic regression, one set of lines for cascades of at least ten posts and one for smaller ones. Fitted at several
observed times by `python -m bench.fit_forecast` and interpolated between them in the logarithm of time. Where a
case lies outside what the fit has seen, or might yet be an ordinary one that stays small, the interval widens.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from incidents.hawkes import supercritical
from incidents.lines import LARGEST, Lines, along, weigh, within
from incidents.traits import traits

__all__ = ["Foreseen", "Knot", "foresee", "growth_of", "knots"]

COEFFICIENTS = Path(__file__).parent / "coefficients" / "cascade.json"
_FURTHER = 0.2
_TEN, _THIRTY = math.log(11), math.log(31)


class Knot(Struct, frozen=True):
    """What was fitted at one observed time, in seconds, to cascades of at least ten posts then, and to small ones."""

    observed: int
    many: Lines
    few: Lines


class Foreseen(Struct, frozen=True):
    """Posts seen, quantiles of the final number, and two chances: twice as many as seen, and growth without end."""

    seen: int
    p10: int
    p50: int
    p90: int
    p_double: float
    p_supercritical: float


@cache
def knots(path: Path = COEFFICIENTS) -> tuple[Knot, ...]:
    """Return the shipped coefficients, shortest observed time first."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[Knot, ...])


def foresee(
    events: Sequence[float], observed: float, hour: float | None = None, fitted: tuple[Knot, ...] | None = None
) -> Foreseen:
    """Foresee a cascade from its events in [0, observed] seconds; later ones are not looked at.

    `hour` is the local hour of day at its start, None where that means nothing.

    >>> dying = foresee([0, 20, 40, 60, 90, 130, 200, 300, 420, 500, 700], 3600)
    >>> growing = foresee([0, 900, 1500, 2000, 2400, 2700, 2900, 3100, 3300, 3400, 3500], 3600)
    >>> dying.seen == growing.seen, dying.p50 < growing.p50, dying.p_double < growing.p_double
    (True, True, True)
    """
    times = sorted(max(0.0, float(at)) for at in events if at <= observed)
    seen = len(times)
    low, middle, high, double = growth_of(times, observed, hour, fitted or knots())
    sizes = [max(seen, round((seen + 1) * math.exp(size) - 1)) for size in (low, middle, high)]
    return Foreseen(
        seen,
        sizes[0],
        sizes[1],
        sizes[2],
        round(double, 4),
        round(supercritical(times, observed), 4),
    )


def growth_of(
    times: Sequence[float], observed: float, hour: float | None, fitted: tuple[Knot, ...]
) -> tuple[float, float, float, float]:
    """Return low, middle and high ln((final + 1) / (seen + 1)), in order, and the chance of doubling."""
    found = traits(times, observed, None if hour is None else (hour + observed / 3600) % 24)
    sooner, later, share, beyond = _between(observed, fitted)
    pairs = zip(_at(sooner, found), _at(later, found), strict=True)
    middle, down, up, double = ((1 - share) * one + share * other for one, other in pairs)
    wider = 1 + _FURTHER * beyond
    return max(0.0, middle - down * wider), middle, min(middle + up * wider, LARGEST), double


def _between(observed: float, fitted: tuple[Knot, ...]) -> tuple[Knot, Knot, float, float]:
    """Return the knots around a time, how far it is towards the later, and how far (in ln) it lies beyond all."""
    place = bisect_right([knot.observed for knot in fitted], observed)
    sooner, later = fitted[max(place - 1, 0)], fitted[min(place, len(fitted) - 1)]
    if sooner is later:
        return sooner, later, 0.0, abs(math.log(observed / sooner.observed))
    return sooner, later, math.log(observed / sooner.observed) / math.log(later.observed / sooner.observed), 0.0


def _at(knot: Knot, found: Sequence[float]) -> tuple[float, float, float, float]:
    """Return the middle, how far the interval reaches down and up from it, and the chance of doubling, at a knot."""
    few = (*along(knot.few, found), _double(knot.few, found))
    if found[0] < _TEN:
        return few
    middle, down, up = along(knot.many, found)
    share = 1 - min(1.0, (found[0] - _TEN) / (_THIRTY - _TEN)) ** 2
    down = max(down, share * (middle - few[0] + few[1]) + (1 - share) * down)
    return middle, down, up, _double(knot.many, found)


def _double(lines: Lines, found: Sequence[float]) -> float:
    return _logistic(weigh(lines.double, within(lines, found)))


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))
