"""What lies on the desk at a moment, and the order in which time brings it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from alerts import digests, due, response
from alerts.actions import Done
from alerts.alert import Alert, AlertKind
from alerts.case import Case, Told
from alerts.cases import Cases
from alerts.clocks import Clocks
from alerts.compose import Composer
from alerts.dispatch import Dispatch
from alerts.editions import Editions
from alerts.entry import Entry, HeldBack
from alerts.heldback import held_back
from alerts.hours import next_at
from alerts.joined import TICK, Index
from alerts.judge import Bench, Verdict, answered, draft, follow, reconsider
from alerts.known import complete
from alerts.ledger import Ledger, Row, Stored
from alerts.links import Links
from alerts.names import Names
from alerts.readers import readers
from alerts.recipients import Person, Recipients
from alerts.record import Record
from alerts.routing import Routing
from alerts.rules import Rule
from alerts.veil import place_and_kind, without_extracts
from answerable.clock import DAY, HOUR
from answerable.incident import IncidentUpdate, LedgerEvent, State
from answerable.metrics import ALERTS
from answerable.settings import Settings

__all__ = ["Floor"]

_SWEEP = (180,)  # outbox bodies are purged at three in the morning
_HANDED_ON = {State.RETURNED: due.RETURNED, State.ASSIGNED: due.ASSIGNED}
_encode = msgspec.msgpack.Encoder().encode


class Floor:
    """The desk's memory between two commits; whatever changes in it is also appended to `rows`."""

    def __init__(
        self, ledger: Ledger, config: Settings, rules: Sequence[Rule], recipients: Recipients, clocks: Clocks,
        names: Names, compose: Composer, links: Links, rows: list[Row], *, parents: Mapping[str, str],
        empty_digests: bool, reminders: bool, cutover: int,
    ) -> None:  # fmt: skip
        self._ledger, self._rows, self._empty = ledger, rows, empty_digests
        self._outbox_days = config.alerts.outbox_days
        self._zone = ZoneInfo(config.general.timezone)
        self.routing = Routing(recipients, config.smtp.sender, config.general.locale, parents)
        self._bench = Bench(rules, self.routing, clocks, config.general.locale, cutover)
        self._patience = due.Patience(int(config.alerts.repeat_hours * HOUR), reminders)
        self.cases = Cases(ledger, self._patience)
        self._editions = Editions(self.routing.people, config.alerts.digest, self._zone)
        self.dispatch = Dispatch(
            config.alerts, self._zone, compose, names, links, rows, self._current, self._editions.subscribers
        )
        self._record, self._index = Record(), Index()
        self.newest: tuple[tuple[str, int], ...] = ()
        self.silent: tuple[str, ...] = ()

    def restore(self, stored: Stored) -> None:
        """Take over what the ledger holds."""
        self.clock = stored.marks.get("clock", 0)
        self._marks = dict(stored.marks)
        self._listed = set(stored.listed)
        self.cases.restore(stored.cases)
        self.dispatch.restore(stored)
        self._record.restore(stored.verdicts)
        self._index = Index()
        self._touched: set[str] = set()
        self._link_at: int | None = None
        if self.clock:
            self._start(self.clock)
        for case in list(self.cases.everything()):
            self._file(case)

    # Time.

    def advance(self, now: int) -> None:
        """Do everything that is due by `now`, each at its own moment."""
        if not self.clock:
            self._start(now)
        while (moment := self.next_due()) is not None and moment <= now:
            self.clock = max(self.clock, moment)
            self._work(moment)
        self.clock = max(self.clock, now)

    def next_due(self) -> int | None:
        """Return the next moment at which something is due."""
        moments = (
            self._link_at, self.cases.next_check(), self.dispatch.next_due(), self._editions.next_due(),
            self._sweep_at if self.clock else None,
        )  # fmt: skip
        return min((moment for moment in moments if moment is not None), default=None)

    def take(self, update: IncidentUpdate) -> None:
        """Take in one update at its moment; one that was handled before changes nothing."""
        self.advance(update.at)
        known = self.cases.find(update.incident)
        if known is None or update.revision > known.update.revision:
            self._absorb(follow(known, update, self.clock, self._bench))

    def flush(self) -> None:
        """Append the rows of all that changed, with the clock, where anything did."""
        self._rows += self.cases.flush()
        if self._rows:
            counted = {name: self._marks[name] for name in ("alert", "event") if name in self._marks}
            self._rows += [("put_mark", mark) for mark in (*counted.items(), ("clock", self.clock))]

    def _start(self, clock: int) -> None:
        self._editions.start(clock)
        self._sweep_at = next_at(clock, _SWEEP, self._zone)
        self.clock = clock

    def _work(self, at: int) -> None:
        """Do what is due at one moment: links, cases, waiting mails, digests, the sweep."""
        if self._link_at is not None and self._link_at <= at:
            self._link()
        for case in self.cases.due(at):
            self._absorb(due.check(case, at, self._bench, self._patience))
        self.dispatch.release(at)
        self._publish(self._editions.due(at), at)
        if self._sweep_at <= at:
            self._sweep_at = next_at(self._sweep_at, _SWEEP, self._zone)
            self._rows.append(("purge_mails", (at - self._outbox_days * DAY,)))

    # People.

    def acted(self, done: Done, at: int) -> Case:
        """Keep what a person did, and say what that makes worth saying."""
        case = done.case
        self._rows += self._record.note(case.update.incident, case.rule, case.state, at)
        verdict = answered(case, at, self._bench)
        rule = None if case.doubters else _HANDED_ON.get(done.event.after)
        handed = (draft(verdict.case, at, AlertKind.UPDATE, rule, ()),) if rule else ()
        self._absorb(Verdict(verdict.case, (*verdict.alerts, *handed), (done.event, *verdict.events)))
        return verdict.case

    def keep(self, case: Case, event: LedgerEvent) -> None:
        """Keep a case that a person changed, with the ledger's line about it."""
        self._absorb(Verdict(case, (), (event,)))

    def entry(self, case: Case) -> Entry:
        """Return a case as people see it."""
        update = complete(case)
        if not case.shown:
            update = place_and_kind(update)
        elif case.supervision:
            update = without_extracts(update)
        since = case.answered_at if case.answered_at is not None else case.update.answered_at
        return Entry(
            update=update, level=case.level, why=case.why if case.shown else (), state=case.state,
            version=case.version, lead=case.lead, co_handlers=case.co_handlers, supervision=case.supervision,
            unconfirmed=case.warned and not case.shown, clocks=tuple(running.clock for running in case.clocks),
            levels=case.levels if case.shown else (), history=self._ledger.events_of(case.update.incident),
            joined=case.joined,
            response=response.measure(case.update, since, self.clock) if since is not None and case.shown else None,
        )  # fmt: skip

    def held(self) -> list[HeldBack]:
        """Return every open group that the gate holds back, newest activity first, then by group."""
        found = (held_back(case, self.routing.accused(case.update)) for case in self.cases.everything())
        return sorted((one for one in found if one is not None), key=lambda one: (-one.last_at, one.group))

    # What follows from a judgement.

    def _absorb(self, verdict: Verdict) -> None:
        case, at = verdict.case, self.clock
        self.cases.put(case)
        for event in verdict.events:
            self._rows.append(("put_event", (self._number("event"), event.incident, _encode(event))))
        for alert in verdict.alerts:
            numbered = self._numbered(alert)
            told = case.told or Told(level=alert.level, residents=0)
            self.dispatch.alert(numbered, told, readers(numbered, case, self.routing), at)
        self._file(case)

    def _numbered(self, alert: Alert) -> Alert:
        """Give an alert its number and its rule's record, and keep it."""
        numbered = replace(
            alert, number=self._number("alert"), precision=self._record.precision(alert.rule, self.clock)
        )
        ALERTS.labels(level=alert.level.value).inc()
        self._rows.append(("put_alert", (numbered.number, _encode(numbered))))
        return numbered

    def _number(self, name: str) -> int:
        self._marks[name] = self._marks.get(name, 0) + 1
        return self._marks[name]

    def _current(self, alert: Alert) -> Alert:
        """Bring an alert that waited up to date: how things stand, under the news it brings."""
        case = self.cases.find(alert.incident)
        if case is None:
            return alert
        if alert.unconfirmed:
            return replace(alert, state=case.state, version=case.version)
        now = draft(case, alert.at, alert.kind, alert.rule, alert.why)
        clock = alert.clock if alert.rule == due.CLOCK else now.clock
        return replace(
            now, number=alert.number, level=alert.level, previous=alert.previous, thread=alert.thread,
            precision=alert.precision, clock=clock,
        )  # fmt: skip

    # Links across areas.

    def _file(self, case: Case) -> None:
        """File a case for the links across areas, which are asked on the next five-minute boundary."""
        incident = case.update.incident
        terms = case.update.links_terms if case.shown and case.open else ()
        if self._index.put(incident, terms) and terms:
            self._touched.add(incident)
            self._link_at = (self.clock // TICK + 1) * TICK if self._link_at is None else self._link_at

    def _link(self) -> None:
        """Ask anew which incidents are about one matter, for those whose terms changed, and for both sides."""
        touched, self._touched, self._link_at = sorted(self._touched), set(), None
        joined: dict[str, set[str]] = {}
        for incident in touched:
            case = self.cases.find(incident)
            now = set(self._index.links(incident, self._update))
            before = joined.get(incident, set(case.joined) if case is not None else set())
            joined[incident] = now
            for other in sorted(now ^ before):
                theirs = self.cases.find(other)
                if theirs is not None:
                    kept = joined.setdefault(other, set(theirs.joined))
                    (kept.add if other in now else kept.discard)(incident)
        for incident, others in sorted(joined.items()):
            case = self.cases.find(incident)
            if case is not None and others != set(case.joined):
                areas = {self._area(other) for other in others} - {case.update.area}
                linked = replace(case, joined=tuple(sorted(others)), regions=len(areas) + 1)
                self._absorb(reconsider(linked, self.clock, self._bench))

    def _update(self, incident: str) -> IncidentUpdate | None:
        case = self.cases.find(incident)
        return case.update if case is not None else None

    def _joined(self, incident: str) -> tuple[str, ...]:
        case = self.cases.find(incident)
        return case.joined if case is not None else ()

    def _area(self, incident: str) -> str:
        case = self.cases.find(incident)
        return case.update.area if case is not None else ""

    # Digests.

    def _publish(self, due_now: Iterable[tuple[Person, bool]], at: int) -> None:
        for person, weekly in due_now:
            lines = digests.in_parts(self.dispatch.held(person.id), self._joined)
            if not (lines or weekly or self._empty):
                continue
            mine = [case for case in self.cases.open() if self._reads(person, case)]
            slow = digests.slow(mine, at) if weekly else ()
            if not (lines or slow or self._empty):
                continue
            kept = digests.kept_in_time(self.cases.everything(), at)
            digest = digests.write(at, lines, self.newest, self.silent, slow, kept, len(mine))
            self.dispatch.digest(digest, person)
            for alert in (alert for line in lines for alert in (line.alert, *line.parts)):
                self._list(digests.listed(alert, at), alert.number)

    def _list(self, alert: Alert, number: int) -> None:
        """Keep, once, that a digest carried an alert."""
        if number not in self._listed:
            self._listed.add(number)
            self._rows.append(("put_listed", (number,)))
            self._numbered(alert)

    def _reads(self, person: Person, case: Case) -> bool:
        return person in self.routing.readers((case.lead, *case.co_handlers), case.accused)
