"""The first page: what is open and who waits, the clocks, and what the desk cannot see now."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from starlette.responses import Response

from alerts.alert import Clock
from alerts.entry import Entry
from alerts.joined import gathered
from answerable.clock import DAY
from answerable.incident import State
from console.asked import Asked
from console.curve import Curve, spark
from console.doors import Doors
from console.held import counted
from console.sight import is_open, visible, waits
from console.views import render

__all__ = ["Kept", "Row", "front", "kept_in_time", "listing", "matters", "next_clock", "row"]

_KEPT = 30 * DAY


class Row(Struct, frozen=True):
    """One matter as a line: the entry, its small curve, the clock that ends first, and its parts in other areas.

    `due` is the part whose clock that is, the entry itself where none runs.
    """

    entry: Entry
    curve: Curve | None
    clock: Clock | None
    due: Entry
    parts: tuple[Entry, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether residents wait for an answer anywhere."""
        return any(map(waits, (self.entry, *self.parts)))


class Kept(Struct, frozen=True):
    """How many clocks that ended in the last 30 days were kept, of how many."""

    kept: int
    all: int

    @property
    def percent(self) -> int:
        """The share kept, rounded.

        >>> Kept(11, 12).percent
        92
        """
        return round(100 * self.kept / self.all) if self.all else 0


def front(doors: Doors, asked: Asked) -> Response:
    """Show the situation."""
    entries = visible(asked.who, doors.desk.entries())
    opened = [entry for entry in entries if is_open(entry)]
    rows = matters(opened)
    waiting = [entry for entry in opened if waits(entry)]
    return render(
        doors,
        asked,
        "situation.html",
        rows=rows,
        unanswered=sum(row.waits for row in rows),
        oldest=min((entry.update.first_at for entry in waiting), default=None),
        fastest=max(waiting, key=lambda e: (e.update.components.growth, e.level.rank), default=None),
        late=sum(clock.due_at < asked.now for entry in waiting if (clock := next_clock(entry))),
        answered=[entry for entry in entries if entry.response is not None][:8],
        kept=kept_in_time(entries, asked.now),
        held=counted(doors.desk.held()),
        health=doors.health(),
    )


def listing(doors: Doors, asked: Asked) -> Response:
    """Show every incident, the closed ones too, as a table."""
    entries = visible(asked.who, doors.desk.entries())
    return render(doors, asked, "incidents.html", rows=[row(entry) for entry in entries])


def matters(entries: Sequence[Entry]) -> list[Row]:
    """Make a line of each matter: where it is one in several areas, the first leads and the others are its parts."""
    found = {entry.update.incident: entry for entry in entries}
    areas = {incident: entry.update.area for incident, entry in found.items()}
    lines = gathered({incident: entry.joined for incident, entry in found.items()}, areas)
    return [row(found[first], tuple(found[other] for other in others)) for first, *others in lines]


def row(entry: Entry, parts: tuple[Entry, ...] = ()) -> Row:
    """Make an incident's line; where one person alone reports, nothing is drawn."""
    curve = None if entry.unconfirmed else spark(entry.update.hourly, entry.update.at)
    clocks = [(clock, one) for one in (entry, *parts) if (clock := next_clock(one))]
    clock, due = min(clocks, key=lambda pair: _first(pair[0]), default=(None, entry))
    return Row(entry, curve, clock, due, parts)


def next_clock(entry: Entry) -> Clock | None:
    """Return the clock that runs out first while residents wait, None where nobody waits."""
    return min(entry.clocks, key=_first, default=None) if waits(entry) else None


def _first(clock: Clock) -> tuple[int, str]:
    return clock.due_at, clock.name


def kept_in_time(entries: Sequence[Entry], now: int) -> Kept:
    """Count clocks kept: the first answer came before the clock ran out; no answer when it did is a miss.

    A clock ends with the answer or when it runs out, whichever is first.
    """
    kept = total = 0
    for entry in entries:
        answered = next((event.at for event in entry.history if event.after is State.ANSWERED), None)
        if entry.state is State.FALSE_ALARM:
            continue
        for clock in entry.clocks:
            ended = clock.due_at if answered is None else min(clock.due_at, answered)
            if now - _KEPT <= ended <= now:
                total += 1
                kept += answered is not None and answered <= clock.due_at
    return Kept(kept, total)
