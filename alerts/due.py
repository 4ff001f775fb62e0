"""What becomes due on a case by time alone: reminders of clocks, nobody acknowledged, a grievance that waits."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from alerts.actions import event
from alerts.alert import Alert, AlertKind
from alerts.case import Case, Running
from alerts.judge import Bench, Verdict, draft, reconsider
from alerts.levels import UNANSWERED, evidence, unanswered_since
from answerable.clock import DAY, HOUR
from answerable.incident import LedgerEvent, Level, State

__all__ = ["ASSIGNED", "CLOCK", "RETURNED", "UNACKNOWLEDGED", "Patience", "check", "next_check"]

CLOCK, UNACKNOWLEDGED, RETURNED, ASSIGNED = "clock", "unacknowledged", "returned", "assigned"


class Patience(Struct, frozen=True):
    """How long the desk waits: `repeat` seconds for an acknowledgement; `remind` False sends no reminders."""

    repeat: int
    remind: bool = True


def next_check(case: Case, patience: Patience) -> int | None:
    """Return the next instant at which time alone may change a case, or None."""
    moments = [*_reminder_times(case), *_waiting_times(case)]
    if patience.remind and (moment := _escalation(case, patience)) is not None:
        moments.append(moment)
    return min(moments, default=None)


def check(case: Case, at: int, bench: Bench, patience: Patience) -> Verdict:
    """Do all that is due on a case by `at`: its level, its clocks, its escalation, in this order."""
    verdict = Verdict(case)
    if any(moment <= at for moment in _waiting_times(case)):
        verdict = reconsider(case, at, bench)
    verdict = _reminded(verdict, at, patience)
    moment = _escalation(verdict.case, patience)
    if patience.remind and moment is not None and moment <= at:
        case = verdict.case
        hours = round((at - case.told_at) / HOUR, 2)
        why = (evidence("unacknowledged_hours", hours, round(patience.repeat / HOUR, 2)),)
        alert = draft(case, at, AlertKind.UPDATE, UNACKNOWLEDGED, why)
        verdict = Verdict(
            replace(case, escalated=case.thread),
            (*verdict.alerts, alert),
            (*verdict.events, event(case, "desk", at, before=case.state, text="nobody acknowledged: escalated")),
        )
    return verdict


def _waiting_times(case: Case) -> list[int]:
    """Return the next instant at which unanswered time gives more points; only shown, open cases wait."""
    if not (case.shown and case.open):
        return []
    since = unanswered_since(case.update, case.answered_at)
    if since is None:
        return []
    steps = (since + int(days * DAY) for days, _ in UNANSWERED)
    return [moment for moment in steps if moment > case.judged_at][:1]


def _reminder_times(case: Case) -> list[int]:
    if not case.open or case.answered_at is not None:
        return []
    return [
        moment for running in case.clocks if running.kept_at is None
        for percent, moment in running.reminders if percent > running.reminded
    ]  # fmt: skip


def _escalation(case: Case, patience: Patience) -> int | None:
    waits = case.state is State.NEW and case.escalated < case.thread and case.update.merged_into is None
    told = case.told
    if not waits or told is None or told.level.rank < Level.ORANGE.rank:
        return None
    return case.told_at + patience.repeat


def _reminded(verdict: Verdict, at: int, patience: Patience) -> Verdict:
    """Remind of each clock at its latest percentage; a clock that ran out is recorded as missed."""
    case, alerts, events = verdict.case, list[Alert](), list[LedgerEvent]()
    if not _reminder_times(case):
        return verdict
    clocks = list(case.clocks)
    for index, running in enumerate(clocks):
        percent = _passed(running, at)
        if percent is None:
            continue
        clocks[index] = replace(running, reminded=percent)
        if percent >= 100:
            missed = event(case, "desk", at, before=case.state, text=f"missed: {running.clock.name}")
            events.append(replace(missed, missed=1))
        if patience.remind:
            alert = draft(case, at, AlertKind.UPDATE, CLOCK, (evidence("clock.percent", percent, 100),))
            alerts.append(replace(alert, clock=running.clock))
    after = replace(case, clocks=tuple(clocks))
    return Verdict(after, (*verdict.alerts, *alerts), (*verdict.events, *events))


def _passed(running: Running, at: int) -> int | None:
    """Return the highest percentage that passed without a reminder, or None."""
    if running.kept_at is not None:
        return None
    passed = [percent for percent, moment in running.reminders if moment <= at and percent > running.reminded]
    return max(passed, default=None)
