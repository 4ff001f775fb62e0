"""The stage that decides: incidents in, ledger events and how incidents stand out; and the desk's time."""

from __future__ import annotations

from typing import Protocol

from alerts.desk import Desk
from answerable import incident
from answerable.app.order import in_order, newest
from answerable.app.stage import Seen, Stage
from answerable.incident import IncidentUpdate
from stream.log import Batch, Log, Message, Recorded
from stream.topics import INCIDENTS, LEDGER

__all__ = ["Deciding"]


class _Log(Log, Recorded, Protocol):
    pass


class Deciding:
    """Gives the desk its updates and tells the log what the desk and people did."""

    def __init__(self, log: _Log, desk: Desk, seen: Seen) -> None:
        self._log, self._desk, self._seen = log, desk, seen
        self._told: int | None = None  # the number of the ledger event that was appended last
        self._news: dict[str, IncidentUpdate] = {}  # what is to be told of incidents

    def stages(self) -> tuple[Stage, ...]:
        """Return the one stage."""
        return (Stage(INCIDENTS, "desk", self.handle),)

    def handle(self, batch: Batch, now: int) -> None:
        """Let the desk take in a batch of updates, once each."""
        messages = [incident.decode(message.value) for message in batch.messages]
        updates = in_order(message for message in messages if isinstance(message, IncidentUpdate))
        self._desk.handle(newest(updates), now, {batch.partition: batch.next})
        self._seen.note("desk", [update.last_at for update in updates])

    def pulse(self, now: int) -> bool:
        """Let the desk's time pass, then publish; tell whether anything was published."""
        self._desk.advance(now)
        return self._publish()

    def _publish(self) -> bool:
        """Append what people and the desk did, then how the incidents stand that it changed.

        A message's key is the number that the event has in the ledger, or that of the last event told by then.
        """
        if self._told is None:
            self._told = self._last_number()
        self._news |= {update.incident: update for update in self._desk.news()}
        events = list(self._desk.ledger_events(self._told))
        last = events[-1][0] if events else self._told
        messages = [Message(str(number), incident.encode(event)) for number, event in events]
        messages += [Message(str(last), incident.encode(update)) for update in self._news.values()]
        if messages:
            self._log.append(LEDGER, messages)
            self._told = last
            self._news.clear()
        return bool(messages)

    def _last_number(self) -> int:
        """Return the number of the event that was appended last; 0, to begin anew, where none can be read."""
        (_, end), *_ = self._log.ends(LEDGER)
        last = self._log.read(LEDGER, 0, end - 1) if end else ()
        return int(last[0].key) if last and last[0].key.isdecimal() else 0
