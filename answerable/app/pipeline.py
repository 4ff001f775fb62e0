"""The whole pipeline on one box: what is appended passes analysis, folds, desk and index, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from msgspec import Struct, structs

from alerts.desk import Desk
from answerable import incident, post
from answerable.app import files, wiring
from answerable.app.filing import Filing
from answerable.app.order import in_order, newest
from answerable.app.rest import Rest
from answerable.clock import HOUR
from answerable.errors import Unavailable
from answerable.incident import IncidentUpdate
from answerable.log import get
from answerable.metrics import NEWEST, POSTS
from answerable.post import AnalysedPost, Correction, Forget, Post, Tick
from answerable.settings import Settings
from incidents.tracker import Tracker
from index.sqlite import SqliteIndex
from index.store import Item
from nlp.analyser import Analyser
from stream.deadletter import SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Batch, Message, Recorded
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from stream.worker import Worker

__all__ = ["STAGES", "TOPICS_KEPT", "Pipeline", "Stores", "open_stores"]

STAGES = ("crawl", "analyse", "desk", "index")  # in the order in which a post passes them
TOPICS_KEPT = 71 * HOUR  # with a call an hour nothing in a topic is older than 72 h
_BATCH = 500
_PAUSE_S = 1.0


class Stores(Struct, frozen=True):
    """What lies on disk below the data folder."""

    log: SqliteLog
    index: SqliteIndex
    desk: Desk
    key: bytes

    def close(self) -> None:
        """Close the files."""
        self.log.close()
        self.index.close()
        self.desk.close()


def open_stores(settings: Settings, kept: wiring.Register) -> Stores:
    """Open log, index and ledger below the data folder."""
    folder = files.data_dir(settings)
    key = files.secret(folder, "links.key")
    return Stores(
        wiring.log(settings, folder / "log.db"),
        SqliteIndex(folder / "index", files.secret(folder, "tombstones.key")),
        wiring.desk(settings, kept, folder / "ledger.db", key),
        key,
    )


class Pipeline:
    """Moves everything that waits; one thread calls `step`, any thread may call `take`, `correct` and `tick`.

    A stage that cannot go on rests while the others go on; once `hurried` is true, none rests any more.
    """

    def __init__(self, stores: Stores, analyser: Analyser, tracker: Tracker, hurried: Callable[[], bool]) -> None:
        self._stores, self._analyser = stores, analyser
        self._filing, self._now, self._desk = Filing(self._areas), 0, Rest(hurried)
        self.deadletters = SqliteDeadLetters(stores.log.database)
        self._newest: dict[str, int] = {}
        self._told: int | None = None  # the ledger event that was appended last
        stages: tuple[tuple[str, str, Callable[[Batch], object]], ...] = (
            (POSTS_RAW, "analyse", self._analyse),
            (POSTS_ANALYSED, "track", tracker.handle),
            (INCIDENTS, "desk", self._decide),
            (POSTS_ANALYSED, "index", self._index_posts),
            (INCIDENTS, "index", self._index_messages),
            (MEMBERSHIPS, "index", self._index_messages),
            (LEDGER, "index", self._index_messages),
        )
        self._workers: list[tuple[Worker, Rest]] = []
        for topic, stage, handle in stages:
            subscription, rest = stores.log.subscribe(topic, stage), Rest(hurried)
            worker = Worker(subscription, handle, self.deadletters, topic, stage, rest.begin)
            self._workers.append((worker, rest))

    def take(self, records: Sequence[Post | Forget]) -> None:
        """Append records durably, in the order of publication; the border is behind them."""
        ordered = sorted(records, key=lambda record: (record.published_at, isinstance(record, Post)))
        self._stores.log.append(POSTS_RAW, [Message(record.id, post.encode(record)) for record in ordered])
        self._seen("crawl", [record.published_at for record in ordered if isinstance(record, Post)])

    def tick(self, now: int) -> None:
        """Append the desk's clock to every partition."""
        self._stores.log.append(POSTS_ANALYSED, [Message("", post.encode(Tick(now)))], -1)

    def correct(self, correction: Correction) -> None:
        """Append a person's correction to its area."""
        self._stores.log.append(POSTS_ANALYSED, [Message(correction.area, post.encode(correction))])

    def newest(self) -> tuple[tuple[str, int], ...]:
        """Return when the newest post was published that each stage has handled since the start."""
        return tuple((stage, self._newest[stage]) for stage in STAGES if stage in self._newest)

    def step(self, now: int) -> bool:
        """Let every stage handle what waits, then let the desk's time pass; tell whether anything moved."""
        self._now = now
        moved = False
        for worker, rest in self._workers:
            if rest.over:
                moved = worker.step(_BATCH, 0.0, now) or moved
        if not self._desk.over:
            return moved
        try:
            self._stores.desk.advance(now)
            return self._publish() or moved
        except Unavailable as reason:
            get("pipeline").warning(
                "the desk stands still and goes on by itself", reason=str(reason), pause_s=_PAUSE_S
            )
            self._desk.begin(_PAUSE_S)
            return moved

    def drain(self, now: int) -> None:
        """Step until nothing waits any more: twice in vain, as a worker's first step only hears of its partitions."""
        while self.step(now) or self.step(now):
            pass

    def _analyse(self, batch: Batch) -> None:
        records = [post.decode(message.value) for message in batch.messages]
        for kind, run in groupby(records, key=type):
            if kind is Post:
                self._append_analysed([record for record in run if isinstance(record, Post)])
            else:
                self._stores.log.append(POSTS_ANALYSED, [Message("", post.encode(record)) for record in run], -1)

    def _append_analysed(self, posts: list[Post]) -> None:
        """Read posts and file them; what was forgotten for good stays out, wherever it comes from."""
        gone = self._forgotten(posts)
        POSTS.labels("forgotten").inc(len(gone))
        posts = [_past(one) for one in posts if one.id not in gone]
        analyses = self._analyser.analyse(posts)
        filed = [self._filing.file(one, analysis) for one, analysis in zip(posts, analyses, strict=True)]
        self._stores.log.append(POSTS_ANALYSED, [Message(one.area, post.encode(one)) for one in filed])
        self._seen("analyse", [one.published_at for one in posts])

    def _forgotten(self, posts: list[Post]) -> frozenset[str]:
        """Ask the index for tombstones; without it posts go on, for an alert never waits for search."""
        try:
            return self._stores.index.forgotten([one.id for one in posts])
        except Unavailable as reason:
            get("analyse").warning("tombstones cannot be read; posts go on", why=str(reason))
            return frozenset()

    def _areas(self, posts: Sequence[str]) -> dict[str, str]:
        """Ask the index where older posts were filed; without it an answer is filed by itself."""
        try:
            return self._stores.index.areas(posts)
        except Unavailable:
            return {}

    def _decide(self, batch: Batch) -> None:
        messages = [incident.decode(message.value) for message in batch.messages]
        updates = in_order(message for message in messages if isinstance(message, IncidentUpdate))
        self._stores.desk.handle(newest(updates), self._now, {batch.partition: batch.next})
        self._seen("desk", [update.last_at for update in updates])

    def _index_posts(self, batch: Batch) -> None:
        records = [post.decode(message.value) for message in batch.messages]
        self._stores.index.put([record for record in records if isinstance(record, AnalysedPost | Forget)])
        self._seen("index", [one.post.published_at for one in records if isinstance(one, AnalysedPost)])

    def _index_messages(self, batch: Batch) -> None:
        items: list[Item] = [incident.decode(message.value) for message in batch.messages]
        self._stores.index.put(items)

    def _publish(self) -> bool:
        """Append what people and the desk did; a message's key is the number that the event has in the ledger."""
        if self._told is None:
            self._told = _last_number(self._stores.log)
        events = list(self._stores.desk.ledger_events(self._told))
        if events:
            messages = [Message(str(number), incident.encode(event)) for number, event in events]
            self._stores.log.append(LEDGER, messages)
            self._told = events[-1][0]
        return bool(events)

    def _seen(self, stage: str, times: list[int]) -> None:
        if times:
            self._newest[stage] = max(self._newest.get(stage, 0), *times)
            NEWEST.labels(stage).set(self._newest[stage])
            POSTS.labels(stage).inc(len(times))


def _last_number(log: Recorded) -> int:
    """Return the number of the event that was appended last; 0, to begin anew, where it is not kept any more."""
    (_, end), *_ = log.ends(LEDGER)
    last = log.read(LEDGER, 0, end - 1) if end else ()
    return int(last[0].key) if last else 0


def _past(one: Post) -> Post:
    """Cut a time of publication that lies in the future: nothing is kept for longer because of it."""
    return structs.replace(one, published_at=min(one.published_at, one.seen_at)) if one.seen_at else one
