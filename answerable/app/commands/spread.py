"""Judge a series of counts row by row: how far each stands out of the ordinary, and where to raise an alarm.

answerable spread counts.csv --out scores.csv
zcat counts.csv.gz | answerable spread - --out -
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import math
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from answerable.app.rows import opened
from answerable.errors import Rejected, SettingsError
from incidents.rowwise import RowWatch

_MARK = b"\xef\xbb\xbf"
_TOLD = 20
_LONGEST = 1 << 16


def options(parser: argparse.ArgumentParser) -> None:
    """Declare SERIES and --out."""
    parser.add_argument("source", metavar="SERIES", help="a CSV file with timestamp,value; .gz, or - for stdin")
    parser.add_argument("--out", required=True, metavar="SCORES", help="a CSV file, .gz, or - for stdout")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad row")


def run(given: argparse.Namespace) -> int:
    """Judge; exit 5 where rows were skipped."""
    series = Series(given.source, strict=given.strict)
    with series.lines() as lines:
        judged = judge(series.rows(lines))
        first = next(judged, b"")  # a file that is no series is told before anything is written
        with opened(given.out) as out:
            out.write(b"timestamp,value,anomaly_score,alarm\n" + first)
            out.writelines(judged)
    return series.report()


def judge(rows: Iterator[tuple[str, str]]) -> Iterator[bytes]:
    """Return a line a row, its first two columns as they came in; line n depends on rows 1 … n alone.

    >>> next(judge(iter([("2026-03-01 08:00:00", "3")]))).strip()
    b'2026-03-01 08:00:00,3,0.000000,0'
    """
    watch = RowWatch()
    for timestamp, value in rows:
        row = watch.judge(_moment(timestamp), float(value))
        yield f"{timestamp},{value},{row.score:.6f},{row.alarm:d}\n".encode()


class Series:
    """Reads the good rows of a file; `bad` counts the others. With `strict` the first bad row ends it."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        self.source, self.strict = source, strict
        self.good = self.bad = 0

    @contextmanager
    def lines(self) -> Iterator[BinaryIO]:
        """Open the file, or standard input; raise SettingsError where it cannot be opened."""
        if self.source == "-":
            yield sys.stdin.buffer
            return
        path = Path(self.source)
        try:
            plain = path.open("rb")
        except OSError as error:
            raise SettingsError(
                f"cannot be read: {error.strerror}", file=str(path), repair="check the path"
            ) from None
        with plain:
            if path.name.endswith(".gz"):
                with gzip.GzipFile(fileobj=plain) as packed:
                    yield cast(BinaryIO, packed)
            else:
                yield plain

    def rows(self, lines: BinaryIO) -> Iterator[tuple[str, str]]:
        """Yield (timestamp, value) as written; raise Rejected for another header, and for a bad row where strict."""
        numbered = self._numbered(lines)
        number, header = next(numbered, (1, b""))
        if [cell.strip() for cell in header.removeprefix(_MARK).split(b",")] != [b"timestamp", b"value"]:
            raise Rejected(f"{self.source}:{number}: the header is not timestamp,value; write it as the first line")
        for number, line in numbered:
            try:
                row = _row(line)
            except ValueError as error:
                self._set_aside(number, str(error))
            else:
                self.good += 1
                yield row

    def report(self) -> int:
        """Say on stderr how it went; return the exit code: 0, or 5 where rows were skipped."""
        if not self.bad:
            return 0
        sys.stderr.write(f"{self.source}: {self.bad} bad rows skipped, {self.good} judged\n")
        return 5

    def _numbered(self, lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
        """Yield the numbered lines that are not empty; a file that breaks off ends with a bad row."""
        number = 0
        try:
            while line := lines.readline(_LONGEST):
                number += 1
                if line.strip():
                    yield number, line.strip()
        except (OSError, EOFError, zlib.error) as error:
            self._set_aside(number + 1, f"the file breaks off here ({type(error).__name__}); fetch it again")

    def _set_aside(self, number: int, reason: str) -> None:
        self.bad += 1
        text = f"{self.source}:{number}: {reason}"
        if self.strict:
            raise Rejected(text)
        if self.bad <= _TOLD:
            sys.stderr.write(text + "\n")
        elif self.bad == _TOLD + 1:
            sys.stderr.write(f"{self.source}: further bad rows are only counted\n")


def _row(line: bytes) -> tuple[str, str]:
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
