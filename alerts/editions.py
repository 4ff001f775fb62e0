"""When whose digest is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from alerts.digests import is_weekly
from alerts.hours import next_at, read_time
from alerts.recipients import Person

__all__ = ["Editions"]


class Editions:
    """People by the times of their digests, and the next edition of each."""

    def __init__(self, people: Sequence[Person], default: Sequence[str], zone: ZoneInfo) -> None:
        self._zone = zone
        self._people: dict[tuple[int, ...], list[Person]] = {}
        for person in people:
            times = tuple(sorted(map(read_time, default if person.digest is None else person.digest)))
            if times:
                self._people.setdefault(times, []).append(person)
        self._next: dict[tuple[int, ...], int] = {}

    @property
    def subscribers(self) -> frozenset[str]:
        """The ids of all who get digests."""
        return frozenset(person.id for people in self._people.values() for person in people)

    def start(self, clock: int) -> None:
        """Take the editions after an instant as the next ones."""
        self._next = {times: next_at(clock, times, self._zone) for times in self._people}

    def next_due(self) -> int | None:
        """Return when the next edition is due."""
        return min(self._next.values(), default=None)

    def due(self, at: int) -> Iterator[tuple[Person, bool]]:
        """Return whose digest is due at `at`, and whether it is the weekly one; the next editions are set."""
        for times, moment in self._next.items():
            if moment <= at:
                weekly = is_weekly(moment, times, self._zone)
                self._next[times] = next_at(moment, times, self._zone)
                yield from ((person, weekly) for person in self._people[times])
