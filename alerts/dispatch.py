"""From an alert to mails: the stages, what waits for company, what the digest holds, the outbox."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from alerts.alert import Alert, AlertKind, Digest, DigestLine
from alerts.case import Told
from alerts.compose import Composer
from alerts.ledger import Row, Stored
from alerts.links import Links
from alerts.names import Names
from alerts.recipients import Person
from alerts.stages import Notice, Silence, build, is_urgent, pass_all
from answerable.errors import Rejected
from answerable.log import get
from answerable.sections import Alerts

__all__ = ["Dispatch"]

_encode = msgspec.msgpack.Encoder().encode


class Dispatch:
    """Carries alerts to people; keeps in memory what the ledger keeps on disk, and appends rows to `rows`.

    `current` brings an alert up to date before it is written, so that a mail that waited tells how things stand.
    `subscribers` are the people who get digests.
    """

    def __init__(
        self, settings: Alerts, zone: ZoneInfo, compose: Composer, names: Names, links: Links, rows: list[Row],
        current: Callable[[Alert], Alert], subscribers: frozenset[str],
    ) -> None:  # fmt: skip
        self._zone, self._compose, self._names, self._links = zone, compose, names, links
        self._rows, self._current, self._subscribers = rows, current, subscribers
        self._pipeline = build(
            self, zone, group_seconds=settings.group_minutes * 60, quiet=settings.quiet, daily_cap=settings.daily_cap
        )
        self.restore(Stored({}, {}, [], [], [], [], set(), [], [], []))

    def restore(self, stored: Stored) -> None:
        """Take over what the ledger holds."""
        self._mails = stored.marks.get("mail", 0)
        self._told = {(incident, person): told for incident, person, told in stored.told}
        self._waiting = {(notice.alert.incident, notice.person.id): notice for notice in stored.waiting}
        self._queue = sorted((notice.due_at, *key) for key, notice in self._waiting.items())
        self._held: dict[str, dict[str, Notice]] = {}
        for notice in stored.held:
            self._held.setdefault(notice.person.id, {})[notice.alert.incident] = notice
        self._sent = {person: (day, mails) for person, day, mails in stored.sent}
        self._silences = list(stored.silences)

    # Memory: what the stages ask.

    def told(self, incident: str, person: str) -> Told | None:
        """Return what a person was told last of an incident."""
        return self._told.get((incident, person))

    def sent_today(self, person: str, at: int) -> int:
        """Return how many immediate mails that count a person got on the local day of `at`."""
        day, mails = self._sent.get(person, ("", 0))
        return mails if day == self._day(at) else 0

    def silences(self) -> Sequence[Silence]:
        """Return the silences that were set."""
        return self._silences

    # The way of an alert.

    def silence(self, silence: Silence) -> None:
        """Set a silence."""
        self._silences.append(silence)
        self._rows.append(("put_silence", (silence.about, silence.until, silence.who, silence.why)))

    def alert(self, alert: Alert, told: Told, readers: Iterable[Person], now: int) -> None:
        """Put an alert on its way to its readers."""
        for person in readers:
            notice = pass_all(self._pipeline.decide, Notice(alert, person, told, now), now)
            if notice is None:
                continue
            if not alert.unconfirmed:
                self._told[alert.incident, person.id] = told
                self._rows.append(("put_told", (alert.incident, person.id, _encode(told))))
            if notice.held is not None:
                self._hold(notice)
            elif notice.due_at > now:
                self._wait(notice)
            else:
                self._send(notice, now)

    def next_due(self) -> int | None:
        """Return when the next waiting notice goes out."""
        while self._queue and self._stale(*self._queue[0]):
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None

    def release(self, now: int) -> None:
        """Send what has waited long enough."""
        while (due := self.next_due()) is not None and due <= now:
            _, incident, person = heapq.heappop(self._queue)
            notice = self._waiting.pop((incident, person))
            self._rows.append(("drop_waiting", (incident, person)))
            self._send(replace(notice, alert=self._current(notice.alert)), now)

    def held(self, person: str) -> tuple[DigestLine, ...]:
        """Return what waits for a person's digest, highest level first, then oldest."""
        lines = [
            DigestLine(alert=self._current(notice.alert), held=notice.held.value)
            for notice in self._held.get(person, {}).values()
            if notice.held is not None
        ]
        return tuple(sorted(lines, key=lambda line: (-line.alert.level.rank, line.alert.at, line.alert.incident)))

    def digest(self, digest: Digest, person: Person) -> None:
        """Write a person's digest and empty what was held for it."""
        for incident in sorted(self._held.pop(person.id, {})):
            self._rows.append(("drop_held", (person.id, incident)))
        self._rows.append(("put_digest", (digest.at, person.id, len(digest.lines))))
        try:
            content = self._compose.compose_digest(digest, person, self._names, self._links)
        except Rejected as error:
            get("alerts").error("a digest cannot be written; correct the address", person=person.id, why=str(error))
            return
        self._queue_mail(person, f"digest-{person.id}", content, digest.at)

    def _send(self, notice: Notice, now: int) -> None:
        passed = pass_all(self._pipeline.send, notice, now)
        if passed is None:
            return
        if passed.held is not None:
            self._hold(passed)
            return
        alert, person = passed.alert, passed.person
        try:
            content = self._compose.compose_alert(alert, person, self._names, self._links)
        except Rejected as error:
            get("alerts").error("a mail cannot be written; correct the address", person=person.id, why=str(error))
            return
        self._queue_mail(person, f"{alert.kind.value}-{alert.incident}", content, now)
        self._drop_held(person.id, alert.incident)
        if self._waiting.pop((alert.incident, person.id), None) is not None:
            self._rows.append(("drop_waiting", (alert.incident, person.id)))
        if not is_urgent(alert):
            day, mails = self._day(now), self.sent_today(person.id, now) + 1
            self._sent[person.id] = (day, mails)
            self._rows.append(("put_sent", (person.id, day, mails)))

    def _queue_mail(self, person: Person, name: str, content: bytes, now: int) -> None:
        self._mails += 1
        self._rows.append(("put_mail", (self._mails, person.mail, name, content, now, now)))
        self._rows.append(("put_mark", ("mail", self._mails)))

    def _hold(self, notice: Notice) -> None:
        """Keep a notice for the digest, in the place of an older one; duty addresses have no digest."""
        if notice.person.id not in self._subscribers:
            return
        self._held.setdefault(notice.person.id, {})[notice.alert.incident] = notice
        self._rows.append(("put_held", (notice.person.id, notice.alert.incident, _encode(notice))))

    def _drop_held(self, person: str, incident: str) -> None:
        if self._held.get(person, {}).pop(incident, None) is not None:
            self._rows.append(("drop_held", (person, incident)))

    def _wait(self, notice: Notice) -> None:
        """Let a notice wait; a newer one takes the place of the older and goes out when that would have."""
        key = (notice.alert.incident, notice.person.id)
        earlier = self._waiting.get(key)
        if earlier is not None:
            notice = replace(notice, due_at=earlier.due_at, alert=_merged(earlier.alert, notice.alert))
        self._waiting[key] = notice
        heapq.heappush(self._queue, (notice.due_at, *key))
        self._rows.append(("put_waiting", (*key, _encode(notice))))

    def _stale(self, due: int, incident: str, person: str) -> bool:
        notice = self._waiting.get((incident, person))
        return notice is None or notice.due_at != due

    def _day(self, at: int) -> str:
        return datetime.fromtimestamp(at, self._zone).date().isoformat()


def _merged(earlier: Alert, later: Alert) -> Alert:
    """Return the later of two alerts under the kind of the earlier, which nobody has read yet."""
    if later.kind in (AlertKind.MERGE, AlertKind.CLOSE):
        return later
    return replace(later, kind=earlier.kind, previous=earlier.previous)
