"""Put posts from a file through the whole pipeline with a simulated clock; equal runs give equal bytes.

answerable replay posts.jsonl --out week/
answerable replay posts.jsonl --out week/ --resume     # goes on where a killed run stopped
answerable replay --log --out audit/                   # folds the log again; exit 1 if it told otherwise
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack, closing
from pathlib import Path

from answerable.app import options as shared
from answerable.app import wiring
from answerable.app.door import only_one
from answerable.app.files import data_dir
from answerable.app.replay.audit import replay_log
from answerable.app.replay.run import replay
from answerable.errors import Refused


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN, --out and what changes the result."""
    parser.add_argument("source", nargs="?", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--log", action="store_true", help="in place of IN: what the settings' log has recorded")
    parser.add_argument("--resume", action="store_true", help="go on with a replay that was killed")
    parser.add_argument("--partitions", type=int, metavar="N", help="partitions of posts.analysed (same result)")
    parser.add_argument("--rules", type=Path, metavar="F", help="rules.yaml")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.reading(parser)
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Replay; exit 5 where lines were skipped, 1 where a recorded log was told otherwise than it says."""
    settings = shared.of(given)
    if given.log == (given.source is not None) or (given.log and given.resume):
        raise Refused("name IN, or --log without --resume")
    if not given.log:
        return replay(given.source, given.out, settings, resume=given.resume, strict=given.strict)
    with ExitStack() as held:
        if settings.stream.engine == "embedded":
            held.enter_context(only_one(data_dir(settings)))
        log = held.enter_context(closing(wiring.streams(settings).log))
        return replay_log(given.out, settings, log)
