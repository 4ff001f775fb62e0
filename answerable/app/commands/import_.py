"""Take posts from a file into the pipeline: through the running desk, or onto the log where none runs.

answerable import hotline.jsonl.gz
answerable import - --strict < board.jsonl
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import msgspec

from answerable import post
from answerable.app import files, wiring
from answerable.app import options as shared
from answerable.app.door import Take, hand_over, only_one
from answerable.app.intake import Intake
from answerable.app.reading import chunked
from answerable.app.replay.revisions import in_order
from answerable.clock import DAY, system_now
from answerable.errors import Unavailable
from answerable.post import Post
from answerable.settings import Settings
from crawlers.border import Border, DayKeys
from stream.log import Message
from stream.topics import POSTS_RAW

_BATCH = 500


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN."""
    parser.add_argument("source", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Import; exit 5 where lines were skipped."""
    settings, intake, now = shared.of(given), Intake(given.source, strict=given.strict), system_now()
    folder = files.data_dir(settings)
    keys = DayKeys(folder / "crawl" / "keys")
    keys.expire(now)
    border, oldest, old = Border(keys, None, now), now - settings.retention.text_days * DAY, 0
    items = in_order(intake)
    with _way_in(settings) as take:
        for chunk in chunked(map(border.admit, items), _BATCH):
            fresh = [_seen(one, now) for one in chunk if one.published_at >= oldest]
            old += len(chunk) - len(fresh)
            if fresh:
                take(fresh)
    sys.stderr.write(f"{len(items) - old} posts taken in\n")
    if old:
        sys.stderr.write(f"{old} posts are older than retention.text_days and were not taken in\n")
    return intake.report()


@contextmanager
def _way_in(settings: Settings) -> Iterator[Take]:
    """Find the way in: the running desk, or the log where none runs; a killed desk leaves its socket behind."""
    folder = files.data_dir(settings)
    with ExitStack() as held:
        try:
            take = held.enter_context(hand_over(folder))
        except Unavailable:
            held.enter_context(only_one(folder))
            take = held.enter_context(_onto_the_log(settings, folder))
        yield take


@contextmanager
def _onto_the_log(settings: Settings, folder: Path) -> Iterator[Take]:
    with closing(wiring.log(settings, folder / "log.db")) as log:
        yield lambda records: log.append(POSTS_RAW, [Message(one.id, post.encode(one)) for one in records])


def _seen(one: Post, now: int) -> Post:
    return msgspec.structs.replace(one, seen_at=now)
