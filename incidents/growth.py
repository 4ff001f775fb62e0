"""Whether posts come faster than usual: a negative-binomial tail, and a CUSUM for slower growth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

__all__ = ["ALARM", "LIMIT", "Cusum", "doublings", "pressure", "tail"]

DISPERSION = 0.6
ALARM = 3.36
LIMIT = 12.2
_LEAST = 3
_STEPS = 12
_STEP = 300
_RATE, _EXTRA = 8.0, 0.05
_REFRACTORY = 6 * 3600


def tail(posts: int, usual: float, dispersion: float = DISPERSION) -> float:
    """Return −log10 of the chance of at least `posts` where `usual` are expected (negative binomial).

    The variance is m + dispersion · m²; fewer than three posts are no evidence.

    >>> round(tail(5, 0.02), 1), tail(2, 0.02)
    (9.1, 0.0)
    """
    if posts < _LEAST:
        return 0.0
    size = 1.0 / dispersion
    share = usual / (usual + size)
    log_term = (
        math.lgamma(posts + size) - math.lgamma(size) - math.lgamma(posts + 1)
        + posts * math.log(share) + size * math.log1p(-share)
    )  # fmt: skip
    ratio, total, count = 1.0, 1.0, posts
    while ratio > 1e-12 * total and count < posts + 2000:
        ratio *= share * (count + size) / (count + 1)
        total += ratio
        count += 1
    return max(0.0, -(log_term + math.log(total)) / math.log(10))


def doublings(before: int, after: int) -> float:
    """Return how often a count doubled, two posts being the start of counting.

    >>> doublings(6, 14)
    1.0
    """
    return math.log2((after + 2) / (before + 2))


class Cusum(Struct, array_like=True):
    """Cumulative log-likelihood of growth to 8 m + .05 an hour, in five-minute steps.

    Capped at what 1.5 hours of that growth would give, set to nothing on an alarm, silent for six hours after.

    >>> cusum = Cusum()
    >>> [cusum.step(1, 0.1, at * 300) for at in range(6)]
    [False, False, False, False, False, True]
    """

    value: float = 0.0
    silent_until: int = 0

    def step(self, posts: int, usual: float, at: int) -> bool:
        """Take in five minutes, `usual` being posts an hour; return whether it alarms."""
        gain, loss = _gains(usual)
        self.value = min(max(0.0, self.value + posts * gain - loss), _cap(usual))
        if self.value < LIMIT or at < self.silent_until:
            return False
        self.value, self.silent_until = 0.0, at + _REFRACTORY
        return True


def pressure(times: Sequence[int], usual: float, now: int) -> float:
    """Return where the CUSUM of posts at these instants (sorted) stands now, as a share of its limit.

    >>> pressure([0, 300, 600, 900, 1200, 1500, 1800], 0.05, 1800) > 1 > pressure([0, 20000, 40000], 0.05, 40000)
    True
    """
    gain, loss = _gains(usual)
    cap, value, before = _cap(usual), 0.0, times[0] if times else now
    for at in times:
        value = min(max(0.0, value - (at - before) / _STEP * loss) + gain, cap)
        before = at
    return max(0.0, value - (now - before) / _STEP * loss) / LIMIT


def _gains(usual: float) -> tuple[float, float]:
    """Return what a post adds and what five minutes take away."""
    rate, m, size = (_RATE * usual + _EXTRA) / _STEPS, usual / _STEPS, 1.0 / DISPERSION
    return math.log(rate * (m + size) / (m * (rate + size))), size * math.log((rate + size) / (m + size))


def _cap(usual: float) -> float:
    """Return what an hour and a half of that growth adds, at least the limit."""
    gain, loss = _gains(usual)
    rate = _RATE * usual + _EXTRA
    return max(1.5 * LIMIT, 1.5 * (rate * gain - _STEPS * loss))
