"""Time as data: whole seconds since 1970 in UTC, and RFC 3339 at the edge.

Every `…_at` field in the house is an `int` of this kind. Only app/ asks what time it is.

A test sets ANSWERABLE_CLOCK_SHIFT_FILE to a file with a number of seconds, by which this process's clock goes wrong
from then on; the file may change while it runs.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta

__all__ = ["DAY", "HOUR", "MINUTE", "At", "day_of", "parse", "show", "system_now", "true_now"]

At = Annotated[int, Meta(ge=0, lt=253_402_300_800)]  # in messages: 1970 to 9999, as far as times can be shown

MINUTE, HOUR, DAY = 60, 3600, 86400
_shift_file = os.environ.get("ANSWERABLE_CLOCK_SHIFT_FILE", "")


def system_now() -> int:
    """Return the machine's time in whole seconds; called from app/ alone."""
    return int(true_now()) + (int(Path(_shift_file).read_text("ascii")) if _shift_file else 0)


def true_now() -> float:
    """Return the machine's time whatever a test pretends, for what the machine itself wakes up by."""
    return time.time()


def show(at: int) -> str:
    """Write a time as RFC 3339 in UTC.

    >>> show(1772352000)
    '2026-03-01T08:00:00Z'
    """
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> int:
    """Read an RFC 3339 time; raise ValueError where the offset is missing.

    >>> parse("2026-03-01T16:00:00+08:00")
    1772352000
    >>> parse("2026-03-01T16:00:00")
    Traceback (most recent call last):
        ...
    ValueError: '2026-03-01T16:00:00' has no offset; write …Z or …+08:00
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset; write …Z or …+08:00")
    return int(moment.timestamp())


def day_of(at: int) -> str:
    """Name the UTC day that an instant falls in.

    >>> day_of(1772352000)
    '2026-03-01'
    """
    return _day(at // DAY)


@lru_cache(maxsize=1024)
def _day(number: int) -> str:
    return show(number * DAY)[:10]
