"""The desk over all updates in the order of their time, beside the folds; and what those told of posts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from alerts.desk import Desk
from alerts.notify import Notifier
from answerable import incident
from answerable.app.items import Items
from answerable.app.order import in_order, newest
from answerable.clock import HOUR
from answerable.incident import IncidentUpdate, Membership
from stream.log import Recorded
from stream.marks import mark
from stream.recorded import recorded
from stream.topics import INCIDENTS, MEMBERSHIPS

__all__ = ["Deciding", "Memberships", "updates"]

_STRIDE = 6 * HOUR  # no outbox keeps a mail's body for less than a day
_READ = 2000


def updates(log: Recorded) -> Iterator[IncidentUpdate]:
    """Yield every update, partition by partition."""
    for placed in recorded(log, INCIDENTS):
        message = incident.decode(placed.message.value)
        if isinstance(message, IncidentUpdate):
            yield message


class Deciding:
    """Gives the desk every update that it has not handled, at its time, however early or late they come.

    Mails are handed over every few hours: the outbox empties their bodies after some days of the same time.
    """

    def __init__(self, desk: Desk, log: Recorded, notifier: Notifier) -> None:
        self._desk, self._log, self._notifier = desk, log, notifier
        self._read = [first for first, _ in log.ends(INCIDENTS)]
        self._pending: list[IncidentUpdate] = []
        self._done = desk.positions().get(0, 0)
        self._passed = self._at = self._handed = 0

    def before(self, until: int) -> None:
        """Decide about all updates before an instant that every fold has reached."""
        self._pending = in_order([*self._pending, *self._fresh()])
        count = sum(update.at < until for update in self._pending)
        ready, self._pending = self._pending[:count], self._pending[count:]
        skipped = min(count, max(0, self._done - self._passed))
        self._passed += skipped
        if skipped:
            self._at = ready[skipped - 1].at
        for at, together in groupby(ready[skipped:], key=lambda update: update.at):
            self._decide(at, list(together))

    def finish(self, until: int) -> None:
        """Decide about all there is, and let time pass until `until`."""
        self.before(until + 1)
        self._pass_time(until)
        self._desk.deliver(self._notifier, until)

    def _decide(self, at: int, together: list[IncidentUpdate]) -> None:
        if at < self._at:
            raise RuntimeError("a fold told something of a time that was decided about")
        self._pass_time(at)
        self._passed += len(together)
        self._desk.handle(newest(together), at, {0: self._passed})
        self._at = at
        mark("replay updates decided")

    def _pass_time(self, to: int) -> None:
        for now in (*range((self._at or to) + _STRIDE, to, _STRIDE), to):
            self._desk.advance(now)
            if now - self._handed >= _STRIDE:
                self._desk.deliver(self._notifier, now)
                self._handed = now

    def _fresh(self) -> Iterator[IncidentUpdate]:
        """Yield what the folds told since the last call."""
        for partition, (_, end) in enumerate(self._log.ends(INCIDENTS)):
            while (offset := self._read[partition]) < end:
                messages = self._log.read(INCIDENTS, partition, offset, min(_READ, end - offset))
                self._read[partition] += len(messages)
                for message in messages:
                    update = incident.decode(message.value)
                    if isinstance(update, IncidentUpdate):
                        yield update


class Memberships:
    """For each post of the input its final (group, shown incident or None, representative or None).

    A post that was edited may have stood in two areas: what was told last holds, whatever the partitions.
    """

    def __init__(self, log: Recorded, items: Items) -> None:
        self._names: dict[str | None, int] = {None: 0}
        self._final = np.zeros((len(items), 3), np.int32)
        told_at, told_in = np.zeros(len(items), np.int64), np.zeros(len(items), np.int32)
        areas: list[str] = [""]
        for placed in recorded(log, MEMBERSHIPS):
            message = incident.decode(placed.message.value)
            if not isinstance(message, Membership):
                continue
            if areas[-1] != message.area:
                areas.append(message.area)
            numbers = items.numbers([post for post, *_ in message.posts]).tolist()
            for number, (_, *told) in zip(numbers, message.posts, strict=True):
                if number >= 0 and (told_at[number], areas[told_in[number]]) <= (message.at, message.area):
                    told_at[number], told_in[number] = message.at, len(areas) - 1
                    self._final[number] = [self._name(name) for name in told]
        self._by_number = list(self._names)

    def of(self, number: int) -> tuple[str | None, ...]:
        """Return what was told last of a post, by the place of its first item in the input."""
        return tuple(self._by_number[name] for name in self._final[number].tolist())

    def _name(self, name: str | None) -> int:
        return self._names.setdefault(name, len(self._names))
