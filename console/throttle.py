"""Backing off: who failed to sign in too often waits, twice as long each time."""

from __future__ import annotations

import threading
from collections import OrderedDict

from answerable.clock import MINUTE

__all__ = ["Throttle"]

_FIRST = 30  # seconds
_LONGEST = 15 * MINUTE
_FORGET = 60 * MINUTE  # a quiet hour wipes the slate
_KEYS = 10_000


class Throttle:
    """Counts failures per key (a name, an address) and says how long that key has to wait.

    After `free` failures the key waits 30 s, then 60 s, … up to 15 min after each further one.

    >>> throttle = Throttle(free=2)
    >>> [throttle.failed("lead", now=0) for _ in range(4)]
    [0, 0, 30, 60]
    >>> throttle.wait("lead", now=10), throttle.wait("lead", now=60), throttle.wait("other", now=10)
    (50, 0, 0)
    """

    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, now: int) -> int:
        """Return the seconds that remain before this key may try again, 0 for none."""
        with self._lock:
            count, last = self._failures.get(key, (0, now))
        return max(0, last + self._delay(count) - now)

    def failed(self, key: str, now: int) -> int:
        """Count one failure and return the seconds to wait from now."""
        with self._lock:
            count, last = self._failures.pop(key, (0, now))
            count = 1 if now - last > _FORGET else count + 1
            self._failures[key] = (count, now)
            while len(self._failures) > _KEYS:
                self._failures.popitem(last=False)
        return self._delay(count)

    def clear(self, key: str) -> None:
        """Forget a key's failures, because it signed in."""
        with self._lock:
            self._failures.pop(key, None)

    def _delay(self, count: int) -> int:
        over = count - self._free
        return min(_LONGEST, _FIRST << min(over - 1, 10)) if over > 0 else 0
