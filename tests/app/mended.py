"""A desk in a folder whose stages can be broken, so that messages are set aside, and repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path

from msgspec import structs
from structlog.testing import capture_logs

import alerts.desk
from alerts.alert import AlertKind
from answerable.app import files, wiring
from answerable.app.analysing import Analysing
from answerable.app.box import Box
from answerable.app.deciding import Deciding
from answerable.app.indexing import Indexing
from answerable.app.pipeline import Pipeline
from answerable.app.stage import Seen, Stage
from answerable.clock import HOUR, MINUTE
from answerable.post import Forget, Kind, Post
from answerable.settings import Settings, load
from incidents.tracker import Tracker
from index.sqlite import SqliteSearch
from index.store import PostIndex, Query
from nlp.analyser import Analyser
from stream.deadletter import DeadLetter
from stream.log import Batch, Message
from stream.tombstones import Tombstones
from stream.topics import POSTS_ANALYSED
from stream.view import SqliteLogView
from tests.app.desk import Desk

__all__ = ["AT", "CANARY", "POSTS", "STAGES", "Mended", "failing"]

AT = 1772352000
CANARY = "雾渡桥"
STAGES = (
    ("posts.raw", "analyse"),
    ("posts.analysed", "track"),
    ("posts.analysed", "index"),
    ("incidents", "desk"),
    ("incidents", "index"),
    ("memberships", "index"),
    ("ledger", "index"),
)
POSTS = tuple(
    Post(
        id=f"{number:024x}",
        source="board",
        kind=Kind.LETTER,
        author=f"{CANARY}{number}",
        home="9901",
        title=f"{CANARY}停水",
        text=f"{CANARY}{number}号楼停水三天了，请尽快恢复供水",
        url=f"http://127.0.0.1/{CANARY}{number}",
        published_at=AT + number * MINUTE,
        fetched_at=AT + HOUR,
        seen_at=AT + HOUR,
    )
    for number in range(7)
)
Poison = Callable[[Message], bool]


def every_message(message: Message) -> bool:
    return True


class Mended:
    """The folder of a desk; each `run` is a process that starts, handles what waits, and ends."""

    def __init__(self, folder: Path) -> None:
        Desk(folder)
        self.path = folder / "answerable.toml"
        self.settings: Settings = load(self.path, {})
        self.kept = wiring.register(self.settings)
        self.log = files.data_dir(self.settings) / "log.db"

    @contextmanager
    def box(self) -> Iterator[Box]:
        """Open the desk."""
        with closing(Box(self.settings, lambda: AT + 2 * HOUR)) as box:
            yield box

    def run(
        self,
        records: tuple[Post | Forget, ...] = (),
        broken: tuple[str, str] | None = None,
        poison: Poison = every_message,
    ) -> list[DeadLetter]:
        """Take records and handle all that waits, the `broken` stage failing at `poison`; return the dead letters."""
        with capture_logs(), ExitStack() as held:
            streams, seen = wiring.streams(self.settings), Seen()
            held.enter_context(closing(streams.log))
            index, desk = held.enter_context(closing(self._index())), held.enter_context(closing(self._desk()))
            tracker = Tracker(streams.state, POSTS_ANALYSED, "track", self.settings.incidents)
            deciding = Deciding(streams.log, desk, seen)
            stages = [
                *Analysing(
                    streams.log, _analyser(), Tombstones(streams.log, b"a key of the tests"), index.areas, seen
                ).stages(),
                Stage(POSTS_ANALYSED, "track", lambda batch, now: tracker.handle(batch)),
                *deciding.stages(),
                *Indexing(index, seen).stages(),
            ]
            stages = [failing(stage, poison) if (stage.topic, stage.name) == broken else stage for stage in stages]
            pipeline = Pipeline(streams, stages, seen, lambda: True, deciding.pulse)
            if records:
                pipeline.take(records)
            pipeline.drain(AT + HOUR)
            pipeline.tick(AT + 2 * HOUR)
            pipeline.drain(AT + 2 * HOUR)
            pipeline.close()
            return streams.deadletters.all()

    def standing(self) -> dict[str, object]:
        """Return what people can see, as counts and states; when the desk heard of it is left out."""
        with closing(self._found()) as index, closing(self._desk()) as desk:
            found = index.search(Query(limit=100))
            entries = desk.entries()
            names = [entry.update.incident for entry in entries]
            return {
                "posts": found.total,
                "in": sorted((hit.id, hit.incident, hit.text) for hit in found.hits),
                "sources": index.count(Query(), "source"),
                "incidents": [index.incident(name) for name in names],
                "ledger": [structs.replace(event, at=0) for name in names for event in index.ledger(name)],
                "entries": [(entry.update, entry.state, entry.level, entry.version) for entry in entries],
                "alerts": [
                    (alert.incident, alert.kind, alert.level)
                    for alert in desk.alerts()
                    if alert.kind is not AlertKind.DIGEST  # it goes by the hour at which a line is held
                ],
            }

    def appended(self, topic: str) -> int:
        """Count what was ever appended to a topic."""
        with closing(SqliteLogView(self.log)) as log:
            return sum(end for _, end in log.ends(topic))

    def _index(self) -> PostIndex:
        return wiring.index(self.settings, self.kept)

    def _found(self) -> SqliteSearch:
        found = wiring.search(self.settings, self.kept)
        assert isinstance(found, SqliteSearch)
        return found

    def _desk(self) -> alerts.desk.Desk:
        return wiring.desk(self.settings, self.kept, self.log.parent / "ledger.db", b"a key of the tests")


@cache
def _analyser() -> Analyser:
    return wiring.analyser(load(environ={}))


def failing(stage: Stage, poison: Poison) -> Stage:
    """Return a stage that cannot handle some messages."""

    def handle(batch: Batch, now: int) -> None:
        if any(map(poison, batch.messages)):
            raise ValueError(CANARY)
        stage.handle(batch, now)

    return structs.replace(stage, handle=handle)
