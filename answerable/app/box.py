"""One box: stores, pipeline, crawls and console in one process tree."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette

import answerable.clock
from alerts.entry import Action, Entry
from alerts.links import Links
from alerts.smtp import SmtpNotifier
from answerable.app import answering, files, wiring
from answerable.app.pipeline import TOPICS_KEPT, Pipeline, Stores, open_stores
from answerable.clock import DAY, HOUR
from answerable.errors import Unavailable
from answerable.log import get
from answerable.settings import Settings
from console.app import build
from console.health import Health, Part, Silent
from console.users import Users
from crawlers.keys import DayKeys
from crawlers.run import CrawlReport, crawl
from crawlers.sources import Source, read_sources
from incidents.tracker import Tracker
from index.store import Query
from stream.topics import POSTS_ANALYSED

__all__ = ["Box"]

_SILENT_AFTER = 24 * HOUR


class Box:
    """Everything of one box. `step` is called by one thread; crawls and mails run on others."""

    def __init__(self, settings: Settings, now: Callable[[], int] = answerable.clock.system_now) -> None:
        self.settings, self.now = settings, now
        self.kept = wiring.register(settings)
        path = files.edited(settings, "sources")
        self.sources: tuple[Source, ...] = read_sources(path) if path else ()
        self.folder: Path = files.data_dir(settings)
        self.stores: Stores = open_stores(settings, self.kept)
        self.stop = threading.Event()
        tracker = Tracker(
            self.stores.log, POSTS_ANALYSED, "track", settings.incidents, self.kept.gazetteer.district_of
        )
        self.pipeline = Pipeline(self.stores, wiring.analyser(settings), tracker, self.stop.is_set)
        self.users = Users.load(self.folder / "users.json")
        self.notifier = SmtpNotifier(settings.smtp)
        self.mailbox = answering.mailbox(settings, self.kept.recipients, self.folder)
        self._reports: dict[str, CrawlReport] = {}

    def crawl(self, source: Source) -> CrawlReport:
        """Visit one source; what is new is appended before it is marked as seen."""
        report = crawl(source, self.settings, self.folder / "crawl", self.pipeline.take, self.now, self.stop)
        self._reports[source.id] = report
        get("crawl").info(
            "a source was visited", source=source.id, new=report.new, requests=report.requests,
            errors=sum(report.errors.values()), stopped=report.stopped,
        )  # fmt: skip
        return report

    def deliver(self) -> int:
        """Hand over the mails that are due."""
        return self.stores.desk.deliver(self.notifier, self.now())

    def answer(self, action: Action) -> Entry:
        """Do what somebody asks by mail; raise Refused where that cannot be."""
        return answering.do(self.stores.desk, self.mailbox.people, action, self.now())

    def tick(self) -> None:
        """Move the log's clock and tell the desk how the pipeline is."""
        now = self.now()
        self.pipeline.tick(now)
        self.stores.desk.health(self.pipeline.newest(), [one.source for one in self._silent(now)])

    def retain(self) -> None:
        """Drop what is older than promised: topics, texts, facts, the keys behind author tokens."""
        keep, now = self.settings.retention, self.now()
        expired = self.stores.log.expire(now, TOPICS_KEPT)
        if expired.unhandled:
            get("retention").warning(
                "messages grew too old before they were handled; look why a stage stood still",
                unhandled=expired.unhandled, hours=TOPICS_KEPT // HOUR,
            )  # fmt: skip
        DayKeys(self.folder / "crawl" / "keys").expire(now)
        self.stores.index.purge(now, keep.text_days, keep.facts_days)

    def console(self) -> Starlette:
        """Build the web desk."""
        links = Links(self.settings.console.base_url, self.stores.key)
        offices = tuple(office.id for office in self.kept.recipients.offices)
        return build(
            self.stores.desk, self.stores.index, self.users, self.kept.names, links, self.settings, self.now,
            self.health, offices=offices,
        )  # fmt: skip

    def health(self) -> Health:
        """Say how everything is."""
        now, stores = self.now(), self.stores
        parts = (
            self._part("log", lambda: f"{stores.log.backlog(POSTS_ANALYSED, 'track')} wait"),
            self._part("ledger", lambda: f"{len(stores.desk.positions())} positions"),
            self._part("index", lambda: f"{self._last_day(now)} posts in a day", needed=False),
        )
        ages = tuple((stage, max(0, now - at)) for stage, at in self.pipeline.newest())
        return Health(
            parts=parts, ages=ages, sources=len(self.sources), silent=tuple(self._silent(now)),
            posts_24h=self._last_day(now) if parts[-1].ok else None, set_aside=self.pipeline.deadletters.count(),
        )  # fmt: skip

    def close(self) -> None:
        """Close the files."""
        self.stop.set()
        self.stores.close()

    def _part(self, name: str, asked: Callable[[], str], *, needed: bool = True) -> Part:
        try:
            return Part(name, True, asked(), needed)
        except Unavailable as error:
            return Part(name, False, str(error), needed)

    def _last_day(self, now: int) -> int:
        return self.stores.index.search(Query(since=now - DAY, limit=1)).total

    def _silent(self, now: int) -> list[Silent]:
        found = []
        for source, report in sorted(self._reports.items()):
            newest = report.newest_published
            if report.errors or report.stopped:
                found.append(Silent(source, newest or report.started_at, report.stopped or "errors"))
            elif newest is not None and now - newest > _SILENT_AFTER:
                found.append(Silent(source, newest))
        return found
