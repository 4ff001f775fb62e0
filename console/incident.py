"""One incident's page: what is asked, how it spreads, whose job it is, and the steps one may take."""

from __future__ import annotations

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.actions import NEXT
from alerts.entry import Entry
from answerable.errors import Refused
from answerable.incident import Forecast, Level, State
from console.asked import Asked, Fields
from console.curve import draw, hours
from console.doors import Doors
from console.sight import accused_of, texts_may_show, visible
from console.steps import STEPS, action_of
from console.views import redirect, render, see, speech
from console.weighed import weigh

__all__ = ["act", "found", "offices_of", "show"]


class _Rise(Struct, frozen=True):
    at: int
    before: Level | None
    after: Level


def show(doors: Doors, asked: Asked) -> Response:
    """Show one incident."""
    return _page(doors, asked, found(doors, asked, asked.parts["id"]))


def act(doors: Doors, asked: Asked) -> Response:
    """Take one step; where the desk refuses, show why, with what was typed still in place."""
    entry = found(doors, asked, asked.parts["id"])
    try:
        action = action_of(asked.form, entry.update.incident, asked.who.name, doors.zone)
        done = doors.desk.act(action, asked.now)
    except Refused as refused:
        return _page(doors, asked, found(doors, asked, asked.parts["id"]), refused=str(refused), status=409)
    asked.open_session.said = done.state.value if done.state is action.to else "proposed"
    return redirect(f"/incidents/{done.update.incident}")


def found(doors: Doors, asked: Asked, incident: str) -> Entry:
    """Return an incident that the user may see; answer 404 alike for hidden and unknown ones."""
    entry = doors.desk.entry(incident)
    if entry is None or not visible(asked.who, [entry]):
        raise HTTPException(404)
    return entry


def offices_of(doors: Doors, entry: Entry) -> list[str]:
    """List the offices one may name: the likely ones first, never an accused one."""
    accused = accused_of(entry)
    likely = [entry.lead, *entry.co_handlers, *(office for office, _ in entry.update.offices)]
    known = dict.fromkeys(office for office in (*likely, *sorted(doors.offices)) if office)
    return [office for office in known if office not in accused]


def _page(doors: Doors, asked: Asked, entry: Entry, refused: str = "", status: int = 200) -> Response:
    rows = [] if entry.unconfirmed else hours(entry.update.hourly, entry.update.at)
    say = speech(doors, asked.locale, asked.now)
    usual = entry.update.components.usual / 24
    joined = visible(asked.who, [other for key in entry.joined if (other := doors.desk.entry(key)) is not None])
    return render(
        doors,
        asked,
        "incident.html",
        status=status,
        entry=entry,
        rows=rows,
        curve=draw(rows, usual or None, _horizon(entry, len(rows)), say.moments(rows)),
        rises=_rises(entry),
        card=weigh(entry.why),
        joined=joined,
        offices=offices_of(doors, entry),
        steps=_steps(entry) if asked.may("POST", "/incidents/{id}/act") else [],
        typed=asked.form if refused else Fields(),
        refused=refused,
        texts=texts_may_show(entry) and asked.may("GET", "/search"),
        states=State,
        see=see,
    )


def _steps(entry: Entry) -> list[State]:
    """List the steps that the ledger allows from here, in the order of the page."""
    return [step for step in STEPS if step in NEXT[entry.state]]


def _horizon(entry: Entry, shown: int) -> Forecast | None:
    """Choose the forecast to draw: the longest that takes no more than a third of the width."""
    fitting = [forecast for forecast in entry.update.forecast if forecast.hours * 2 <= max(shown, 6)]
    return max(fitting, key=lambda forecast: forecast.hours, default=None)


def _rises(entry: Entry) -> list[_Rise]:
    """List the changes of level, oldest first."""
    found: list[_Rise] = []
    for change in entry.levels:
        before = found[-1].after if found else None
        if change.level is not before:
            found.append(_Rise(change.at, before, change.level))
    return found
