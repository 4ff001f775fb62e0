"""Whether posts come faster than usual: the negative-binomial tail of the last hour and of the last three."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from answerable.clock import HOUR

__all__ = ["ALARM", "LOOK_BACK", "doublings", "rung", "strength", "tail"]

ALARM = 3.6
LOOK_BACK = 3
# What several hours make up varies less than what one does: hours that run high are followed by ordinary ones.
_WINDOWS = ((1, 0.2), (LOOK_BACK, 0.1))
_LEAST = 3


def strength(times: Sequence[int], usual: Sequence[float], now: int) -> float:
    """Return how little chance accounts for the latest of these instants (sorted), as −log10 of a probability.

    `usual` holds the posts that are usual in the clock hour `now` falls in and in each of the three before. The
    greater tail of two windows counts: one hour tells of an outburst, three of what grows slowly.

    >>> round(strength([0, 600, 900, 1500, 2000, 3000], [0.5] * 4, 3600), 1)
    3.2
    """
    passed = now % HOUR / HOUR
    until = bisect_right(times, now)
    strongest = 0.0
    for hours, dispersion in _WINDOWS:
        posts = until - bisect_right(times, now - hours * HOUR)
        expected = passed * usual[0] + math.fsum(usual[1:hours]) + (1 - passed) * usual[hours]
        strongest = max(strongest, tail(posts, expected, dispersion))
    return strongest


def rung(strength: float, alarm: float = ALARM) -> int:
    """Return how high a strength stands: 1 from the alarm on, 2 from twice as much, at most 3.

    >>> [rung(ALARM * times) for times in (0.9, 1, 2.5, 7)]
    [0, 1, 2, 3]
    """
    return min(3, int(strength / alarm))


def tail(posts: int, usual: float, dispersion: float) -> float:
    """Return −log10 of the chance of at least `posts` where `usual` are expected (negative binomial).

    The variance is m + dispersion · m²; fewer than three posts, or no more than usual, are no evidence.

    >>> round(tail(5, 0.02, 0.6), 1), tail(2, 0.02, 0.6), tail(3, 3.0, 0.6)
    (9.1, 0.0, 0.0)
    """
    if posts < _LEAST or posts <= usual:
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
