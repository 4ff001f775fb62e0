"""Links from mails: looking at one changes nothing, its button takes one step for the person it was sent to."""

from __future__ import annotations

from starlette.responses import Response

from alerts.entry import Entry
from alerts.links import Offer
from answerable.errors import Refused
from console.asked import Asked, Fields
from console.doors import Doors
from console.incident import offices_of
from console.steps import action_of
from console.views import render

__all__ = ["confirm", "offer"]


def offer(doors: Doors, asked: Asked) -> Response:
    """Show what a link offers."""
    try:
        offered = doors.links.read(asked.parts["token"], asked.now)
    except Refused as refused:
        return _page(doors, asked, refused=str(refused), status=403)
    return _page(doors, asked, offered)


def confirm(doors: Doors, asked: Asked) -> Response:
    """Take the step that a link offers, from the ledger version that its mail showed."""
    try:
        offered = doors.links.read(asked.parts["token"], asked.now)
    except Refused as refused:
        return _page(doors, asked, refused=str(refused), status=403)
    fixed = (("to", offered.to.value), ("version", str(offered.version)))
    typed = tuple(pair for pair in asked.form.pairs if pair[0] not in ("to", "version"))
    try:
        action = action_of(Fields(fixed + typed), offered.incident, offered.person, doors.zone)
        done = doors.desk.act(action, asked.now)
    except Refused as refused:
        return _page(doors, asked, offered, refused=str(refused), status=409)
    return _page(doors, asked, offered, done=done)


def _page(
    doors: Doors, asked: Asked, offered: Offer | None = None, *, done: Entry | None = None, refused: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    entry = done or (doors.desk.entry(offered.incident) if offered else None)
    return render(
        doors,
        asked,
        "link.html",
        status=status,
        offered=offered if entry else None,
        entry=entry,
        offices=offices_of(doors, entry) if entry else [],
        typed=asked.form,
        refused=refused,
        done="" if done is None else done.state.value if offered and done.state is offered.to else "proposed",
    )
