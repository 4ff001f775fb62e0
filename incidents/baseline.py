"""The usual number of distinct-author posts in an hour: a level, shaped by hour of day and hour of week.

Each finer shape is shrunk to the coarser one: hour of day by 24 pseudo-hours, hour of week by 6. Hours are
winsorised at 3 m + 6 before they teach, so that an incident does not become its own baseline.
"""

from __future__ import annotations

from msgspec import Struct, field

from answerable.clock import HOUR
from incidents.series import hour_of

__all__ = ["FLOOR", "Baseline"]

FLOOR = 0.02
_SETTLE = 2 * HOUR


class Baseline(Struct, array_like=True):
    """Counts by hour that still settle (`open`), and sums of those that have (`total`, `by_day`, `by_week`).

    `first` is the first hour heard of, `through` the hour up to which hours have settled; 0 = none yet. A
    late post reopens its hour and teaches when it settles again.

    >>> usual = Baseline()
    >>> for hour in range(0, 24 * 28): usual.note(hour * 3600)
    >>> round(usual.expected(24 * 28 * 3600, 24 * 28 * 3600), 1)
    1.0
    """

    first: int = 0
    through: int = 0
    total: float = 0.0
    by_day: list[float] = field(default_factory=lambda: [0.0] * 24)
    by_week: list[float] = field(default_factory=lambda: [0.0] * 168)
    open: dict[int, int] = {}

    def note(self, at: int) -> None:
        """Count one distinct-author post in its own hour."""
        hour = hour_of(at)
        self.open[hour] = self.open.get(hour, 0) + 1
        if not self.first or hour < self.first:
            self.first = hour

    def settle(self, now: int) -> None:
        """Let every hour teach that ended two hours ago."""
        end = hour_of(now) - _SETTLE
        for hour in sorted(hour for hour in self.open if hour < end):
            usual = self._usual(hour, max(self.through, hour))
            heard = min(float(self.open.pop(hour)), 3 * usual + 6)
            self.total += heard
            self.by_day[hour // HOUR % 24] += heard
            self.by_week[hour // HOUR % 168] += heard
            self.through = max(self.through, hour + HOUR)
        self.through = max(self.through, end)

    def expected(self, at: int, now: int) -> float:
        """Return the usual posts in the hour that `at` falls in, as known at `now`."""
        self.settle(now)
        return self._usual(at, self.through)

    def shape(self, now: int) -> float:
        """Return how the present hour of the week compares with the mean hour, 1 while nothing is known."""
        self.settle(now)
        return self._usual(now, self.through) / self._level(self._hours(self.through))

    def _hours(self, through: int) -> int:
        return max(0, (through - self.first) // HOUR) if self.first else 0

    def _level(self, hours: int) -> float:
        return max((self.total + 0.5) / (hours + 24), FLOOR)

    def _usual(self, at: int, through: int) -> float:
        hours = self._hours(through)
        level = self._level(hours)
        place = at // HOUR
        day = (self.by_day[place % 24] + 24 * level) / (hours / 24 + 24)
        return max((self.by_week[place % 168] + 6 * day) / (hours / 168 + 6), FLOOR)
