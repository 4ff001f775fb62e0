"""How far posts call forth further posts: a Hawkes process with two time constants, fitted to recent minutes.

Rate(t) = usual + n₁ Σ exp(−(t−tᵢ)/τ₁)/τ₁ + n₂ Σ exp(−(t−tᵢ)/τ₂)/τ₂ with τ of ten minutes and two hours; n₁ + n₂ is
the branching ratio. Expectation–maximisation with a gamma prior on both (Lewis & Mohler 2011); binned by
five minutes, fixed order, so that equal input gives equal figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

__all__ = ["FAST", "SLOW", "Hawkes", "fit"]

FAST, SLOW = 600.0, 7200.0
STEP = 300
_ROUNDS = 12
_PRIOR_POSTS = 2.0
_PRIOR_RATIO = 0.2


class Hawkes(Struct, frozen=True):
    """A fitted process: posts an hour without any before, both ratios, and both sums as they stand now."""

    usual: float
    fast: float
    slow: float
    fast_now: float
    slow_now: float

    @property
    def branching(self) -> float:
        """Posts that one post calls forth, directly."""
        return self.fast + self.slow


def fit(times: Sequence[int], now: int, usual: float, span: int = 86400) -> Hawkes:
    """Fit to the instants within `span` seconds before `now`; `usual` is in posts an hour.

    >>> quiet = fit([], 86400, 0.1)
    >>> round(quiet.branching, 2)
    0.4
    """
    start = now - span // STEP * STEP
    bins: dict[int, int] = {}
    for at in times:
        if start <= at < now:
            place = (at - start) // STEP
            bins[place] = bins.get(place, 0) + 1
    rows, sums, state = _excite(bins, span // STEP)
    base = usual * STEP / 3600
    fast = slow = _PRIOR_RATIO
    for _ in range(_ROUNDS if len(rows) > 1 else 1):
        owed_fast = owed_slow = 0.0
        for posts, by_fast, by_slow in rows:
            rate = base + fast * by_fast + slow * by_slow
            owed_fast += posts * fast * by_fast / rate
            owed_slow += posts * slow * by_slow / rate
        fast = (owed_fast + _PRIOR_POSTS * _PRIOR_RATIO) / (sums[0] + _PRIOR_POSTS)
        slow = (owed_slow + _PRIOR_POSTS * _PRIOR_RATIO) / (sums[1] + _PRIOR_POSTS)
    return Hawkes(usual, fast, slow, state[0], state[1])


def _excite(
    bins: dict[int, int], count: int
) -> tuple[list[tuple[int, float, float]], tuple[float, float], tuple[float, float]]:
    """Return (posts, fast, slow) of every bin with posts, the sums over all bins, and the state after the last."""
    keep_fast, keep_slow = math.exp(-STEP / FAST), math.exp(-STEP / SLOW)
    fast = slow = sum_fast = sum_slow = 0.0
    rows, before = [], 0
    for place in sorted(bins):
        posts, gap = bins[place], place - before
        fast, slow, before = fast * keep_fast**gap, slow * keep_slow**gap, place
        rows.append((posts, fast * (1 / keep_fast - 1), slow * (1 / keep_slow - 1)))
        fast, slow = fast + posts, slow + posts
        sum_fast += posts * (1 - keep_fast ** (count - 1 - place))
        sum_slow += posts * (1 - keep_slow ** (count - 1 - place))
    left = count - 1 - before
    return rows, (sum_fast, sum_slow), (fast * keep_fast**left, slow * keep_slow**left)
