"""How long a stage rests before it tries again, while the other stages of the same thread go on."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Rest"]


class Rest:
    """The rest of one stage; once `hurried` is true, it is over.

    >>> rest = Rest(lambda: False)
    >>> rest.over
    True
    >>> rest.begin(60.0)
    >>> rest.over
    False
    """

    def __init__(self, hurried: Callable[[], bool]) -> None:
        self._hurried = hurried
        self._until = 0.0

    def begin(self, seconds: float) -> None:
        """Rest from now on, for so many seconds."""
        self._until = time.monotonic() + seconds

    @property
    def over(self) -> bool:
        """Whether the stage may try again."""
        return self._hurried() or time.monotonic() >= self._until
