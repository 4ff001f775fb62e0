"""Which rows of any series of counts stand out, row by row as they come: the detector of `answerable spread`."""

from __future__ import annotations

import math
from collections import deque

from msgspec import Struct

from answerable.clock import DAY

__all__ = ["THRESHOLD", "Judged", "RowWatch"]

THRESHOLD = 4.0
_WINDOW = 45 * 60
_MEMORY = 21 * DAY
_SILENCE = DAY
_HELD = 0.499


class Judged(Struct, frozen=True):
    """A row's score in [0, 1], and whether it raises an alarm."""

    score: float
    alarm: bool


class RowWatch:
    """Compares the mean of the last 45 minutes with a mean that remembers three weeks.

    z = (mean of the window − its long mean) / its long standard deviation, both exponentially weighted by
    time. The score is z / (z + 4), .5 at the threshold. An alarm silences the series for a day, and the first
    day only teaches: meanwhile the score stays below .5. Row n depends on rows 1 … n alone; memory and time
    a row are constant. Exponentially weighted control charts: Roberts, Technometrics 1959.

    >>> watch = RowWatch()
    >>> quiet = [watch.judge(300 * row, 2.0 + row % 3) for row in range(600)]
    >>> any(row.alarm for row in quiet), watch.judge(300 * 600, 40.0).alarm
    (False, True)
    """

    def __init__(self) -> None:
        self._rows: deque[tuple[int, float]] = deque()
        self._seen = 0
        self._last = self._silent_until = 0
        self._mean = self._variance = 0.0

    def judge(self, at: int, value: float) -> Judged:
        """Take in one finite value at an instant in seconds; a time that goes back counts as no time passed."""
        if not self._seen:
            self._last, self._silent_until = at, at + _SILENCE
        before, self._last = self._last, max(at, self._last)
        now = self._last
        self._rows.append((now, value))
        while self._rows[0][0] <= now - _WINDOW:
            self._rows.popleft()
        z = max(0.0, self._learn(math.fsum(each for _, each in self._rows) / len(self._rows), now - before))
        score = z / (z + THRESHOLD)
        if z < THRESHOLD or now < self._silent_until:
            return Judged(min(score, _HELD), alarm=False)
        self._silent_until = now + _SILENCE
        return Judged(score, alarm=True)

    def _learn(self, present: float, passed: int) -> float:
        """Return how many deviations the window's mean lies above the long one; let it teach afterwards.

        One post more than usual in the window is never more than one deviation, however silent the series was.
        """
        self._seen += 1
        if self._seen == 1:
            self._mean = present
            return 0.0
        away = present - self._mean
        z = away / max(math.sqrt(self._variance), 1 / len(self._rows))
        weight = max(1 - math.exp(-2 * passed / _MEMORY), 1 / self._seen)
        self._mean += weight * away
        self._variance = (1 - weight) * (self._variance + weight * away * away)
        return z
