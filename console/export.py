"""The situation as CSV, for people who count: small cells suppressed, others rounded to fives."""

from __future__ import annotations

import csv
import io

from starlette.responses import Response

from alerts.entry import Entry
from answerable.clock import show
from console.asked import Asked
from console.doors import Doors
from console.sight import visible
from console.situation import next_clock
from console.speech import Speech
from console.views import speech

__all__ = ["as_csv", "coarse", "harmless"]

_HEAD = (
    "id", "title", "level", "state", "area", "lead", "opened_at", "last_at", "residents_least", "residents_most",
    "posts", "demands", "due_at",
)  # fmt: skip


def as_csv(doors: Doors, asked: Asked) -> Response:
    """Write every incident that the user may see; what one person alone reports is no part of it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    say = speech(doors, asked.locale, asked.now)
    for entry in visible(asked.who, doors.desk.entries()):
        if not entry.unconfirmed:
            writer.writerow([harmless(cell) for cell in _cells(entry, say, doors.k)])
    headers = {"content-disposition": 'attachment; filename="incidents.csv"'}
    return Response("\ufeff" + out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cells(entry: Entry, say: Speech, k: int) -> tuple[str, ...]:
    update, clock = entry.update, next_clock(entry)
    return (
        update.incident,
        say.headline(entry),
        entry.level.value,
        entry.state.value,
        say.names.place(update.area, say.locale),
        entry.lead or "",
        show(update.opened_at),
        show(update.last_at),
        coarse(update.authors.least, k),
        coarse(update.authors.most, k),
        coarse(update.posts, k),
        str(len(update.demands)),
        show(clock.due_at) if clock else "",
    )


def coarse(count: int, k: int) -> str:
    """Write a count so that nobody stands out: below k not at all, else the nearest multiple of five.

    >>> coarse(3, 5), coarse(6, 5), coarse(48, 5)
    ('<5', '5', '50')
    """
    return f"<{k}" if count < k else str(max(k, (count + 2) // 5 * 5))


def harmless(cell: str) -> str:
    """Keep a spreadsheet from reading a cell as a formula.

    >>> harmless("=1+1"), harmless("停水")
    ("'=1+1", '停水')
    """
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
