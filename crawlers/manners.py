"""How often a host may be asked, and when to stop: pure, the time is an argument."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from enum import StrEnum

__all__ = ["GIVE_UP_AFTER", "LONGEST_WAIT_S", "Manners", "Next", "retry_after_seconds"]

GIVE_UP_AFTER = 3
LONGEST_WAIT_S = 120.0


class Next(StrEnum):
    """What to do after an answer."""

    GO_ON = "go on"
    AGAIN = "ask again later"
    STOP = "stop"


class _Host:
    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.next_at = 0.0
        self.refusals = 0


class Manners:
    """Keeps one crawl's requests apart, host by host. Times and delays are seconds.

    Three refusals (403 or 429) in a row, or being told to come back much later, end the crawl; a
    Retry-After of up to two minutes is waited for.
    """

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._hosts: dict[str, _Host] = {}
        self.retry_at = 0

    def slower(self, host: str, delay: float) -> None:
        """Keep requests to a host at least `delay` apart, as its robots.txt asks."""
        one = self._host(host)
        one.delay = max(one.delay, delay)

    def wait(self, host: str, now: float) -> float:
        """Return how long to wait before a host may be asked."""
        return max(0.0, self._host(host).next_at - now)

    def asked(self, host: str, now: float) -> None:
        """Note that a host is being asked."""
        one = self._host(host)
        one.next_at = max(one.next_at, now + one.delay)

    def answered(self, host: str, status: int, retry_after: float | None, now: float) -> Next:
        """Note an answer (status 0 = none came) and say how to go on."""
        one = self._host(host)
        one.next_at = max(one.next_at, now + one.delay)
        one.refusals = one.refusals + 1 if status in (403, 429) else 0
        if status not in (403, 429, 503):
            return Next.GO_ON
        if retry_after is not None:
            one.next_at = max(one.next_at, now + retry_after)
        if one.refusals >= GIVE_UP_AFTER or (retry_after or 0) > LONGEST_WAIT_S:
            self.retry_at = int(max(one.next_at, now)) + 1
            return Next.STOP
        return Next.AGAIN if retry_after is not None else Next.GO_ON

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(self._delay))


def retry_after_seconds(value: str, now: float) -> float | None:
    """Read a Retry-After header: seconds, or a date; None where it says nothing.

    >>> retry_after_seconds("120", 0), retry_after_seconds("Thu, 01 Jan 1970 00:01:00 GMT", 50)
    (120.0, 10.0)
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now) if value else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
