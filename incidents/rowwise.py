"""Which rows of any series of counts stand out, row by row as they come: the detector of `answerable spread`."""

from __future__ import annotations

import math
from collections import deque

from msgspec import Struct

from answerable.clock import DAY, MINUTE

__all__ = ["MEMORY", "THRESHOLD", "WINDOW", "Deviation", "Hold", "Judged", "RowWatch"]

THRESHOLD, WINDOW, MEMORY = 4.0, 45 * MINUTE, 21 * DAY
_SILENCE = DAY
_HELD = 0.499


class Judged(Struct, frozen=True):
    """A row's score in [0, 1], and whether it raises an alarm."""

    score: float
    alarm: bool


class RowWatch:
    """Compares the mean of the last 45 minutes with a mean that remembers three weeks.

    The score is z / (z + threshold), .5 at the threshold; while the hold lets nothing through it stays below .5.
    Row n depends on rows 1 … n alone; memory and time a row are constant.

    >>> watch = RowWatch()
    >>> quiet = [watch.judge(300 * row, 2.0 + row % 3) for row in range(600)]
    >>> any(row.alarm for row in quiet), watch.judge(300 * 600, 40.0).alarm
    (False, True)
    """

    def __init__(self) -> None:
        self._deviation, self._hold = Deviation(), Hold()
        self._now: int | None = None

    def judge(self, at: int, value: float) -> Judged:
        """Take in one finite value at an instant in seconds; a time that goes back counts as no time passed."""
        self._now = at if self._now is None else max(at, self._now)
        z = self._deviation.next(self._now, value)
        score, alarm = max(0.0, z) / (max(0.0, z) + THRESHOLD), self._hold.told(self._now, z)
        return Judged(score if alarm else min(score, _HELD), alarm)


class Deviation:
    """How many standard deviations the mean of the last 45 minutes lies above the mean of three weeks.

    Mean and variance are exponentially weighted by time, as in control charts: Roberts, Technometrics 1959.
    """

    def __init__(self, window: int = WINDOW, memory: int = MEMORY) -> None:
        self._window, self._memory = window, memory
        self._rows: deque[tuple[int, float]] = deque()
        self._seen = self._last = 0
        self._mean = self._variance = 0.0

    def next(self, at: int, value: float) -> float:
        """Take in one row; return its z, and let it teach afterwards."""
        before = self._last if self._seen else at
        self._last = max(at, before)
        self._rows.append((self._last, value))
        while self._rows[0][0] <= self._last - self._window:
            self._rows.popleft()
        present = math.fsum(each for _, each in self._rows) / len(self._rows)
        self._seen += 1
        away = present - self._mean if self._seen > 1 else 0.0
        z = away / max(math.sqrt(self._variance), 1 / len(self._rows))  # one post more is one deviation at most
        weight = max(1 - math.exp(-2 * (self._last - before) / self._memory), 1 / self._seen)
        self._mean += weight * away if self._seen > 1 else present
        self._variance = (1 - weight) * (self._variance + weight * away * away)
        return z


class Hold:
    """Lets one alarm a day through, and none on the first day, which only teaches."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._until: int | None = None

    def told(self, at: int, z: float) -> bool:
        """Return whether a row is told."""
        if self._until is None:
            self._until = at + _SILENCE
        if z < self._threshold or at < self._until:
            return False
        self._until = at + _SILENCE
        return True
