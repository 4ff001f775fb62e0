"""Which incidents a user sees, and what of them may be opened."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.entry import Entry
from answerable.incident import State
from console.users import Role, User

__all__ = ["accused_of", "is_open", "texts_may_show", "visible", "waits"]

_DONE = frozenset({State.CLOSED, State.FALSE_ALARM})


def visible(user: User, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that a user may see, in their order.

    Of a supervised matter an official sees it only as one of its supervision or co-handlers, and nobody who
    speaks for an accused office sees anything. Where the desk set no supervision, accusations were too few.
    """
    return [entry for entry in entries if _may_see(user, entry)]


def _may_see(user: User, entry: Entry) -> bool:
    if not entry.supervision:
        return True
    own = set(user.offices)
    if not own.isdisjoint(accused_of(entry)):
        return False
    return user.role is not Role.OFFICIAL or not own.isdisjoint((entry.lead, *entry.co_handlers))


def accused_of(entry: Entry) -> frozenset[str]:
    """Return the offices accused in a supervised matter, or the words for them; none in any other matter."""
    return frozenset(office for office, _ in entry.update.accused) if entry.supervision else frozenset()


def texts_may_show(entry: Entry) -> bool:
    """Tell whether posts of this incident may be opened: never where an office is accused or one person reports."""
    return not entry.supervision and not entry.unconfirmed


def is_open(entry: Entry) -> bool:
    """Tell whether the incident still asks for somebody."""
    return entry.state not in _DONE


def waits(entry: Entry) -> bool:
    """Tell whether residents still wait for an answer."""
    return is_open(entry) and entry.state is not State.ANSWERED
