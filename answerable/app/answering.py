"""The desk's end of the reply addresses: from a mail to an action, and from an action to the ledger."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.desk import Desk
from alerts.entry import Action, Entry
from alerts.links import Links
from alerts.recipients import Person, Recipients
from alerts.replies import Mailbox, up_to_date
from answerable.app import files
from answerable.errors import Refused
from answerable.settings import Settings

__all__ = ["do", "mailbox"]


def mailbox(settings: Settings, recipients: Recipients, folder: Path) -> Mailbox:
    """Return what it takes to read answers on the desk that keeps its key in `folder`."""
    return Mailbox(
        links=Links(settings.console.base_url, files.secret(folder, "links.key")), recipients=recipients,
        sender=settings.smtp.sender, zone=ZoneInfo(settings.general.timezone), locale=settings.general.locale,
    )  # fmt: skip


def do(desk: Desk, people: dict[str, Person], action: Action, now: int) -> Entry:
    """Do what a mail asks, once; raise Refused in words for the person who sent it."""
    entry, person = desk.entry(action.incident), people.get(action.who)
    if entry is None or person is None:
        raise Refused(f"there is no incident {action.incident} that a mail could be about")
    today = up_to_date(action, entry, person)
    return entry if today is None else desk.act(today, now)
