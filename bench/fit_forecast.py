"""Fit the shipped coefficients of forecasts from the data beside the checkout: `python -m bench.fit_forecast`.

Seeded: equal data and equal library versions give equal bytes. Nothing of a cascade is kept but weights.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, QuantileRegressor

from bench.cascades import Cascade, ced, checked, events, simulated, small
from incidents.cascade import COEFFICIENTS, Knot
from incidents.lines import Lines
from incidents.traits import traits

__all__ = ["OBSERVED", "everything", "fit_knot", "quantile_lines"]

OBSERVED = (900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
SIMULATED = 600
_LASSO, _RIDGE = 0.002, 0.1
_LARGE = "ced"
_LEAST = 10
_WEIGHT = {"auspol": 0.3, "checked": 0.5, "sim": 0.5}
_TIME_OF_DAY = 6  # the last traits, which only some sets have

Column = NDArray[np.float64]


def everything(extra: int = SIMULATED) -> list[Cascade]:
    """Return all that the shipped coefficients are fitted on.

    Those of the large set count from ten posts on, and apart: it holds almost none that stayed small, so that what it
    says of few posts is wrong for ordinary ones.
    """
    return [*ced(), *small(), *checked(), *events(), *simulated(extra)]


def fit_knot(cascades: Sequence[Cascade], observed: int) -> Knot:
    """Fit both sets of lines at one observed time."""
    many = _examples(cascades, observed, _LEAST)
    few = _examples([one for one in cascades if one.source != _LARGE], observed, 1, day=False)
    return Knot(observed, _lines(*many), _lines(*few))


def quantile_lines(rows: Column, growth: Column, weights: Column, free: int = 0) -> Lines:
    """Fit P10, P50 and P90 on traits cut to their first and last percentile; the last `free` run from −1 to 1."""
    least, most, centre, scale = _bounds(rows, free)
    scaled = (np.clip(rows, least, most) - centre) / scale
    low, middle, high = (_line(_quantile(scaled, growth, weights, share), centre, scale) for share in (0.1, 0.5, 0.9))
    return Lines(_short(least), _short(most), low, middle, high)


def _lines(rows: Column, growth: Column, weights: Column) -> Lines:
    """Fit the quantiles, and the log odds of doubling."""
    least, most, centre, scale = _bounds(rows, _TIME_OF_DAY)
    scaled = (np.clip(rows, least, most) - centre) / scale
    double = _line(_odds(scaled, growth >= np.log(2), weights), centre, scale)
    return msgspec.structs.replace(quantile_lines(rows, growth, weights, _TIME_OF_DAY), double=double)


def _bounds(rows: Column, free: int) -> tuple[Column, Column, Column, Column]:
    least, most = np.quantile(rows, [0.01, 0.99], axis=0)
    if free:
        least[-free:], most[-free:] = -1, 1
    kept = np.clip(rows, least, most)
    return least, most, kept.mean(axis=0), kept.std(axis=0) + 1e-9


def _odds(scaled: Column, truth: NDArray[np.bool_], weights: Column) -> tuple[float, Column]:
    line = LogisticRegression(C=_RIDGE, max_iter=1000).fit(scaled, truth, weights)
    return float(line.intercept_[0]), line.coef_[0]


def _examples(
    cascades: Sequence[Cascade], observed: int, fewest: int, day: bool = True
) -> tuple[Column, Column, Column]:
    """Return traits, ln((final + 1) / (seen + 1)) and weights of every cascade with at least `fewest` posts seen."""
    rows, growth, weights = [], [], []
    for one in cascades:
        seen = sorted(at for at in one.times if at <= observed)
        if len(seen) < fewest:
            continue
        hour = (one.hour + observed / 3600) % 24 if day and one.hour is not None else None
        rows.append(traits(seen, observed, hour))
        growth.append(np.log((len(one.times) + 1) / (len(seen) + 1)))
        weights.append(_WEIGHT.get(one.source, 1.0))
    return np.array(rows), np.array(growth), np.array(weights)


def _quantile(scaled: Column, growth: Column, weights: Column, share: float) -> tuple[float, Column]:
    line = QuantileRegressor(quantile=share, alpha=_LASSO, solver="highs").fit(scaled, growth, weights)
    return float(line.intercept_), line.coef_


def _line(fitted: tuple[float, Column], centre: Column, scale: Column) -> tuple[float, ...]:
    intercept, weights = fitted
    return (round(intercept - float((weights * centre / scale).sum()), 5), *_short(weights / scale))


def _short(values: Column) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


def main() -> None:
    """Fit at every observed time and write the file."""
    cascades = everything()
    fitted = []
    for observed in OBSERVED:
        fitted.append(fit_knot(cascades, observed))
        sys.stderr.write(f"{observed} s\n")
    Path(COEFFICIENTS).write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


if __name__ == "__main__":
    main()
