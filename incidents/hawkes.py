"""How far posts call forth further posts: a Hawkes process with two time constants, fitted to recent minutes.

Rate(t) = usual + n₁ Σ exp(−(t−tᵢ)/τ₁)/τ₁ + n₂ Σ exp(−(t−tᵢ)/τ₂)/τ₂ with τ of ten minutes and two hours; n₁ + n₂ is
the branching ratio. Expectation–maximisation with a gamma prior on both (Lewis & Mohler 2011); binned by
five minutes, fixed order, so that equal input gives equal figures.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

__all__ = ["FAST", "RECENT", "SLOW", "STEP", "Hawkes", "fit", "supercritical"]

FAST, SLOW = 600.0, 7200.0
STEP = 300
RECENT = (900, 3600, 10800, 21600, 86400)
_ROUNDS = 12
_PRIOR_POSTS = 2.0
_PRIOR_RATIO = 0.2


class Hawkes(Struct, frozen=True):
    """A fitted process: posts an hour without any before, both ratios, and both sums as they stand now.

    `recent` counts what was seen within each span of RECENT; `silent` and `age` are the seconds since the last and
    since the first post of the fitted span, the whole span where there is none.
    """

    usual: float
    fast: float
    slow: float
    fast_now: float
    slow_now: float
    recent: tuple[int, ...] = (0,) * len(RECENT)
    silent: int = 86400
    age: int = 86400

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
    return Hawkes(
        usual, fast, slow, state[0], state[1], *_lately(sorted(at for at in times if start <= at < now), now, span)
    )


def _lately(times: Sequence[int], now: int, span: int) -> tuple[tuple[int, ...], int, int]:
    """Return how many of sorted `times` lie within each span of RECENT, and the seconds since the last and first."""
    recent = tuple(len(times) - bisect_left(times, now - within) for within in RECENT)
    return (recent, now - times[-1], now - times[0]) if times else (recent, span, span)


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


def supercritical(times: Sequence[float], observed: float) -> float:
    """Return the chance that each post calls forth one or more in all, from sorted `times` in [0, observed].

    All but the first post are called forth. Each time constant's ratio is gamma-distributed a posteriori, its
    exposure Σ (1 − exp(−(observed − tᵢ)/τ)); the tail of their sum by Wilson and Hilferty (1931).

    >>> dying = [float(60 * i) for i in range(12)]
    >>> supercritical(dying, 36000) < 0.5 < supercritical([*dying, 760.0, 790.0, 810.0, 820.0], 830)
    True
    """
    rows = _drive(times)
    exposed = [sum(1 - math.exp((at - observed) / tau) for at in times) + _PRIOR_POSTS for tau in (FAST, SLOW)]
    fast = slow = _PRIOR_RATIO
    owed = [0.0, 0.0]
    for _ in range(_ROUNDS):
        owed = [_PRIOR_POSTS * _PRIOR_RATIO] * 2
        for by_fast, by_slow in rows:
            share = fast * by_fast / (fast * by_fast + slow * by_slow)
            owed = [owed[0] + share, owed[1] + 1 - share]
        fast, slow = owed[0] / exposed[0], owed[1] / exposed[1]
    mean = fast + slow
    shape = mean * mean / (fast / exposed[0] + slow / exposed[1])
    z = (math.cbrt(1 / mean) - 1 + 1 / (9 * shape)) * 3 * math.sqrt(shape)
    return 0.5 * math.erfc(z / math.sqrt(2))


def _drive(times: Sequence[float]) -> list[tuple[float, float]]:
    """Return what both time constants make of the posts before each but the first, a second."""
    rows, fast, slow = [], 1.0, 1.0
    for before, at in pairwise(times):
        fast, slow = fast * math.exp((before - at) / FAST), slow * math.exp((before - at) / SLOW)
        rows.append((fast / FAST + 1e-12, slow / SLOW + 1e-12))
        fast, slow = fast + 1, slow + 1
    return rows
