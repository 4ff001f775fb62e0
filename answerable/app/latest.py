"""A value that many ask for and that takes long to find out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Latest"]

T = TypeVar("T")


class Latest(Generic[T]):
    """Looks anew once the last look is `seconds` old; while one thread looks, the others get what was seen last.

    Where nothing was seen yet they wait. What looking raises passes on to the one who looked.

    >>> numbers = iter(range(9))
    >>> latest = Latest(lambda: next(numbers), 60.0)
    >>> latest(), latest()
    (0, 0)
    """

    def __init__(self, look: Callable[[], T], seconds: float) -> None:
        self._look, self._seconds = look, seconds
        self._lock = threading.Lock()
        self._seen: list[T] = []
        self._until = 0.0

    def __call__(self) -> T:
        """Return what was seen last."""
        if self._lock.acquire(blocking=not self._seen):
            try:
                if not self._seen or time.monotonic() >= self._until:
                    self._seen = [self._look()]
                    self._until = time.monotonic() + self._seconds
            finally:
                self._lock.release()
        return self._seen[0]
