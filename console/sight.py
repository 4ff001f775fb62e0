"""Which incidents a user sees, and what of them may be opened."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.entry import Entry
from answerable.incident import State
from console.users import Role, User

__all__ = ["is_open", "texts_may_show", "visible", "waits"]

_DONE = frozenset({State.CLOSED, State.FALSE_ALARM})


def visible(user: User, entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that a user may see, in their order.

    Whoever speaks for an accused office sees nothing of that matter. A supervised matter is seen by its
    supervision and co-handlers, and by those who speak for no office.
    """
    return [entry for entry in entries if _may_see(user, entry)]


def _may_see(user: User, entry: Entry) -> bool:
    own = set(user.offices)
    if any(office in own for office, _ in entry.update.accused):
        return False
    if entry.supervision and user.role is Role.OFFICIAL:
        return not own.isdisjoint((entry.lead, *entry.co_handlers))
    return True


def texts_may_show(entry: Entry) -> bool:
    """Tell whether posts of this incident may be opened: never where an office is accused or one person reports."""
    return not entry.supervision and not entry.unconfirmed and not entry.update.accused


def is_open(entry: Entry) -> bool:
    """Tell whether the incident still asks for somebody."""
    return entry.state not in _DONE


def waits(entry: Entry) -> bool:
    """Tell whether residents still wait for an answer."""
    return is_open(entry) and entry.state is not State.ANSWERED
