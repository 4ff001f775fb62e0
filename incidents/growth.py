"""Whether posts come faster than usual: a negative-binomial tail, and a CUSUM for slower growth."""

from __future__ import annotations

import math

from msgspec import Struct

__all__ = ["ALARM", "Cusum", "doublings", "tail"]

DISPERSION = 0.6
ALARM = 3.36
_LEAST = 3
_STEPS = 12
_RATE, _EXTRA, _LIMIT, _CAP_HOURS = 8.0, 0.05, 12.2, 1.5
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
    """

    value: float = 0.0
    silent_until: int = 0

    def step(self, posts: int, usual: float, at: int) -> bool:
        """Take in five minutes, `usual` being posts an hour; return whether it alarms."""
        rate, m = (_RATE * usual + _EXTRA) / _STEPS, usual / _STEPS
        size = 1.0 / DISPERSION
        gain = posts * math.log(rate * (m + size) / (m * (rate + size))) - size * math.log((rate + size) / (m + size))
        self.value = min(max(0.0, self.value + gain), _LIMIT * _CAP_HOURS)
        if self.value < _LIMIT or at < self.silent_until:
            return False
        self.value, self.silent_until = 0.0, at + _REFRACTORY
        return True
