"""What the desk would have sent about some posts: each alert with the posts it stood on, and each mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from alerts.notify import Envelope, Outcome
from answerable import incident
from answerable.app.items import Items
from answerable.app.replay.folder import Folder
from answerable.app.replay.past import Past
from answerable.app.wiring import Register
from answerable.clock import MINUTE
from answerable.incident import Level, Membership
from answerable.post import post_id
from answerable.settings import Settings
from crawlers.border import DayKeys, RawItem
from stream.log import Recorded
from stream.recorded import recorded
from stream.topics import MEMBERSHIPS

__all__ = ["Said", "Sent", "send"]

_TELLING = 5 * MINUTE  # memberships are told on such boundaries
_Stays = list[tuple[int, str]]


class Said(Struct, frozen=True):
    """One alert: when, about which incident, which kind and level, by which rule, and the posts it stood on then.

    `posts` are the ids that the input gives them, sorted.
    """

    at: int
    incident: str
    kind: str
    level: Level
    rule: str
    posts: tuple[str, ...] = ()


class Sent(Struct, frozen=True):
    """Every alert in order, and the names of all mails in order, such as `0003-open-6bj8t5t`."""

    alerts: tuple[Said, ...]
    mails: tuple[str, ...]


class _Pile:
    """Takes every mail and keeps its name; a `Notifier`."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def send(self, envelope: Envelope) -> Outcome:
        """Keep a name."""
        self.names.append(f"{envelope.number:04d}-{envelope.name}")
        return Outcome.SENT


def send(items: Sequence[RawItem], settings: Settings, kept: Register, folder: Path) -> Sent:
    """Put items through border, folds and desk by the clock in them; `folder` may be dropped after."""
    place, pile = Folder(folder / "past"), _Pile()
    start = place.open("", settings.stream.partitions, resume=False)
    past = Past(Items(items), settings, kept, place, pile)
    if start is not None:
        past.read(start)
    DayKeys(place.work / "keys").destroy()
    past.tracked()
    past.decide()
    stood = _Stood(past.log, {post_id(item.source, item.id): item for item in items})
    said = tuple(
        Said(
            alert.at, alert.incident, alert.kind.value, alert.level, alert.rule,
            stood.on(alert.incident, alert.update.first_post, alert.at),
        )
        for alert in past.desk.alerts()
    )  # fmt: skip
    past.close()
    return Sent(said, tuple(pile.names))


class _Stood:
    """Which posts stood in an incident at some time, by the memberships that the log tells."""

    def __init__(self, log: Recorded, items: Mapping[str, RawItem]) -> None:
        self._items = items
        self._stays: dict[str, _Stays] = {}
        self._ever: dict[str, list[str]] = {}
        messages = (incident.decode(placed.message.value) for placed in recorded(log, MEMBERSHIPS))
        told = (message for message in messages if isinstance(message, Membership))
        for message in sorted(told, key=lambda message: (message.at, message.area)):
            for key, group, _, _ in message.posts:
                self._stays.setdefault(key, []).append((message.at, group))
                self._ever.setdefault(group, []).append(key)

    def on(self, name: str, first: str, at: int) -> tuple[str, ...]:
        """Return the posts of an incident that were there at an alert; of one that was merged at once, its first."""
        there = {key for key in self._ever.get(name, ()) if self._in(key, name, at)}
        return self._natives(there or {first})

    def _in(self, key: str, name: str, at: int) -> bool:
        item = self._items.get(key)
        known = [group for told, group in self._stays[key] if told <= at]
        soon = [group for told, group in self._stays[key] if told <= at + _TELLING]
        if item is None or item.fetched_at > at:
            return False
        return known[-1] == name if known else name in soon

    def _natives(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(self._items[key].id for key in keys if key in self._items))
