"""Take posts from a file into the pipeline: through the running desk, or onto the log where none runs.

answerable import hotline.jsonl.gz
answerable import - --strict < board.jsonl
answerable import --history last-year.jsonl.gz   # incidents and counts of the past, without its words
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from msgspec import structs

from answerable.app import files, wiring
from answerable.app import options as shared
from answerable.app.backfill import backfill, shared_out
from answerable.app.door import Take, hand_over, only_one
from answerable.app.filing import keyed
from answerable.app.intake import Intake
from answerable.app.items import Items
from answerable.app.reading import chunked
from answerable.app.wiring import WholeLog
from answerable.clock import DAY, system_now
from answerable.errors import Unavailable
from answerable.post import AnalysedPost, Forget, Record, Tick, decode, encode
from answerable.settings import Settings
from crawlers.border import Border, DayKeys
from stream.log import Log, Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW

_BATCH = 500


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN, --history and --strict."""
    parser.add_argument("source", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    parser.add_argument("--history", action="store_true", help="keep the file's own times, for incidents and counts")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Import; exit 5 where lines were skipped."""
    settings, intake, now = shared.of(given), Intake(given.source, strict=given.strict), system_now()
    keys, items = files.data_dir(settings) / "crawl" / "keys", Items(intake)
    DayKeys(keys).expire(now)
    oldest = now - settings.retention.text_days * DAY
    if given.history:
        _history(items, keys, settings, oldest, now)
    else:
        _arrived(items, Border(DayKeys(keys), None, now), settings, oldest, now)
    return intake.report()


def _arrived(items: Items, border: Border, settings: Settings, oldest: int, now: int) -> None:
    """Take posts in as if they had been seen just now."""
    old = 0
    with _way_in(settings) as take:
        for chunk in chunked(map(border.admit, items.ordered()), _BATCH):
            fresh = [structs.replace(one, seen_at=now) for one in chunk if one.published_at >= oldest]
            old += len(chunk) - len(fresh)
            if fresh:
                take(fresh)
    sys.stderr.write(f"{len(items) - old} posts taken in\n")
    if old:
        sys.stderr.write(
            f"{old} posts are older than retention.text_days and were not taken in; --history takes their counts\n"
        )


def _history(items: Items, keys: Path, settings: Settings, oldest: int, now: int) -> None:
    """Read posts here and append them in the order of their own times; the words of old ones stay behind.

    What was forgotten for good stays out, and no time lies in the future: folds never turn their clocks back.
    """
    taken = 0
    with _log(settings) as log:
        stones = wiring.tombstones(settings, log)
        for chunk in backfill(items, settings, keys, now):
            records = [decode(message.value) for message in chunk.messages]
            gone = stones.among([one.post.id for one in records if isinstance(one, AnalysedPost)])
            kept = [_past(one, oldest, now) for one in records if _post(one) not in gone]
            taken += sum(isinstance(one, AnalysedPost) for one in kept)
            messages = [Message(one.area if isinstance(one, AnalysedPost) else "", encode(one)) for one in kept]
            for partition, share in enumerate(shared_out(messages, log.partitions(POSTS_ANALYSED))):
                if share:
                    log.append(POSTS_ANALYSED, share, partition)
    sys.stderr.write(f"{taken} posts of the past taken in\n")


def _post(one: Record) -> str:
    return one.post.id if isinstance(one, AnalysedPost) else ""


def _past(one: Record, oldest: int, now: int) -> Record:
    """Cut times to now, and leave out text, title and address of a post that is older than texts are kept."""
    if isinstance(one, Forget | Tick):
        return structs.replace(one, at=min(one.at, now))
    if not isinstance(one, AnalysedPost):
        return one
    post = structs.replace(
        one.post, published_at=min(one.post.published_at, now), seen_at=min(one.post.seen_at, now)
    )  # fmt: skip
    if post.published_at < oldest:
        post = structs.replace(post, text="", title="", url=None)
    return structs.replace(one, post=post)


@contextmanager
def _way_in(settings: Settings) -> Iterator[Take]:
    """Find the way in: the running desk, or the log where none runs; a killed desk leaves its socket behind."""
    with ExitStack() as held:
        try:
            if settings.stream.engine != "embedded":
                raise Unavailable("a log on a server needs no desk")
            take = held.enter_context(hand_over(files.data_dir(settings)))
        except Unavailable:
            take = _onto(held.enter_context(_log(settings)))
        yield take


def _onto(log: Log) -> Take:
    return lambda records: log.append(POSTS_RAW, keyed(records))


@contextmanager
def _log(settings: Settings) -> Iterator[WholeLog]:
    """Open the log; a file is for one process alone."""
    with ExitStack() as held:
        if settings.stream.engine == "embedded":
            held.enter_context(only_one(files.data_dir(settings)))
        yield held.enter_context(closing(wiring.streams(settings).log))
