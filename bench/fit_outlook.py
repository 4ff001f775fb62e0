"""Fit what the fold forecasts with from the data beside the checkout: `python -m bench.fit_outlook`.

Seeded: equal data and equal library versions give equal bytes. Nothing of an incident is kept but weights.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from bench.fit_forecast import quantile_lines
from bench.moments import Moment, moments, timelines
from incidents.forecast import OUTLOOK, Horizon, standing
from incidents.hawkes import fit

__all__ = ["fit_outlook", "seen_at"]

_SEED = 20264
_MOST = 6000
_WEIGHT = {"thinned": 0.35, "auspol": 0.7, "seismic": 0.0}  # many moments each; one cascade of 15,562 tells nothing


def seen_at(moment: Moment) -> tuple[float, ...]:
    """Return what the lines weigh at a moment."""
    return standing(fit(moment.times, moment.now, moment.usual), moment.voices)


def fit_outlook(found: Sequence[Moment], hours: Sequence[int] = (1, 3, 24), most: int = _MOST) -> tuple[Horizon, ...]:
    """Fit the lines of every horizon on a seeded sample of moments."""
    chosen = _sample([moment for moment in found if _WEIGHT.get(moment.source, 1.0)], most)
    rows = np.array([seen_at(moment) for moment in chosen])
    came = np.log1p(np.array([moment.came for moment in chosen]))
    weights: NDArray[np.float64] = np.array([_WEIGHT.get(moment.source, 1.0) for moment in chosen])
    return tuple(Horizon(ahead, quantile_lines(rows, came[:, place], weights)) for place, ahead in enumerate(hours))


def _sample(found: list[Moment], most: int) -> list[Moment]:
    return random.Random(_SEED).sample(found, most) if len(found) > most else found  # noqa: S311


def main() -> None:
    """Fit every horizon and write the file."""
    fitted = fit_outlook([moment for one in timelines() for moment in moments(one)], most=2 * _MOST)
    OUTLOOK.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")
    sys.stderr.write(f"{OUTLOOK.name}: {len(fitted)} horizons\n")


if __name__ == "__main__":
    main()
