"""What the processes of the pipeline say of themselves, taken together."""

from __future__ import annotations

from answerable.clock import MINUTE
from answerable.pulse import Pulse, Silence

__all__ = ["Pulses"]

_GONE_AFTER = 5 * MINUTE  # a process that is silent for so long is not counted any more


class Pulses:
    """The latest pulse of each process.

    >>> from answerable.pulse import Stretch
    >>> pulses = Pulses()
    >>> pulses.take(Pulse("a", 60, (Stretch("index", 50, 3),)))
    >>> pulses.take(Pulse("b", 60, (Stretch("index", 40, 9), Stretch("crawl", 55, 1)), sources=2))
    >>> pulses.newest(("crawl", "index")), pulses.sources(60), pulses.sources(600)
    ((('crawl', 55), ('index', 50)), 2, 0)
    """

    def __init__(self) -> None:
        self._latest: dict[str, Pulse] = {}

    def take(self, pulse: Pulse) -> None:
        """Take in one; an older one than what is known changes nothing."""
        known = self._latest.get(pulse.process)
        if known is None or known.at <= pulse.at:
            self._latest[pulse.process] = pulse

    def newest(self, stages: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
        """Return when the newest post was published that each stage has handled, in the order given."""
        newest: dict[str, int] = {}
        for pulse in self._latest.values():
            for one in pulse.stages:
                newest[one.stage] = max(one.newest_at, newest.get(one.stage, one.newest_at))
        return tuple((stage, newest[stage]) for stage in stages if stage in newest)

    def sources(self, now: int) -> int:
        """Count the sources that living processes visit."""
        return max((pulse.sources for pulse in self._living(now)), default=0)

    def silent(self, now: int) -> tuple[Silence, ...]:
        """Return the silent sources of living processes, by name."""
        found = {one.source: one for pulse in self._living(now) for one in pulse.silent}
        return tuple(found[source] for source in sorted(found))

    def _living(self, now: int) -> list[Pulse]:
        return [pulse for _, pulse in sorted(self._latest.items()) if now - pulse.at < _GONE_AFTER]
