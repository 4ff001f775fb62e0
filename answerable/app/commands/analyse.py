"""Read posts from a file and write what was read from each, in input order.

answerable analyse posts.jsonl --out analysed.jsonl
zcat posts.jsonl.gz | answerable analyse - --out - --taxonomy en-civic --gazetteer towns.csv
"""

from __future__ import annotations

import argparse
import tempfile
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from answerable.app import options as shared
from answerable.app.intake import Intake
from answerable.app.reading import read_all
from answerable.app.rows import Row, analysed_row, write_lines
from answerable.post import Post
from answerable.settings import Settings
from crawlers.border import Border, DayKeys


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN, --out and what changes the reading."""
    parser.add_argument("source", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    parser.add_argument("--out", required=True, metavar="OUT", help="a file, .gz, or - for stdout")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.reading(parser)
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Analyse; exit 5 where lines were skipped."""
    intake, settings = Intake(given.source, strict=given.strict), shared.of(given)
    with tempfile.TemporaryDirectory() as keys:
        write_lines(given.out, _rows(intake, Border(DayKeys(Path(keys)), None), settings))
    return intake.report()


def _rows(intake: Intake, border: Border, settings: Settings) -> Iterator[Row]:
    natives: deque[str] = deque()

    def admitted() -> Iterator[Post]:
        for item in intake:
            natives.append(item.id)
            yield border.admit(item)

    for pairs in read_all(admitted(), settings):
        for post, analysis in pairs:
            yield analysed_row(natives.popleft(), post, analysis)
