"""The usual number of distinct-author posts in an hour: a level, shaped by hour of day and hour of week.

Each finer shape is shrunk to the coarser one: hour of day by 24 pseudo-hours, hour of week by 6. Hours are
winsorised at 3 m + 6 before they teach, so that an incident does not become its own baseline.
"""

from __future__ import annotations

from msgspec import Struct, field

from answerable.clock import DAY, HOUR
from incidents.growth import LOOK_BACK, strength
from incidents.policy import STEP
from incidents.series import hour_of

__all__ = ["FLOOR", "LEAST_DAYS", "Baseline"]

FLOOR = 0.02
LEAST_DAYS = 3
_SETTLE = LOOK_BACK * HOUR


class Baseline(Struct, array_like=True):
    """Counts by five minutes that still settle (`open`), and sums of those that have (`total`, `by_day`, `by_week`).

    `first` is the first hour heard of, `through` the hour up to which hours have settled; 0 = none yet. A
    late post reopens its hour and teaches when it settles again. Only `note` changes anything, so that what was
    stored with the last post is all there is.

    >>> usual = Baseline()
    >>> for hour in range(0, 24 * 28): usual.note(hour * 3600, hour * 3600)
    >>> round(usual.hours(24 * 28 * 3600)[0], 1), usual.days(24 * 28 * 3600)
    (1.0, 27)
    """

    first: int = 0
    through: int = 0
    total: float = 0.0
    by_day: list[float] = field(default_factory=lambda: [0.0] * 24)
    by_week: list[float] = field(default_factory=lambda: [0.0] * 168)
    open: dict[int, int] = {}

    def note(self, at: int, now: int) -> None:
        """Count one distinct-author post in its own five minutes; let every hour teach that ended three hours ago."""
        self._settle(now)
        step = at - at % STEP
        self.open[step] = self.open.get(step, 0) + 1
        if not self.first or hour_of(at) < self.first:
            self.first = hour_of(at)

    def hours(self, now: int) -> tuple[float, ...]:
        """Return the usual posts of the clock hour that `now` falls in, and of each of the three before."""
        through = self._through(now)
        return tuple(self._usual(now - back * HOUR, through) for back in range(LOOK_BACK + 1))

    def shape(self, now: int) -> tuple[float, ...]:
        """Return how those four hours compare with the mean hour, 1 each while nothing is known."""
        level = self._level(self._hours(self._through(now)))
        return tuple(usual / level for usual in self.hours(now))

    def surge(self, now: int) -> float:
        """Return how little chance accounts for the posts of the last hours, as −log10 of a probability.

        Fewer than three days of the past say nothing yet of what is usual: 0. In the first days of a busy place
        nearly everything would be a surge.
        """
        if self.days(now) < LEAST_DAYS:
            return 0.0
        recent = sorted(step for step in self.open if now - _SETTLE < step <= now)
        return strength([step for step in recent for _ in range(self.open[step])], self.hours(now), now)

    def days(self, now: int) -> int:
        """Return how many whole days of the past the usual rests on."""
        return self._hours(self._through(now)) * HOUR // DAY

    def _settle(self, now: int) -> None:
        end = hour_of(now) - _SETTLE
        heard: dict[int, int] = {}
        for step in sorted(step for step in self.open if step < end):
            heard[hour_of(step)] = heard.get(hour_of(step), 0) + self.open.pop(step)
        for hour, posts in heard.items():
            usual = self._usual(hour, max(self.through, hour))
            taught = min(float(posts), 3 * usual + 6)
            self.total += taught
            self.by_day[hour // HOUR % 24] += taught
            self.by_week[hour // HOUR % 168] += taught
            self.through = max(self.through, hour + HOUR)
        self.through = max(self.through, end)

    def _through(self, now: int) -> int:
        return max(self.through, hour_of(now) - _SETTLE)

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
