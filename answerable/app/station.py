"""One process of the pipeline: some parts of it, and what they need."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import answerable.clock
from answerable import post
from answerable.app import files, wiring
from answerable.app.analysing import Analysing
from answerable.app.indexing import Indexing
from answerable.app.latest import Latest
from answerable.app.owning import Owner
from answerable.app.parts import ALL, Part
from answerable.app.pipeline import TOPICS_KEPT, Pipeline
from answerable.app.stage import Seen, Stage
from answerable.clock import HOUR
from answerable.errors import SettingsError, Unavailable
from answerable.log import get
from answerable.metrics import PARTS, WAITING, fill, render
from answerable.post import AnalysedPost
from answerable.pulse import Pulse, Silence
from answerable.settings import Settings
from console.health import Health
from console.health import Part as Condition
from crawlers.cursor import same_version
from crawlers.keys import DayKeys
from crawlers.run import CrawlReport, crawl
from crawlers.sources import Source, read_sources
from incidents.tracker import Tracker
from index.store import PostIndex, Query, Search
from stream.log import Batch
from stream.topics import INCIDENTS, POSTS_ANALYSED, POSTS_RAW

__all__ = ["Station"]

_SILENT_AFTER = 24 * HOUR
_FRESH_S = 5.0  # anybody may ask how a process is, and servers that are away let one wait for long
_STUCK_S = 300.0  # the longest step is a batch that a server keeps waiting, three times
_READS = {Part.ANALYSE: POSTS_RAW, Part.TRACK: POSTS_ANALYSED, Part.INDEX: POSTS_ANALYSED, Part.DESK: INCIDENTS}
_MARKING = frozenset({Part.ANALYSE, Part.INDEX, Part.DESK})  # these know forgotten posts by their marks


class Station:
    """The parts of one process. One thread steps its pipeline; crawls run on others.

    Several processes share the sources host by host: what lies on one web host is visited by the process that
    came first, for as long as it lives.
    """

    def __init__(
        self, settings: Settings, parts: frozenset[Part] = ALL, now: Callable[[], int] = answerable.clock.system_now
    ) -> None:
        self.settings, self.parts, self.now = settings, parts, now
        if parts != ALL and settings.stream.engine == "embedded":
            raise SettingsError(
                "parts in processes of their own need a log on a server", key="stream.engine",
                file=settings.origin.get("stream.engine", ""),
                repair='write engine = "kafka", or run everything with `answerable run`',
            )  # fmt: skip
        self.kept = wiring.register(settings)
        self.folder: Path = files.data_dir(settings)
        if Part.CRAWL in parts:
            same_version(self.folder / "crawl")
        self.streams = wiring.streams(settings)
        if parts & _MARKING:
            with suppress(Unavailable):  # what cannot be compared now is compared at the next start
                wiring.tombstones(settings, self.streams.log).agree()
        self.stop = threading.Event()
        self.seen = Seen()
        self.sources = self._listed()
        self._owner = Owner(self.folder / "crawl")
        self._reports: dict[str, CrawlReport] = {}
        self.latest = Latest(self.health, _FRESH_S)
        self._began = time.monotonic()
        self._name = f"{'-'.join(sorted(parts))}-{secrets.token_hex(4)}"

    @cached_property
    def pipeline(self) -> Pipeline:
        """The moving line; its first use joins the groups."""
        return Pipeline(self.streams, self.stages(), self.seen, self.stop.is_set, self.pulse)

    @cached_property
    def index(self) -> PostIndex:
        """The index, opened by the part that writes it."""
        return wiring.index(self.settings, self.kept)

    @cached_property
    def found(self) -> Search:
        """The index, opened by those parts that only ask."""
        return self.index if Part.INDEX in self.parts else wiring.search(self.settings, self.kept)

    def stages(self) -> list[Stage]:
        """Return the stages of the process's parts, in the order in which a post passes them."""
        found: list[Stage] = []
        if Part.ANALYSE in self.parts:
            found += self._analysing().stages()
        if Part.TRACK in self.parts:
            found.append(self._tracking())
        if Part.INDEX in self.parts:
            found += Indexing(self.index, self.seen).stages()
        return found

    def pulse(self, now: int) -> bool:
        """Do what is due in each step."""
        return False

    def standstill(self) -> str:
        """Say for how long no step has begun where that is too long, so that only a new start helps; else ""."""
        stepped = self.pipeline.stepped if "pipeline" in self.__dict__ else self._began
        still = time.monotonic() - stepped
        return f"no step has begun for {still:.0f} s" if still > _STUCK_S else ""

    def health(self) -> Health:
        """Say how everything is that this process stands on."""
        return Health(parts=tuple(self._conditions()), waiting=self._waiting())

    def metrics(self, health: Health) -> bytes:
        """Return the numbers of this process."""
        fill(PARTS, {part.name: part.ok for part in health.parts})
        fill(WAITING, dict(health.waiting))
        return render()

    def reread(self) -> bool:
        """Read the list of sources again, and tell whether it changed; one that cannot be read changes nothing."""
        try:
            now = self._listed()
        except (SettingsError, OSError) as error:
            get("crawl").warning("the sources stay as they were: their file cannot be read", why=str(error))
            return False
        changed, self.sources = now != self.sources, now
        if changed:
            listed = {source.id for source in now}
            self._reports = {source: report for source, report in self._reports.items() if source in listed}
        return changed

    def crawl(self, source: Source) -> CrawlReport | None:
        """Visit one source, appending what is new before it is marked as seen; None where another process owns it."""
        if not self._owner.owns(urlsplit(source.url).hostname or source.id):
            return None
        report = crawl(source, self.settings, self.folder / "crawl", self.pipeline.take, self.now, self.stop)
        self._reports[source.id] = report
        get("crawl").info(
            "a source was visited", source=source.id, new=report.new, requests=report.requests,
            errors=sum(report.errors.values()), stopped=report.stopped,
        )  # fmt: skip
        return report

    def tell(self) -> None:
        """Say how this process is, to the desk and to the index."""
        self.pipeline.tell(self.said())

    def said(self) -> Pulse:
        """Return how this process is."""
        now = self.now()
        return Pulse(
            self._name, now, self.seen.stretches(), len(self.sources), tuple(self._silent(now)),
            self.seen.located.counts(),
        )  # fmt: skip

    def retain(self) -> None:
        """Drop what is older than promised: topics, texts, facts, the keys behind author tokens."""
        keep, now = self.settings.retention, self.now()
        expired = self.streams.expire(now, TOPICS_KEPT)
        if expired.unhandled:
            get("retention").warning(
                "messages grew too old before they were handled; look why a stage stood still",
                unhandled=expired.unhandled, hours=TOPICS_KEPT // HOUR,
            )  # fmt: skip
        DayKeys(self.folder / "crawl" / "keys").expire(now)  # an import makes them where nobody crawls, too
        if Part.INDEX in self.parts:
            self.index.purge(now, keep.text_days, keep.facts_days)

    def close(self) -> None:
        """Leave the groups and close the files."""
        self.stop.set()
        if "pipeline" in self.__dict__:
            self.pipeline.close()
        self.streams.log.close()
        self._owner.close()
        for index in {id(one): one for name, one in self.__dict__.items() if name in ("index", "found")}.values():
            index.close()

    def _conditions(self) -> Iterator[Condition]:
        """Yield what the process stands on, and whether it works."""
        yield self._part("steps", self._steps)
        yield self._part("log", lambda: f"{len(self.streams.log.ends(POSTS_RAW))} partitions")
        if self.parts & {Part.ANALYSE, Part.INDEX}:
            yield self._part("index", self._index_answers, needed=self.parts == {Part.INDEX})

    def _part(self, name: str, asked: Callable[[], str], *, needed: bool = True) -> Condition:
        try:
            return Condition(name, True, asked(), needed)
        except (Unavailable, SettingsError) as error:
            return Condition(name, False, str(error), needed)

    def _steps(self) -> str:
        if still := self.standstill():
            raise Unavailable(still)
        self._joined()
        return "taken"

    def _joined(self) -> None:
        """Raise Unavailable before the first step: until then the main thread alone opens what the parts need."""
        if "pipeline" not in self.__dict__:
            raise Unavailable("no step was taken yet")

    def _index_answers(self) -> str:
        self._joined()
        return f"{self.found.search(Query(limit=1)).total} posts"

    def _waiting(self) -> tuple[tuple[str, int], ...]:
        """Return how much waits for each stage of this process; nothing where the log does not tell."""
        try:
            stages = [part for part in Part if part in self.parts and part in _READS]
            return tuple((part.value, self.streams.log.backlog(_READS[part], part.value)) for part in stages)
        except (Unavailable, SettingsError):
            return ()

    def _listed(self) -> tuple[Source, ...]:
        path = files.edited(self.settings, "sources")
        return read_sources(path) if path and Part.CRAWL in self.parts else ()

    def _silent(self, now: int) -> Iterator[Silence]:
        for source, report in sorted(self._reports.items()):
            newest = report.newest_published
            if report.errors or report.stopped:
                yield Silence(source, newest or report.started_at, report.stopped or "errors")
            elif newest is not None and now - newest > _SILENT_AFTER:
                yield Silence(source, newest)

    def _analysing(self) -> Analysing:
        stones = wiring.tombstones(self.settings, self.streams.log)
        return Analysing(
            self.streams.log, wiring.analyser(self.settings), stones, lambda posts: self.found.areas(posts), self.seen
        )

    def _tracking(self) -> Stage:
        config, district_of = self.settings.incidents, self.kept.gazetteer.district_of
        tracker = Tracker(self.streams.state, POSTS_ANALYSED, "track", config, district_of)

        def handle(batch: Batch, now: int) -> None:
            tracker.handle(batch)
            records = [post.decode(message.value) for message in batch.messages]
            self.seen.note("track", [one.post.published_at for one in records if isinstance(one, AnalysedPost)])

        return Stage(POSTS_ANALYSED, "track", handle)
