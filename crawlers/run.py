"""One crawl of one source: a child process fetches, parses and guards the border; posts come back over a pipe."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.errors import DecodeError
from answerable.post import Forget, Post
from answerable.settings import Settings
from crawlers import frames
from crawlers.cursor import Appended, Cursor, Validator
from crawlers.frames import CachedRobots, Crash, Done, Job, Looked, Seen, Tally, Vanished
from crawlers.keys import DayKeys
from crawlers.robots import RobotsState
from crawlers.sources import Source
from stream.marks import mark

__all__ = ["CrawlReport", "Sink", "crawl"]

MAX_REQUESTS, MAX_SECONDS = 200, 1500.0
_BATCH = 100
_LOOK_S = 0.5
_REMEMBERED = 400 * DAY

Sink = Callable[[Sequence[Post | Forget]], None]


class CrawlReport(Struct, frozen=True, kw_only=True):
    """What one crawl did. `new`, `changed` and `gone` count posts that were appended; `errors` go by class.

    `blocked` counts 403 and 429 answers and requests that led away from the source. `stopped` says why
    a crawl ended early, "" where it did not; `retry_at` (UTC seconds) until when the source rests;
    `peak_mb` how much memory the child took.
    """

    source: str
    started_at: int
    ended_at: int
    requests: int = 0
    not_modified: int = 0
    items: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    too_old: int = 0
    blocked: int = 0
    unparsed: dict[str, int] = {}
    errors: dict[str, int] = {}
    robots: RobotsState = RobotsState.UNKNOWN
    newest_published: int | None = None
    stopped: str = ""
    retry_at: int | None = None
    peak_mb: int = 0


def crawl(
    source: Source, settings: Settings, state: Path, sink: Sink, now: Callable[[], int],
    stop: threading.Event | None = None,
) -> CrawlReport:  # fmt: skip
    """Visit a source once; return what happened.

    `state` is the folder of cursors and day keys. `sink` returns when what it was given is durable, and
    only then is it marked as seen; whatever `sink` raises ends the crawl and passes on. A child that
    dies is an error in the report; so is one that was ended because `stop` was set, within half a second.
    Raises Unavailable where `state` cannot be used.
    """
    started = now()
    keys = DayKeys(state / "keys")
    keys.expire(started)
    cursor = Cursor(state / f"{source.id}.cursor")
    try:
        rest = int(cursor.fact("retry_at") or 0)
        if rest > started:
            return CrawlReport(
                source=source.id, started_at=started, ended_at=started, stopped="resting", retry_at=rest
            )
        with _host_lock(state, source):
            visit = _Intake(cursor, sink, now, started - settings.retention.text_days * DAY)
            tally = _run(_job(source, settings, state, cursor, started), visit, stop or threading.Event())
        return _report(source, started, now(), visit, tally, cursor)
    finally:
        cursor.close()


class _Intake:
    """Takes frames in, appends what is new, and marks it as seen once that was acknowledged."""

    def __init__(self, cursor: Cursor, sink: Sink, now: Callable[[], int], oldest: int) -> None:
        self._cursor, self._sink, self._now, self._oldest = cursor, sink, now, oldest
        self._batch: list[Appended] = []
        self._pages: list[Validator] = []
        self._pending: set[str] = set()
        self.new = self.changed = self.gone = self.too_old = 0
        self.newest: int | None = None

    def take(self, frame: frames.Frame) -> None:
        """Take one frame in."""
        match frame:
            case Seen(post, page, url):
                self._post(post, page, url)
            case Looked(page):
                self._pages.append(page)
            case Vanished(page):
                self.flush()
                forgets = self._cursor.vanished(page, self._now())
                self.gone += len(forgets)
                self._batch.extend(Appended(forget, page) for forget in forgets)
        if len(self._batch) >= _BATCH:
            self.flush()

    def _post(self, post: Post, page: str, url: str | None) -> None:
        if post.id in self._pending:
            self.flush()
        records = self._cursor.judge(post, self._now())
        self.newest = max(self.newest or 0, post.published_at)
        if records and post.published_at < self._oldest:
            self.too_old += 1
            self._cursor.mark([Appended(post, page, url)])
            return
        if records:
            self.new, self.changed = self.new + (records[-1] is post), self.changed + (records[-1] is not post)
        self._batch.extend(Appended(record, page, url) for record in records)
        self._pending.add(post.id)

    def flush(self) -> None:
        """Append the batch; then, and only then, mark it and the pages it came from."""
        if self._batch:
            at = self._now()
            self._sink([_stamped(one.record, at) for one in self._batch])
            mark("page appended")
        self._cursor.mark(self._batch, self._pages)
        self._batch, self._pages = [], []
        self._pending.clear()


def _stamped(record: Post | Forget, at: int) -> Post | Forget:
    return msgspec.structs.replace(record, seen_at=at) if isinstance(record, Post) else record


def _job(source: Source, settings: Settings, state: Path, cursor: Cursor, now: int) -> Job:
    crawl, contact = settings.crawl, settings.legal.contact
    cached = cursor.fact("robots")
    return Job(
        source=source,
        timezone=settings.general.timezone,
        user_agent=f"{crawl.user_agent} (+{contact})" if contact else crawl.user_agent,
        delay_s=crawl.delay_s,
        timeout_s=crawl.timeout_s,
        max_bytes=crawl.max_bytes,
        private_hosts=crawl.private_hosts,
        keys=str(state / "keys"),
        now=now,
        max_requests=MAX_REQUESTS,
        max_seconds=MAX_SECONDS,
        validators=cursor.validators(),
        known=cursor.known(now),
        robots=msgspec.json.decode(cached, type=tuple[CachedRobots, ...]) if cached else (),
    )


def _run(job: Job, intake: _Intake, stop: threading.Event) -> Tally:
    """Run a child on a job and take its frames in; return its tally, or one that says how it died."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(child, job.max_seconds + job.timeout_s + 60, ended, stop))
    watch.start()
    try:
        return _talk(child, job, intake)
    finally:
        ended.set()
        watch.join()
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()


