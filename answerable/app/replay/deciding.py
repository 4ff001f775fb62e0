"""Third stage: the desk over all updates in the order of their time; and what the folds told of posts."""

from __future__ import annotations

from itertools import groupby

from alerts.desk import Desk
from alerts.notify import Notifier
from answerable import incident
from answerable.app.order import in_order, newest
from answerable.clock import HOUR
from answerable.incident import IncidentUpdate, Membership
from stream.log import Recorded
from stream.marks import mark
from stream.recorded import recorded
from stream.topics import INCIDENTS, MEMBERSHIPS

__all__ = ["decide", "memberships", "updates"]

_STRIDE = 6 * HOUR  # no outbox keeps a mail's body for less than a day


def updates(log: Recorded) -> list[IncidentUpdate]:
    """Return every update in the desk's order."""
    messages = (incident.decode(placed.message.value) for placed in recorded(log, INCIDENTS))
    return in_order(message for message in messages if isinstance(message, IncidentUpdate))


def decide(desk: Desk, ordered: list[IncidentUpdate], until: int, notifier: Notifier) -> None:
    """Give the desk every update it has not handled, at its time, then let time pass until `until`.

    Mails are handed over every few hours: the outbox empties their bodies after some days of the same time.
    """
    done, handed = desk.positions().get(0, 0), 0

    def pass_time(since: int, to: int) -> None:
        nonlocal handed
        for now in (*range(since + _STRIDE, to, _STRIDE), to):
            desk.advance(now)
            if now - handed >= _STRIDE:
                desk.deliver(notifier, now)
                handed = now

    for at, together in groupby(ordered[done:], key=lambda update: update.at):
        pass_time(ordered[max(0, done - 1)].at, at)
        batch = list(together)
        done += len(batch)
        desk.handle(newest(batch), at, {0: done})
        mark("replay updates decided")
    pass_time(ordered[-1].at if ordered else until, until)
    desk.deliver(notifier, until)


def memberships(log: Recorded) -> dict[str, tuple[str, str | None, str | None]]:
    """Return for each post its final (group, shown incident or None, representative or None).

    A post that was edited may have stood in two areas: what was told last holds, whatever the partitions.
    """
    final: dict[str, tuple[str, str | None, str | None]] = {}
    told: dict[str, tuple[int, str]] = {}
    for message in (incident.decode(placed.message.value) for placed in recorded(log, MEMBERSHIPS)):
        if isinstance(message, Membership):
            for post, group, shown, representative in message.posts:
                if told.get(post, (0, "")) <= (message.at, message.area):
                    told[post] = message.at, message.area
                    final[post] = (group, shown, representative)
    return final
