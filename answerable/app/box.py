"""The process of the desk: ledger, mails and console, with every other part of the pipeline or without."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from starlette.applications import Starlette

import answerable.clock
from alerts.desk import Desk
from alerts.entry import Action, Entry
from alerts.links import Links
from alerts.smtp import SmtpNotifier
from answerable.app import answering, files, wiring
from answerable.app.deciding import Deciding
from answerable.app.located import too_many
from answerable.app.parts import ALL, Part
from answerable.app.pulses import Pulses
from answerable.app.stage import Stage
from answerable.app.station import Station
from answerable.app.wiring import WholeLog
from answerable.clock import DAY, MINUTE
from answerable.log import get
from answerable.metrics import MAILS_WAITING, NEWEST, SET_ASIDE_WAITING, SILENT, SOURCES, fill
from answerable.pulse import decode
from answerable.settings import Settings
from console.app import build
from console.health import Health, Silent
from console.users import Users
from index.store import Query, Search
from stream.deadletter import DeadLetter
from stream.log import Batch
from stream.topics import POSTS_ANALYSED, PULSES

__all__ = ["Box", "Stores"]

_STAGES = ("crawl", "analyse", "desk", "index")  # in the order in which a post passes them


class Stores(Struct, frozen=True):
    """Where everything is kept; `key` signs the links in mails."""

    log: WholeLog
    index: Search
    desk: Desk
    key: bytes


class Box(Station):
    """A station with a desk. Without `parts` it is the whole pipeline on one machine."""

    def __init__(
        self, settings: Settings, now: Callable[[], int] = answerable.clock.system_now, parts: frozenset[Part] = ALL
    ) -> None:
        super().__init__(settings, parts, now)
        key = files.secret(self.folder, "links.key")
        cutover = files.since(self.folder, now()) - settings.retention.text_days * DAY
        desk = wiring.desk(settings, self.kept, self.folder / "ledger.db", key, cutover=cutover)
        self.stores = Stores(self.streams.log, self.found, desk, key)
        self._heard, self._since = Pulses(), now() + MINUTE  # a desk that ended just now may still be heard
        self._deciding = Deciding(self.streams.log, desk, self.seen)
        self.users = Users.load(self.folder / "users.json")
        self.notifier = SmtpNotifier(settings.smtp)
        self.mailbox = answering.mailbox(settings, self.kept.recipients, self.folder)

    def stages(self) -> list[Stage]:
        """Return the desk's own stage, so that no alert waits for the index, and those of the process's parts."""
        return [*self._deciding.stages(), Stage(PULSES, "desk", self._hear), *super().stages()]

    def pulse(self, now: int) -> bool:
        """Let the desk's time pass."""
        return self._deciding.pulse(now)

    def deliver(self) -> int:
        """Hand over the mails that are due."""
        return self.stores.desk.deliver(self.notifier, self.now())

    def answer(self, action: Action) -> Entry:
        """Do what somebody asks by mail; raise Refused where that cannot be."""
        return answering.do(self.stores.desk, self.mailbox.people, action, self.now())

    def tick(self) -> None:
        """Tell the desk how the pipeline is, and move the log's clock."""
        now = self.now()
        pulses = self._pulses()
        fill(NEWEST, dict(pulses.newest(tuple(Part))))
        self.stores.desk.health(pulses.newest(_STAGES), [one.source for one in pulses.silent(now)])
        self.pipeline.tick(now)  # comes last: a log that is away is no reason not to tell how long it has been

    def console(self) -> Starlette:
        """Build the web desk."""
        links = Links(self.settings.console.base_url, self.stores.key)
        offices = tuple(office.id for office in self.kept.recipients.offices)
        return build(
            self.stores.desk, self.stores.index, self.users, self.kept.names, links, self.settings, self.now,
            self.latest, offices=offices, metrics=lambda: self.metrics(self.latest()),
        )  # fmt: skip

    def health(self) -> Health:
        """Say how everything is."""
        now = self.now()
        letters: list[DeadLetter] = []
        posts: list[int] = []
        mails: list[int] = []

        def log() -> str:
            letters.extend(self.streams.deadletters.all())
            return f"{self.stores.log.backlog(POSTS_ANALYSED, 'track')} wait"

        def ledger() -> str:
            mails.append(self.stores.desk.queued())
            return f"{mails[0]} mails wait"

        def index() -> str:
            posts.append(self._last_day(now))
            return f"{posts[0]} posts in a day"

        parts = (
            self._part("steps", self._steps),
            self._part("log", log),
            self._part("ledger", ledger),
            self._part("index", index, needed=False),
        )
        pulses = self._pulses()
        return Health(
            parts=parts, ages=tuple((stage, max(0, now - at)) for stage, at in pulses.newest(_STAGES)),
            sources=pulses.sources(now), set_aside=len(letters), waiting=self._waiting(),
            mails=mails[0] if mails else None,
            silent=tuple(Silent(one.source, one.since, one.reason) for one in pulses.silent(now)),
            posts_24h=posts[0] if posts else None, placeless=tuple(filter(too_many, pulses.placeless(now))),
        )  # fmt: skip

    def metrics(self, health: Health) -> bytes:
        """Return the numbers of this process, and those that the desk alone knows."""
        fill(MAILS_WAITING, {} if health.mails is None else {"desk": health.mails})
        fill(SET_ASIDE_WAITING, {"desk": health.set_aside})
        fill(SOURCES, {"crawl": health.sources})
        fill(SILENT, {"crawl": len(health.silent)})
        return super().metrics(health)

    def close(self) -> None:
        """Leave the groups and close the files."""
        super().close()
        self.stores.desk.close()

    def _last_day(self, now: int) -> int:
        return self.stores.index.search(Query(since=now - DAY, limit=1)).total

    def _pulses(self) -> Pulses:
        """Return what every process says of itself, this one just now."""
        self._heard.take(self.said())
        return self._heard

    def _hear(self, batch: Batch, now: int) -> None:
        for pulse in (decode(message.value) for message in batch.messages):
            self._heard.take(pulse)
            if Part.DESK in pulse.process.split("-") and pulse.process != self._name and pulse.at > self._since:
                get("desk").error("a second desk runs on the same log, and mails of both go out; end one of them")
