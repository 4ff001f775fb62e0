"""What every page can reach: the desk, the index, the users, and the few things this process remembers."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from alerts.entry import OpenDesk
from alerts.links import Links
from alerts.names import Names
from answerable.settings import Settings
from console.cookies import Jar
from console.health import Health
from console.sessions import Sessions
from console.throttle import Throttle
from console.users import Users
from index.store import Search

__all__ = ["Doors"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The rooms behind the console, made once; `offices` are the ids one may assign to.

    `form_key` signs forms and lives as long as the process.
    """

    desk: OpenDesk
    index: Search
    users: Users
    names: Names
    links: Links
    settings: Settings
    now: Callable[[], int]
    health: Callable[[], Health]
    metrics: Callable[[], bytes]
    offices: tuple[str, ...]
    sessions: Sessions
    jar: Jar
    zone: ZoneInfo
    by_name: Throttle = field(default_factory=lambda: Throttle(free=5))
    by_peer: Throttle = field(default_factory=lambda: Throttle(free=20))
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def k(self) -> int:
        """The number of people below which a count is not told."""
        return self.settings.incidents.k_authors
