"""What others foresee of a cascade from its first hour, fitted to the same cascades as ours and told of the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression, QuantileRegressor

from bench.cascades import Cascade
from bench.fit_outlook import seen_at
from bench.moments import Moment
from incidents.forecast import HOURS
from incidents.traits import NAMES, traits

__all__ = ["OBSERVED", "PEERS", "Guess", "count"]

OBSERVED = 3600
_NINE = (
    "count", "last 12th", "last quarter", "last half", "slope", "sin day", "cos day", "sin half-day", "cos half-day",
)  # fmt: skip

Guess = Callable[[Cascade], tuple[float, float]]
"""A cascade's final size, and a score that is higher the likelier it doubles."""


def count(one: Cascade) -> int:
    """Return how many posts a cascade had when it was observed."""
    return sum(1 for at in one.times if at <= OBSERVED)


def _seen(one: Cascade) -> list[float]:
    return [math.log(count(one))]


def _by_hawkes(one: Cascade) -> list[float]:
    """Return what was seen, and what the fitted process adds to it in a day."""
    seen = [int(at) for at in one.times if at <= OBSERVED]
    means = seen_at(Moment(one.id, one.source, tuple(seen), OBSERVED + 1, len(seen), 0.02, ()))
    return [math.log(len(seen)), math.log(len(seen) + math.expm1(means[HOURS.index(24)]))]


def _nine_traits(kept: Sequence[Cascade]) -> Guess:
    """Fit what the study fitted: count, shares of the last 5, 15 and 30 minutes, slope, two harmonics of the hour."""
    rows = np.array([_nine(one) for one in kept])
    centre, scale = rows.mean(axis=0), rows.std(axis=0)
    size = np.array([len(one.times) / count(one) for one in kept])
    scaled = (rows - centre) / scale
    middle = QuantileRegressor(quantile=0.5, alpha=0.001, solver="highs").fit(scaled, np.log(size))
    double = LogisticRegression(max_iter=1000).fit(scaled, size >= 2)

    def guess(one: Cascade) -> tuple[float, float]:
        row = ((np.array(_nine(one)) - centre) / scale)[None]
        grown, odds = float(middle.predict(row)[0]), float(double.decision_function(row)[0])
        return count(one) * math.exp(max(0.0, grown)), odds

    return guess


def _nine(one: Cascade) -> list[float]:
    found = traits([at for at in one.times if at <= OBSERVED], OBSERVED, one.hour)
    return [found[NAMES.index(name)] for name in _NINE]


def _least_squares(kept: Sequence[Cascade], look: Callable[[Cascade], list[float]]) -> Guess:
    """Fit ln(final / seen) to what `look` sees; return a guess of the final size and a score of doubling."""
    seen = np.array([[1.0, *look(one)] for one in kept])
    line = np.linalg.lstsq(seen, np.log([len(one.times) / count(one) for one in kept]), rcond=None)[0]

    def guess(one: Cascade) -> tuple[float, float]:
        grown = float(np.dot(line, [1.0, *look(one)]))
        return count(one) * math.exp(max(0.0, grown)), grown

    return guess


PEERS: dict[str, Callable[[Sequence[Cascade]], Guess]] = {
    "the study's nine traits": _nine_traits,
    "Szabo-Huberman": lambda kept: _least_squares(kept, _seen),
    "calibrated Hawkes": lambda kept: _least_squares(kept, _by_hawkes),
}
