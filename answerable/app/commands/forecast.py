"""Foresee how large cascades get, from their beginning: one line in, one line out, in input order.

Only events inside the observed time are looked at. `final` holds quantiles of the final number of events, `p_double`
the chance that there are at least twice as many as seen, `p_supercritical` the chance that each calls forth one or
more others. A bad line is told with its number, counted and skipped.

answerable forecast cascades.jsonl --out foreseen.jsonl --observe 1h
zcat cascades.jsonl.gz | answerable forecast - --out - --observe 30m --timezone Europe/Berlin
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from answerable.app.beginnings import Beginning, Beginnings
from answerable.app.rows import Row, write_lines
from answerable.clock import DAY, HOUR, MINUTE
from incidents.cascade import foresee

_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY}
_LONGEST = 366 * DAY


def options(parser: argparse.ArgumentParser) -> None:
    """Declare IN, --out, --observe and --timezone."""
    parser.add_argument("source", metavar="IN", help='lines of {"id","start","events"}, .gz, or - for stdin')
    parser.add_argument("--out", required=True, metavar="OUT", help="a file, .gz, or - for stdout")
    parser.add_argument(
        "--observe", type=_span, required=True, metavar="SPAN", help="how long each is observed: 90s, 15m, 1h, 2d"
    )
    parser.add_argument(
        "--timezone",
        type=_zone,
        default="Asia/Shanghai",
        metavar="ZONE",
        help="whose hours of day count (%(default)s)",
    )
    parser.add_argument("--strict", action="store_true", help="stop at the first bad line")


def _span(text: str) -> int:
    """Read a span of time in seconds.

    >>> _span("1h"), _span("90s")
    (3600, 90)
    """
    found = re.fullmatch(r"(\d{1,9})([smhd])", text)
    span = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 0 < span <= _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no span of time; write one like 15m, 1h or 2d")
    return span


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{name!r} is no time zone; write one like Asia/Shanghai") from None


def run(given: argparse.Namespace) -> int:
    """Foresee; exit 5 where lines were skipped."""
    source = Beginnings(given.source, strict=given.strict)
    write_lines(given.out, _rows(source, given.observe, given.timezone))
    return source.report()


def _rows(source: Beginnings, observed: int, zone: ZoneInfo) -> Iterator[Row]:
    for one in source:
        yield row(one, observed, zone)


def row(one: Beginning, observed: int, zone: ZoneInfo) -> Row:
    """Return what is foreseen of one cascade.

    >>> sorted(row(Beginning(1, 0, (0.0, 5.0)), 60, ZoneInfo("UTC")))
    ['final', 'id', 'p_double', 'p_supercritical', 'seen']
    """
    local = datetime.fromtimestamp(one.start, UTC).astimezone(zone)
    told = foresee(one.events, observed, local.hour + local.minute / 60)
    return {
        "id": one.id,
        "seen": told.seen,
        "final": {"p10": told.p10, "p50": told.p50, "p90": told.p90},
        "p_double": told.p_double,
        "p_supercritical": told.p_supercritical,
    }
