"""From a form to an action: the steps one may ask for, and the fields that go with each."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException

from alerts.entry import Action
from answerable.errors import Refused
from answerable.incident import State
from console.asked import Fields
from console.views import see

__all__ = ["STEPS", "action_of"]

# In the order of the page; what is possible now is the desk's to say.
STEPS: tuple[State, ...] = (
    State.ACKNOWLEDGED,
    State.WORKING,
    State.ASSIGNED,
    State.RETURNED,
    State.ANSWERED,
    State.CLOSED,
    State.FALSE_ALARM,
)
_FIELDS = ("proof", "to", "version", "text", "link", "promised", "due", "office", "co")
_LONGEST = 4000


def action_of(form: Fields, incident: str, who: str, zone: ZoneInfo) -> Action:
    """Read a step's form; raise Refused for what a person can mend, answer 400 for what no page of ours sends."""
    form.only(*_FIELDS)
    to, version = form.get("to"), form.get("version")
    if to not in STEPS or not version.isascii() or not version.isdecimal() or len(version) > 9:
        raise HTTPException(400, "no step of ours")
    if any(len(form.get(name)) > _LONGEST for name in _FIELDS):
        raise Refused(f"a text has at most {_LONGEST} characters")
    action = Action(
        incident=incident,
        version=int(version),
        to=State(to),
        who=who,
        text=form.get("text"),
        link=_link(form.get("link")),
        promised=form.get("promised") or None,
        due_at=_end_of_day(form.get("due"), zone),
        office=form.get("office") or None,
        co_handlers=tuple(dict.fromkeys(office for office in form.all("co") if office != form.get("office"))),
    )
    _complete(action)
    return action


def _complete(action: Action) -> None:
    """Raise Refused where a step lacks what makes it a step."""
    match action.to:
        case State.ASSIGNED | State.RETURNED if action.office is None:
            raise Refused("choose the office")
        case State.ANSWERED if not action.text and action.link is None:
            raise Refused("give the answer's text, or a link to where it was published")
        case State.ANSWERED if (action.promised is None) != (action.due_at is None):
            raise Refused("a promise needs both: what will be done, and by when")
        case State.CLOSED | State.FALSE_ALARM if not action.text:
            raise Refused("give a reason; it stays in the ledger")


def _link(text: str) -> str | None:
    """Read a link; raise Refused where it is no address that a browser should open."""
    if text and see(text) is None:
        raise Refused("a link begins with https:// or http:// and has no blanks")
    return text or None


def _end_of_day(text: str, zone: ZoneInfo) -> int | None:
    """Read a day and return its last second in the desk's time zone.

    >>> _end_of_day("2026-03-01", ZoneInfo("UTC"))
    1772409599
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("write the day as in 2026-03-01") from None
    return int(datetime.combine(day, time(23, 59, 59), zone).timestamp())
