"""Put posts from a file through the whole pipeline with a simulated clock; equal runs give equal bytes.

answerable replay posts.jsonl --out week/
answerable replay posts.jsonl --out week/ --resume     # goes on where a killed run stopped
"""

from __future__ import annotations

import argparse
from pathlib import Path

from answerable.app import options as shared
from answerable.app.replay.run import replay


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN, --out and what changes the result."""
    parser.add_argument("source", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--resume", action="store_true", help="go on with a replay that was killed")
    parser.add_argument("--partitions", type=int, metavar="N", help="partitions of posts.analysed (same result)")
    parser.add_argument("--rules", type=Path, metavar="F", help="rules.yaml")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.reading(parser)
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Replay; exit 5 where lines were skipped."""
    return replay(given.source, given.out, shared.of(given), resume=given.resume, strict=given.strict)
