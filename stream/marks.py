"""Named moments between two durable steps, at which a test may kill the process.

ANSWERABLE_KILL_AT=name (or name:3, the third time) ends the process there with SIGKILL. Without it a
mark does nothing.
"""

from __future__ import annotations

import os
import signal

__all__ = ["mark"]

_name, _, _times = os.environ.get("ANSWERABLE_KILL_AT", "").partition(":")
_left = int(_times or 1)


def mark(name: str) -> None:
    """Pass a named moment.

    >>> mark("batch handled")
    """
    global _left  # a countdown of the whole process
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
