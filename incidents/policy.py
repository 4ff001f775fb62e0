"""The named policies that bound a fold: how long it remembers, how much, and from when it speaks."""

from __future__ import annotations

from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.post import Kind
from answerable.sections import Incidents

__all__ = ["SLOW", "STEP", "Policy", "after", "of", "up"]

STEP = 300
SLOW = frozenset({Kind.LETTER, Kind.HOTLINE, Kind.REPORT})


class Policy(Struct, frozen=True, kw_only=True):
    """Limits in seconds and counts; SLOW kinds are letters, hotline calls and reports.

    k_authors, k_token_days: from how many residents on a posts becomes an incident people see.
    token_age: an author's token leaves the state. twin_age: a post no longer finds near-duplicates.
    fast_age, slow_age: a post's record (hashes and counts) leaves the state. records: as many records an
    area keeps at most, the oldest go first. merge_every: whole groups are compared.
    """

    k_authors: int = 5
    k_token_days: int = 10
    quiet: int = 72 * HOUR
    close: int = 336 * HOUR
    slow_factor: int = 3
    token_age: int = 48 * HOUR
    twin_age: int = 72 * HOUR
    fast_age: int = 30 * DAY
    slow_age: int = 365 * DAY
    records: int = 60_000
    freeze_after: int = 200
    merge_every: int = 6 * HOUR
    idle_single: int = 24 * HOUR
    idle_group: int = 36 * HOUR

    def record_age(self, kind: Kind) -> int:
        """How long a post of this kind is remembered."""
        return self.slow_age if kind in SLOW else self.fast_age


def of(settings: Incidents) -> Policy:
    """Read the policy from the settings."""
    return Policy(
        k_authors=settings.k_authors,
        k_token_days=settings.k_token_days,
        quiet=int(settings.quiet_hours * HOUR),
        close=int(settings.close_hours * HOUR),
        records=settings.records,
    )


def after(at: int, step: int = STEP) -> int:
    """Return the first boundary later than an instant.

    >>> after(299), after(300)
    (300, 600)
    """
    return at - at % step + step


def up(at: int, step: int = STEP) -> int:
    """Return the first boundary that is not earlier than an instant.

    >>> up(299), up(300), up(301)
    (300, 300, 600)
    """
    return -(-at // step) * step
