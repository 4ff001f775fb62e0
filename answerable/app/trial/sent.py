"""What the desk would have sent about some posts: each alert with the posts it stood on, and each mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from alerts.alert import Alert
from alerts.notify import Envelope, Outcome
from answerable.app.items import Items
from answerable.app.replay.folder import Folder
from answerable.app.replay.past import Past
from answerable.app.trial.stood import Stood
from answerable.app.wiring import Register
from answerable.incident import Level, incident_id
from answerable.post import post_id
from answerable.settings import Settings
from crawlers.border import DayKeys, RawItem

__all__ = ["Said", "Sent", "send"]


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
    """Every alert and the names of all mails in order, such as `0003-open-6bj8t5t`, and which posts stood where.

    `stood` is None where nothing was sent, but made up.
    """

    alerts: tuple[Said, ...]
    mails: tuple[str, ...]
    stood: Stood | None = None


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
    with closing(Past(Items(items), settings, kept, place, pile)) as past:
        if start is not None:
            past.read(start)
        DayKeys(place.work / "keys").destroy()
        past.tracked()
        past.decide()
        return _sent(past, {post_id(item.source, item.id): item for item in items}, tuple(pile.names))


def _sent(past: Past, taken: Mapping[str, RawItem], mails: tuple[str, ...]) -> Sent:
    stood, alerts = Stood(past.log, taken), list(past.desk.alerts())
    first = {alert.incident: _first(alert, taken) for alert in alerts}
    said = tuple(
        Said(
            alert.at, alert.incident, alert.kind.value, alert.level, alert.rule,
            stood.on(alert.incident, first[alert.incident], alert.at),
        )
        for alert in alerts
    )  # fmt: skip
    return Sent(said, mails, stood)


def _first(alert: Alert, taken: Iterable[str]) -> str:
    """Return an incident's first post, also of a warning, which does not tell it."""
    named = alert.update.first_post
    return named or next((key for key in taken if incident_id(alert.update.area, key) == alert.incident), "")
