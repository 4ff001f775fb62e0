"""Judge a series of counts row by row: how far each stands out of the ordinary, and where to raise an alarm.

answerable spread counts.csv --out scores.csv
zcat counts.csv.gz | answerable spread - --out -
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from answerable.app.goodlines import GoodLines, named
from answerable.app.rows import opened
from answerable.errors import Rejected
from answerable.lines import BadLine, Line, each, numbered
from incidents.rowwise import RowWatch

_LONGEST = 1 << 16
Row = tuple[str, str]


def options(parser: argparse.ArgumentParser) -> None:
    """Declare SERIES and --out."""
    parser.add_argument("source", metavar="SERIES", help="a CSV file with timestamp,value; .gz, or - for stdin")
    parser.add_argument("--out", required=True, metavar="SCORES", help="a CSV file, .gz, or - for stdout")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad row")


def run(given: argparse.Namespace) -> int:
    """Judge; exit 5 where rows were skipped."""
    series = GoodLines(given.source, read(given.source), strict=given.strict, noun="rows")
    judged = judge(series)
    first = next(judged, b"")  # a file that is no series is told before anything is written
    with opened(given.out) as out:
        out.write(b"timestamp,value,anomaly_score,alarm\n" + first)
        out.writelines(judged)
    return series.report(f"{series.good} judged")


def judge(rows: Iterable[Row]) -> Iterator[bytes]:
    """Return a line a row, its first two columns as they came in; line n depends on rows 1 … n alone.

    >>> next(judge([("2026-03-01 08:00:00", "3")])).strip()
    b'2026-03-01 08:00:00,3,0.000000,0'
    """
    watch = RowWatch()
    for timestamp, value in rows:
        row = watch.judge(_moment(timestamp), float(value))
        yield f"{timestamp},{value},{row.score:.6f},{row.alarm:d}\n".encode()


def read(source: str) -> Iterator[Row | BadLine]:
    """Yield timestamp and value as written; raise Rejected for another header."""
    lines = numbered(named(source), _LONGEST, repair="; fetch it again")
    header = next(lines, Line(1, b""))
    if isinstance(header, BadLine):
        yield header
        header = Line(1, b"")
    if [cell.strip() for cell in header.text.split(b",")] != [b"timestamp", b"value"]:
        raise Rejected(f"{source}:{header.number}: the header is not timestamp,value; write it as the first line")
    yield from each(lines, _row)


def _row(line: bytes) -> Row:
    """Read one row; raise ValueError that says what is wrong and the repair, never what stands in it.

    >>> _row(b"2026-03-01 08:00,many")
    Traceback (most recent call last):
        ...
    ValueError: value: is no finite number; write one such as 12 or 0.5
    """
    cells = _cells(line)
    if len(cells) != 2:
        raise ValueError(f"has {len(cells)} columns instead of 2; write timestamp,value")
    timestamp, value = cells
    try:
        _moment(timestamp)
    except (ValueError, OverflowError):
        raise ValueError("timestamp: is no time; write 2026-03-01 08:00:00, with or without an offset") from None
    try:
        if math.isfinite(float(value)):
            return timestamp, value
    except ValueError:
        pass
    raise ValueError("value: is no finite number; write one such as 12 or 0.5")


def _cells(line: bytes) -> list[str]:
    try:
        read = next(csv.reader(io.StringIO(line.decode())), [])
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8; save the file as UTF-8") from None
    except csv.Error:
        raise ValueError("is no line of a CSV file; write timestamp,value") from None
    return [cell.strip() for cell in read]


def _moment(text: str) -> int:
    """Return seconds since 1970; a naive time counts as UTC."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
