"""How the detector of rows was chosen: on all series but one, again and again, its neighbours' figures included."""

from __future__ import annotations

from functools import cache
from itertools import product
from statistics import mean

import numpy as np

from answerable.clock import DAY, HOUR, MINUTE
from bench import nab
from bench.nab import Series, Tally
from bench.simulated import BEGIN, WEEK, simulated
from incidents.rowwise import MEMORY, THRESHOLD, WINDOW, Deviation, Hold

__all__ = ["SHIPPED", "detections", "left_out"]

Setting = tuple[float, int, int]  # threshold, window, memory
SHIPPED: Setting = (THRESHOLD, WINDOW, MEMORY)
_THRESHOLDS = (3.25, 3.5, 3.75, 4.0, 4.25, 4.5)
_GRID = tuple(product(_THRESHOLDS, (30 * MINUTE, 45 * MINUTE, HOUR), (14 * DAY, 21 * DAY, 28 * DAY)))
_STEP = 300


def detections(of: Series, setting: Setting = SHIPPED) -> list[int]:
    """Return the rows at which the detector alarms."""
    threshold, window, memory = setting
    hold = Hold(threshold)
    return [row for row, z in enumerate(_deviations(of.name, window, memory)) if hold.told(of.times[row], z)]


@cache
def _deviations(name: str, window: int, memory: int) -> tuple[float, ...]:
    of, deviation = next(each for each in _every() if each.name == name), Deviation(window, memory)
    return tuple(deviation.next(at, value) for at, value in zip(of.times, of.values, strict=True))


def left_out() -> tuple[float, int]:
    """Return the normalised score of the tweet series, each with what was chosen without it, and the false rows.

    The choice counts the other tweet series fully, known causes and simulated series half each.
    """
    costs, tweets = nab.profile("standard"), nab.series(nab.TWEETS)
    found = []
    for held in tweets:
        others = tuple(each for each in tweets if each is not held)
        found.append(_tally(held, max(_GRID, key=lambda setting: _merit(setting, others))))
    return nab.normalised([each.score for each in found], tweets, costs), sum(each.false_rows for each in found)


def _merit(setting: Setting, tweets: tuple[Series, ...]) -> float:
    """Return the mean over a threshold and its neighbours."""
    place = _THRESHOLDS.index(setting[0])
    near = [(threshold, *setting[1:]) for threshold in _THRESHOLDS[max(0, place - 1) : place + 2]]
    return mean(
        _normalised(each, tweets) + _normalised(each, nab.series(nab.KNOWN)) / 2 + _normalised(each, _made()) / 2
        for each in near
    )


def _normalised(setting: Setting, files: tuple[Series, ...]) -> float:
    return nab.normalised([_tally(file, setting).score for file in files], files, nab.profile("standard"))


def _tally(of: Series, setting: Setting) -> Tally:
    return _tallied(of.name, setting)


@cache
def _tallied(name: str, setting: Setting) -> Tally:
    of = next(each for each in _every() if each.name == name)
    return nab.score(of, detections(of, setting), nab.profile("standard"))


def _every() -> tuple[Series, ...]:
    return (*nab.series(nab.TWEETS), *nab.series(nab.KNOWN), *_made())


@cache
def _made() -> tuple[Series, ...]:
    """Return eight simulated series by five minutes; a window is the eight hours before and after a peak."""
    stream = simulated(8, 8)
    steps = stream.weeks * WEEK // _STEP
    times = tuple(range(BEGIN, BEGIN + stream.weeks * WEEK, _STEP))
    made = []
    for number, posts in enumerate(stream.series):
        counts = np.bincount((np.array(posts) - BEGIN) // _STEP, minlength=steps)
        peaks = sorted(
            (one.peak - BEGIN) // _STEP for one in stream.incidents if one.series == number and one.size >= 100
        )
        windows = tuple((peak - 96, peak + 96) for peak in peaks)
        made.append(Series(f"simulated/{number}", times, tuple(map(float, counts)), windows))
    return tuple(made)
