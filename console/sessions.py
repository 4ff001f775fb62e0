"""Who is signed in: sessions in memory, under random names that only the browser and this process know."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from answerable.clock import HOUR

__all__ = ["Session", "Sessions"]

_LONGEST = 12 * HOUR  # a working day; then the password is asked for again
_PER_USER = 10
_REASONS = 50


@dataclass(slots=True)
class Session:
    """One signed-in browser.

    `reasons` are the reasons given for reading full texts, by query; `said` is what the next page tells once.
    """

    secret: str
    name: str
    started_at: int
    seen_at: int
    locale: str | None = None
    said: str | None = None
    reasons: dict[str, str] = field(default_factory=dict)

    def give_reason(self, query: str, reason: str) -> None:
        """Keep the reason for a query, the newest few only."""
        self.reasons.pop(query, None)
        self.reasons[query] = reason
        while len(self.reasons) > _REASONS:
            del self.reasons[next(iter(self.reasons))]

    def say_once(self) -> str | None:
        """Return what was to be told, and forget it."""
        said, self.said = self.said, None
        return said


class Sessions:
    """All sessions of this process; they end after `idle` seconds unused, and after twelve hours anyway."""

    def __init__(self, idle: int) -> None:
        self._idle = idle
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self, name: str, now: int) -> Session:
        """Begin a session under a new random secret; the oldest of too many of one user ends."""
        session = Session(secrets.token_urlsafe(32), name, now, now)
        with self._lock:
            self._sweep(now)
            own = [other.secret for other in self._open.values() if other.name == name]
            for secret in own[: max(0, len(own) - _PER_USER + 1)]:
                del self._open[secret]
            self._open[session.secret] = session
        return session

    def find(self, secret: str, now: int) -> Session | None:
        """Return the session of a secret and count it as used, or None where it has ended."""
        with self._lock:
            session = self._open.get(secret)
            if session is None:
                return None
            if self._over(session, now):
                del self._open[secret]
                return None
            session.seen_at = now
            return session

    def close(self, secret: str) -> None:
        """End one session."""
        with self._lock:
            self._open.pop(secret, None)

    def close_all(self, name: str, but: str = "") -> None:
        """End every session of a user, save the one named."""
        with self._lock:
            for secret in [s.secret for s in self._open.values() if s.name == name and s.secret != but]:
                del self._open[secret]

    def _over(self, session: Session, now: int) -> bool:
        return now - session.seen_at >= self._idle or now - session.started_at >= _LONGEST

    def _sweep(self, now: int) -> None:
        for secret in [s.secret for s in self._open.values() if self._over(s, now)]:
            del self._open[secret]
