"""What the processes of the pipeline say of themselves, taken together."""

from __future__ import annotations

import threading

from answerable.clock import DAY, MINUTE
from answerable.pulse import Placeless, Pulse, Silence

__all__ = ["Pulses"]

_GONE_AFTER = 5 * MINUTE  # a process that is silent for so long is not counted any more


class Pulses:
    """The latest pulse of each process; what one had handled stays known when it has ended. Any thread may call.

    >>> from answerable.pulse import Stretch
    >>> pulses = Pulses()
    >>> pulses.take(Pulse("a", 60, (Stretch("index", 50, 3),)))
    >>> pulses.take(Pulse("b", 60, (Stretch("index", 40, 9), Stretch("crawl", 55, 1)), sources=2))
    >>> pulses.newest(("crawl", "index")), pulses.sources(60), pulses.silent(60)
    ((('crawl', 55), ('index', 50)), 2, ())
    >>> pulses.sources(600), pulses.silent(600)
    (0, (Silence(source='crawl', since=60, reason='no process crawls'),))
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[str, Pulse] = {}
        self._newest: dict[str, int] = {}
        self._crawled = 0  # when a process was heard of last that visits sources

    def take(self, pulse: Pulse) -> None:
        """Take in one; an older one than what is known changes nothing."""
        with self._lock:
            known = self._latest.get(pulse.process)
            if known is None or known.at <= pulse.at:
                self._latest[pulse.process] = pulse
            for one in pulse.stages:
                self._newest[one.stage] = max(one.newest_at, self._newest.get(one.stage, one.newest_at))
            if pulse.sources:
                self._crawled = max(self._crawled, pulse.at)

    def newest(self, stages: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
        """Return when the newest post was published that each stage has handled, in the order given."""
        return tuple((stage, self._newest[stage]) for stage in stages if stage in self._newest)

    def sources(self, now: int) -> int:
        """Count the sources that living processes visit."""
        return max((pulse.sources for pulse in self._living(now)), default=0)

    def silent(self, now: int) -> tuple[Silence, ...]:
        """Return the silent sources of living processes, by name; where nobody visits any, that no process crawls."""
        living = self._living(now)
        if self._crawled and not any(pulse.sources for pulse in living):
            return (Silence("crawl", self._crawled, "no process crawls"),)
        found = {one.source: one for pulse in living for one in pulse.silent}
        return tuple(found[source] for source in sorted(found))

    def placeless(self, now: int) -> tuple[Placeless, ...]:
        """Return what living processes counted together, by area.

        >>> pulses = Pulses()
        >>> pulses.take(Pulse("a", 60, placeless=(Placeless("lt", 100, 20),)))
        >>> pulses.take(Pulse("b", 60, placeless=(Placeless("lt", 200, 90),)))
        >>> pulses.placeless(60)
        (Placeless(area='lt', posts=300, without=110),)
        """
        total: dict[str, tuple[int, int]] = {}
        for one in (counts for pulse in self._living(now) for counts in pulse.placeless):
            posts, without = total.get(one.area, (0, 0))
            total[one.area] = posts + one.posts, without + one.without
        return tuple(Placeless(area, *counts) for area, counts in sorted(total.items()))

    def _living(self, now: int) -> list[Pulse]:
        with self._lock:
            self._latest = {name: pulse for name, pulse in self._latest.items() if now - pulse.at < DAY}
            return [pulse for _, pulse in sorted(self._latest.items()) if now - pulse.at < _GONE_AFTER]
