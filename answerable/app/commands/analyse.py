"""Read posts from a file and write what was read from each, in input order.

answerable analyse posts.jsonl --out analysed.jsonl
zcat posts.jsonl.gz | answerable analyse - --out - --taxonomy en-civic --gazetteer towns.csv
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from answerable.app import options as shared
from answerable.app import wiring
from answerable.app.intake import Intake
from answerable.app.reading import read_all
from answerable.app.rows import analysed_row, line, opened
from answerable.settings import Settings
from crawlers.border import Border, DayKeys, RawItem


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
    wiring.models(settings)
    with opened(given.out) as out:
        out.writelines(read_all(intake, _reading, settings))
    return intake.report()


def _reading(settings: Settings) -> Callable[[list[RawItem]], bytes]:
    """Return what a process does with a chunk: border, analysis, lines."""
    analyser, border = wiring.analyser(settings), Border(DayKeys(None), None)  # no token is told

    def read(items: list[RawItem]) -> bytes:
        posts = [border.admit(item) for item in items]
        rows = zip(items, posts, analyser.analyse(posts), strict=True)
        return b"".join(line(analysed_row(item.id, post, analysis)) for item, post, analysis in rows)

    return read
