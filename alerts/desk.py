"""The desk: takes in updates, lets time pass, does what people ask, hands mails over. One lock, one file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from alerts import actions, outbox
from alerts.alert import Alert
from alerts.case import Case
from alerts.checks import check
from alerts.clocks import Clocks
from alerts.compose import Composer
from alerts.entry import Action, Audit, Entry, HeldBack
from alerts.floor import Floor
from alerts.ledger import Ledger, Row
from alerts.links import Links
from alerts.names import Names
from alerts.news import news
from alerts.notify import Notifier, Outcome
from alerts.recipients import Recipients
from alerts.rules import Rule
from alerts.stages import Silence
from answerable.errors import Refused
from answerable.incident import IncidentUpdate, LedgerEvent
from answerable.post import Correction, CorrectionKind
from answerable.settings import Settings
from stream.marks import mark

__all__ = ["Desk"]

T = TypeVar("T")


class Desk:
    """Decides, remembers and tells; an `alerts.entry.OpenDesk`, safe to call from any thread.

    Time moves by `handle` and `advance` alone, and whatever is due happens at its own moment, so that many small
    steps and one large step leave the same bytes. What one call does is on disk when it returns: cases, alerts,
    mails and the position in the log together; where that fails, nothing of it happened and Unavailable is raised.
    A replay passes `empty_digests=False` (no mail that says nothing) and `reminders=False` (nobody is there to
    acknowledge). Matters opened before `cutover` are kept without a mail.
    """

    def __init__(
        self, ledger: Ledger, config: Settings, rules: Sequence[Rule], recipients: Recipients, clocks: Clocks,
        names: Names, compose: Composer, links: Links, *, parents: Mapping[str, str] | None = None,
        empty_digests: bool = True, reminders: bool = True, cutover: int = 0,
    ) -> None:  # fmt: skip
        check(config)
        self._lock = threading.RLock()
        self._ledger, self._config, self._recipients = ledger, config, recipients
        self._rows: list[Row] = []
        self._floor = Floor(
            ledger, config, rules, recipients, clocks, names, compose, links, self._rows, parents=parents or {},
            empty_digests=empty_digests, reminders=reminders, cutover=cutover,
        )  # fmt: skip
        self._positions: dict[int, int] = {}
        self._unsettled: list[Row] = []  # what became of mails while the ledger took nothing
        self._restore()

    # What time and updates do.

    def handle(self, updates: Sequence[IncidentUpdate], at: int, position: Mapping[int, int] | None = None) -> None:
        """Take in updates, in order of (at, incident, revision), and let time pass until `at`.

        `position` tells per partition up to which offset the log was handled with them. An update whose revision
        was handled before is passed over.
        """

        def work() -> None:
            for update in updates:
                self._floor.take(update)
            self._floor.advance(at)
            for part, reached in sorted((position or {}).items()):
                self._positions[part] = max(reached, self._positions.get(part, 0))
                self._rows.append(("put_position", (part, reached)))

        self._do(work)

    def advance(self, now: int) -> None:
        """Let time pass until `now`: clocks, escalations, digests, links across areas, each at its moment."""
        self._do(lambda: self._floor.advance(now))

    def next_due(self) -> int | None:
        """Return the next moment at which `advance` has something to do; None before anything came."""
        with self._lock:
            return self._floor.next_due()

    def queued(self) -> int:
        """Return how many mails have not gone out."""
        with self._lock:
            return self._ledger.queued()

    def positions(self) -> dict[int, int]:
        """Return per partition the offset from which to go on reading."""
        with self._lock:
            return dict(self._positions)

    def health(self, newest: Sequence[tuple[str, int]], silent: Sequence[str]) -> None:
        """Tell the desk what digests say of the pipeline: per stage the newest post's time, and silent sources."""
        with self._lock:
            self._floor.newest, self._floor.silent = tuple(newest), tuple(silent)

    # What people do.

    def entries(self) -> list[Entry]:
        """Return every shown incident, highest level first, then newest activity, then id."""
        with self._lock:
            return [self._floor.entry(case) for case in self._floor.cases.visible()]

    def held(self) -> list[HeldBack]:
        """Return every open group that the gate holds back, newest activity first, then by group."""
        with self._lock:
            return self._floor.held()

    def entry(self, incident: str) -> Entry | None:
        """Return one shown incident, or None."""
        with self._lock:
            case = self._floor.cases.find(incident)
            return self._floor.entry(case) if case is not None and case.visible else None

    def act(self, action: Action, now: int) -> Entry:
        """Do what a person asks; raise Refused where the version moved on, the state forbids it, or a rule does."""

        def work() -> Case:
            at = max(now, self._floor.clock)
            done = actions.act(self._visible(action.incident), action, self._floor.routing, self._recipients, at)
            self._note(action.who, at, done.event.text, f"{action.incident} → {action.to.value}")
            return self._floor.acted(done, at)

        with self._lock:
            self.advance(now)
            return self._floor.entry(self._do(work))

    def correct(self, incident: str, kind: CorrectionKind, value: str, who: str, why: str, now: int) -> Correction:
        """Record that a person corrects the machine; the caller appends the correction to the log."""

        def work() -> Correction:
            case = self._visible(incident)
            if not value.strip() or not why.strip():
                raise Refused("a correction needs its new value and a reason")
            if kind is CorrectionKind.MERGE and (value == incident or self._floor.cases.find(value) is None):
                raise Refused(f"there is no other incident {value!r} to merge with")
            if kind is CorrectionKind.OFFICE:
                case = self._reassigned(case, value)
            text = f"corrected {kind.value}: {value} ({why})"
            self._floor.keep(case, actions.event(case, who, now, before=case.state, text=text))
            self._note(who, now, why, f"{incident}: {kind.value} = {value}")
            return Correction(
                incident=incident, area=case.update.area, kind=kind, value=value, who=who, why=why, at=now
            )

        return self._do(work)

    def confirm(self, incident: str, clock: str, who: str, now: int) -> Entry:
        """Record that a person accepts the proposed class of a clock, by the clock's name."""

        def work() -> Case:
            case = self._visible(incident)
            if all(running.clock.name != clock for running in case.clocks):
                raise Refused(f"no clock {clock!r} runs on this incident")
            clocks = tuple(
                replace(run, clock=replace(run.clock, confirmed=True)) if run.clock.name == clock else run
                for run in case.clocks
            )
            case = replace(case, clocks=clocks)
            self._floor.keep(case, actions.event(case, who, now, before=case.state, text=f"confirmed: {clock}"))
            return case

        with self._lock:
            return self._floor.entry(self._do(work))

    def silence(self, silence: Silence, now: int) -> None:
        """Let an incident, topic or area go to digests only, until a time; danger is never silenced."""

        def work() -> None:
            self._floor.dispatch.silence(silence)
            self._note(silence.who, now, silence.why, f"silence {silence.about} until {silence.until}")

        self._do(work)

    def audit(self, audit: Audit) -> None:
        """Append durably that full texts were read."""
        self._do(lambda: self._rows.append(self._ledger.audit_row(audit)))

    def audits(self) -> list[Audit]:
        """Return the audit log, oldest first."""
        with self._lock:
            return list(self._ledger.audits())

    def audit_head(self) -> str:
        """Return the hash that stands for the whole audit log; an auditor keeps it daily."""
        with self._lock:
            return self._ledger.audit_head()

    def first_altered(self) -> int | None:
        """Return the number of the first line of the audit log that was altered, or None."""
        with self._lock:
            return self._ledger.first_altered()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._ledger.close()

    # What goes out.

    def deliver(self, notifier: Notifier, now: int) -> int:
        """Hand over every mail that is due, outside the lock; return how many were sent.

        Each is settled before the next is tried, so that a crash can repeat one mail only, with its Message-ID. What
        the ledger cannot take down now is remembered and taken down first the next time, not sent again.
        """
        self._settle()
        sent = 0
        while batch := self._due(now):
            for mail in batch:
                outcome = notifier.send(outbox.envelope(mail))
                sent += outcome is Outcome.SENT
                mark("mail handed over")
                self._settle(outbox.settled(mail, outcome, now))
        return sent

    def alerts(self, since: int = 0) -> Iterator[Alert]:
        """Return every alert with a number above `since`, in order."""
        with self._lock:
            return self._ledger.alerts(since)

    def ledger_events(self, since: int = 0) -> Iterator[tuple[int, LedgerEvent]]:
        """Return every ledger event with a number above `since`, with that number, in order."""
        with self._lock:
            return self._ledger.events(since)

    def news(self) -> list[IncidentUpdate]:
        """Return once what changed of shown incidents, as `alerts.news` tells it; at first, all recent ones."""
        with self._lock:
            return news(self._floor.cases, self._floor.clock, self._config.retention)

    def _due(self, now: int) -> list[outbox.Mail]:
        with self._lock:
            return self._ledger.due(now, outbox.BATCH)

    def _settle(self, *rows: Row) -> None:
        """Take down what became of mails, after what could not be taken down before."""
        with self._lock:
            self._unsettled += rows
            if self._unsettled:
                self._ledger.commit(self._unsettled)
                self._unsettled.clear()

    def _visible(self, incident: str) -> Case:
        case = self._floor.cases.find(incident)
        if case is None or not case.visible:
            raise Refused(f"there is no incident {incident}")
        return case

    def _reassigned(self, case: Case, office: str) -> Case:
        if office not in self._floor.routing.offices or office in case.accused:
            raise Refused(f"{office!r} is no office that can handle this")
        return replace(case, lead=office, lead_now=office, version=case.version + 1)

    def _note(self, who: str, at: int, reason: str, what: str) -> None:
        self._rows.append(self._ledger.audit_row(Audit(who=who, at=at, reason=reason, query=what)))

    def _do(self, work: Callable[[], T]) -> T:
        """Work under the lock and keep the rows it made; where anything fails, go back to what the file says."""
        with self._lock:
            kept = False
            try:
                result = work()
                self._floor.flush()
                if self._rows:
                    self._ledger.commit(self._rows)
                kept = True
                return result
            finally:
                undo = not kept and (bool(self._rows) or self._floor.cases.changed)  # a refusal changed nothing
                self._rows.clear()
                if undo:
                    self._restore()

    def _restore(self) -> None:
        stored = self._ledger.load()
        self._positions = dict(stored.positions)
        self._floor.restore(stored)
