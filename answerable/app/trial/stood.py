"""Which posts stood in an incident at some time, by the memberships that a log tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from answerable import incident
from answerable.clock import MINUTE
from answerable.incident import Membership
from crawlers.border import RawItem
from stream.log import Recorded
from stream.recorded import recorded
from stream.topics import MEMBERSHIPS

__all__ = ["Stood"]

_TELLING = 5 * MINUTE  # memberships are told on such boundaries


class Stood:
    """Which posts stood in which incident, and from when on; `items` are the posts by their inner ids."""

    def __init__(self, log: Recorded, items: Mapping[str, RawItem]) -> None:
        self._items = items
        self._keys: dict[str, list[str]] = {}
        for key, item in items.items():
            self._keys.setdefault(item.id, []).append(key)
        self._stays: dict[str, list[tuple[int, str]]] = {}
        self._ever: dict[str, dict[str, None]] = {}
        messages = (incident.decode(placed.message.value) for placed in recorded(log, MEMBERSHIPS))
        told = (message for message in messages if isinstance(message, Membership))
        for message in sorted(told, key=lambda message: (message.at, message.area)):
            for key, group, _, _ in message.posts:
                self._stays.setdefault(key, []).append((message.at, group))
                self._ever.setdefault(group, {})[key] = None

    def on(self, name: str, first: str, at: int) -> tuple[str, ...]:
        """Return the posts of an incident that were there at an alert; of one that was merged at once, its first."""
        there = {key for key in self._ever.get(name, ()) if self._in(key, name, at)}
        return self._natives(there or {first})

    def told(self, name: str, first: str, at: int) -> tuple[str, ...]:
        """Return the posts of an incident that memberships told up to an instant; those it held last, where none.

        Of one that was merged before any were told, those of the incident in which its `first` post stands, a post's
        id in the input.
        """
        stays = {key: [stay for stay in self._stays[key] if stay[0] <= at] for key in self._ever.get(name, ())}
        there = [key for key, known in stays.items() if known and known[-1][1] == name]
        left = [to for known in stays.values() for (_, group), (to, _) in pairwise(known) if group == name]
        if left and not there:
            return self.told(name, first, max(left) - 1)
        into = self._last(first, at)
        return self._natives(there) if there or into in (None, name) else self.told(into or name, first, at)

    def _last(self, native: str, at: int) -> str | None:
        known = [stay for key in self._keys.get(native, ()) for stay in self._stays.get(key, ()) if stay[0] <= at]
        return max(known, key=lambda stay: stay[0])[1] if known else None

    def _in(self, key: str, name: str, at: int) -> bool:
        item = self._items.get(key)
        known = [group for told, group in self._stays[key] if told <= at]
        soon = [group for told, group in self._stays[key] if told <= at + _TELLING]
        if item is None or item.fetched_at > at:
            return False
        return known[-1] == name if known else name in soon

    def _natives(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self._items[key].id for key in keys if key in self._items))