def _watch(child: subprocess.Popen[bytes], seconds: float, ended: threading.Event, stop: threading.Event) -> None:
    """Kill a child that goes on for longer than it may, or past `stop`."""
    for _ in range(int(seconds / _LOOK_S)):
        if stop.is_set() or ended.wait(_LOOK_S):
            break
    child.kill()


def _talk(child: subprocess.Popen[bytes], job: Job, intake: _Intake) -> Tally:
    lost = Tally(unparsed={}, errors={}, stopped="the child ended early")
    if child.stdin is None or child.stdout is None:
        return lost
    try:
        frames.write(child.stdin, job)  # type: ignore[arg-type]
        child.stdin.close()
        for frame in frames.read(child.stdout):  # type: ignore[arg-type]
            intake.take(frame)
            if isinstance(frame, Done):
                intake.flush()
                return frame.tally
            if isinstance(frame, Crash):
                lost.error(f"{frame.error} at {frame.where}")
    except (BrokenPipeError, DecodeError) as error:
        lost.error(type(error).__name__)
    intake.flush()
    lost.error(f"child exit {child.wait()}")
    return lost


def _environment() -> dict[str, str]:
    """Give the child our import path and none of our settings or secrets."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSWERABLE_", "PYTHON"))}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"}


def _report(source: Source, started: int, ended: int, intake: _Intake, tally: Tally, cursor: Cursor) -> CrawlReport:
    if tally.stopped.startswith("http"):
        tally.retry_at = max(tally.retry_at, ended + HOUR)
    if tally.retry_at:
        cursor.keep("retry_at", str(tally.retry_at))
    if tally.robots_files:
        cursor.keep("robots", msgspec.json.encode(tally.robots_files).decode())
    cursor.forget_before(ended - _REMEMBERED)
    return CrawlReport(
        source=source.id,
        started_at=started,
        ended_at=ended,
        requests=tally.requests,
        not_modified=tally.not_modified,
        items=tally.items,
        new=intake.new,
        changed=intake.changed,
        gone=intake.gone,
        too_old=intake.too_old,
        blocked=tally.blocked,
        unparsed=tally.unparsed,
        errors=tally.errors,
        robots=tally.robots,
        newest_published=intake.newest,
        stopped=tally.stopped,
        retry_at=tally.retry_at or None,
        peak_mb=tally.peak_mb,
    )


@contextmanager
def _host_lock(state: Path, source: Source) -> Iterator[BinaryIO]:
    """Hold the host of a source, so that two sources on one host are visited one after the other."""
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    name = hashlib.blake2b(host.encode(), digest_size=8).hexdigest()
    with (state / f"{name}.host").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
