"""The folds of one partition: each record goes to its area's, or to all; what they tell comes out as messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from answerable import incident, post
from answerable.errors import DecodeError, Rejected
from answerable.post import AnalysedPost, Correction, Forget, Record, Tick
from incidents.area import AreaFold, Output
from incidents.policy import Policy
from stream.log import Message
from stream.topics import INCIDENTS, MEMBERSHIPS

__all__ = ["Emits", "Folds", "read"]

_SPLIT = "\x1f"
Emits = list[tuple[str, Message]]


class Folds:
    """Begins without any area, or goes on from the entries that `changes` gave."""

    def __init__(
        self, policy: Policy, district_of: Callable[[str, str], str | None], entries: dict[str, bytes] | None = None
    ) -> None:
        self._policy, self._district_of = policy, district_of
        areas: dict[str, dict[str, bytes]] = {}
        for key, value in (entries or {}).items():
            area, _, name = key.partition(_SPLIT)
            areas.setdefault(area, {})[name] = value
        self._areas = {
            area: AreaFold.restored(area, items, policy, district_of) for area, items in sorted(areas.items())
        }

    def fold(self, records: Iterable[Record]) -> Emits:
        """Fold records in order; return (topic, message) of what is told."""
        return [emit for record in records for emit in self._fold(record)]

    def changes(self) -> dict[str, bytes | None]:
        """Return the entries that changed since the last call, None for those that are gone."""
        return {
            f"{area}{_SPLIT}{key}": value
            for area, fold in sorted(self._areas.items())
            for key, value in fold.changes().items()
        }

    def unkept(self) -> None:
        """Let go of what changed: nobody will ask for it."""
        for fold in self._areas.values():
            fold.unkept()

    def _fold(self, record: Record) -> Emits:
        match record:
            case AnalysedPost() | Correction():
                fold = self._areas.get(record.area)
                if fold is None:
                    fold = self._areas[record.area] = AreaFold(record.area, self._policy, self._district_of)
                return _emits(fold.fold(record))
            case Forget() | Tick():
                return [emit for _, fold in sorted(self._areas.items()) for emit in _emits(fold.fold(record))]
            case _:
                return []


def read(message: Message) -> Record:
    """Return the record of a message; raise Rejected where it cannot be read."""
    try:
        return post.decode(message.value)
    except DecodeError as error:
        raise Rejected(str(error)) from None


def _emits(told: list[Output]) -> Emits:
    found = []
    for message in told:
        if isinstance(message, incident.IncidentUpdate):
            found.append((INCIDENTS, Message(message.incident, incident.encode(message))))
        else:
            found.append((MEMBERSHIPS, Message(message.area, incident.encode(message))))
    return found
