"""The rules people use today to see a burst, each as a figure in steps of five minutes that a threshold is laid on.

Written from the documentation of ElastAlert 2 (spike rule), Huginn (PeakDetectorAgent) and Meltwater (spike alerts);
all get the same distinct-author posts as the product, and the threshold that finds most within the budget.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.clock import HOUR
from bench.alarming import REFRACTORY, Outcome, outcome
from bench.simulated import BEGIN, WEEK, Stream

__all__ = ["PEERS", "Peer", "as_run", "at_best"]

_STEP = 300
_HOUR = HOUR // _STEP
_SEARCHED = 12
Counts = NDArray[np.int32]
Figures = NDArray[np.float32]


class Peer(Struct, frozen=True):
    """A rule: what it computes, at which threshold people run it, up to which one it is looked for."""

    name: str
    figure: Callable[[Counts], Figures]
    usual: float
    greatest: float


def at_best(peer: Peer, stream: Stream, budget: float) -> tuple[float, Outcome]:
    """Return the least threshold at which false alerts stay below the budget, and what it finds."""
    figures = [peer.figure(counts) for counts in _counted(stream)]
    below, above = 0.0, peer.greatest
    best = _judged(figures, stream, above)
    for _ in range(_SEARCHED):
        middle = (below + above) / 2
        found = _judged(figures, stream, middle)
        if found.false < budget:
            above, best = middle, found
        else:
            below = middle
    return above, best


def as_run(peer: Peer, stream: Stream) -> Outcome:
    """Judge a rule at the threshold that people use."""
    return _judged([peer.figure(counts) for counts in _counted(stream)], stream, peer.usual)


def _judged(figures: list[Figures], stream: Stream, threshold: float) -> Outcome:
    return outcome(stream, [_alarms(each, threshold) for each in figures])


def _alarms(figure: Figures, threshold: float) -> list[int]:
    found: list[int] = []
    silent_until = 0
    for step in np.flatnonzero(figure >= threshold).tolist():
        at = BEGIN + (step + 1) * _STEP - 1
        if at >= silent_until:
            found.append(at)
            silent_until = at + REFRACTORY
    return found


def _counted(stream: Stream) -> list[Counts]:
    """Return posts by five minutes."""
    steps = stream.weeks * WEEK // _STEP
    return [
        np.bincount(np.clip((np.array(times) - BEGIN) // _STEP, 0, steps - 1), minlength=steps).astype(np.int32)
        for times in stream.series
    ]


def _last(counts: Counts, steps: int) -> Counts:
    """Return how many posts the last `steps` held, at each step."""
    sums = np.concatenate([np.zeros(steps, np.int32), np.cumsum(counts, dtype=np.int32)])
    return np.asarray(sums[steps:] - sums[:-steps])


def _posts_an_hour(counts: Counts) -> Figures:
    return _last(counts, _HOUR).astype(np.float32)


def _ratio_spike(counts: Counts) -> Figures:
    """Return posts of this hour over those of the hour before, where this one has at least five."""
    now = _last(counts, _HOUR)
    before = np.concatenate([np.zeros(_HOUR, np.int32), now[:-_HOUR]])
    return np.where(now >= 5, now / np.maximum(before, 0.5), 0).astype(np.float32)


def _above_deviation(counts: Counts) -> Figures:
    """Return deviations by which an hour lies above the mean of the hours of two weeks; at least four posts."""
    hours = counts.reshape(-1, _HOUR).sum(1).astype(float)
    known = np.arange(1, len(hours) + 1).clip(max=336)
    mean, square = _last_sum(hours, 336) / known, _last_sum(hours**2, 336) / known
    deviation = np.sqrt(np.maximum(square - mean**2, 1e-9))
    before = np.concatenate([[0], np.arange(len(hours) - 1)])
    now = _last(counts, _HOUR)
    away = (now - np.repeat(mean[before], _HOUR)) / np.maximum(np.repeat(deviation[before], _HOUR), 0.1)
    return np.where(now >= 4, away, 0).astype(np.float32)


def _last_sum(values: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    sums = np.concatenate([np.zeros(steps), np.cumsum(values)])
    return np.asarray(sums[steps:] - sums[:-steps])


def _half_day(counts: Counts) -> Figures:
    """Return posts of the last 12 hours over the greater of the usual 12 hours of the day and of the week before."""
    half, day, week = _last(counts, 12 * _HOUR), _last(counts, 24 * _HOUR), _last(counts, 168 * _HOUR)
    usual = np.maximum((day - half).astype(float), (week - half) / 13)
    return np.where(half >= 5, half / np.maximum(usual, 1), 0).astype(np.float32)


PEERS = (
    Peer("any n posts an hour", _posts_an_hour, 1, 400),
    Peer("ratio spike (ElastAlert 2)", _ratio_spike, 3, 400),
    Peer("mean + 3 sigma (Huginn)", _above_deviation, 3, 400),
    Peer("12 h, day, week (Meltwater)", _half_day, 2, 400),
)
