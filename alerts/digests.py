"""The digest of one reader, and which incidents burn slowly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from alerts.alert import Alert, AlertKind, Digest, DigestLine
from alerts.case import Case
from alerts.joined import gathered
from alerts.judge import draft
from alerts.levels import evidence, unanswered_since
from answerable.clock import DAY, HOUR
from answerable.incident import Evidence, Level, State

__all__ = ["in_parts", "is_weekly", "kept_in_time", "listed", "slow", "write"]

_SLOW_WAIT, _SLOW_WEEKS, _SLOW_WITHIN, _SLOW_ALIVE = 14 * DAY, 3, 63 * DAY, 45 * DAY
_SLOW_MOST = 20
_OVER = frozenset({State.ANSWERED, State.CLOSED, State.FALSE_ALARM})
_WEEK = 7 * DAY


def is_weekly(at: int, times: tuple[int, ...], zone: ZoneInfo) -> bool:
    """Tell whether a digest is the first of a Monday, which lists the slow-burning grievances."""
    local = datetime.fromtimestamp(at, zone)
    return local.weekday() == 0 and local.hour * 60 + local.minute == min(times)


def slow(cases: Iterable[Case], at: int) -> tuple[Alert, ...]:
    """Return what residents tell week after week without an answer or an alert, the longest waiting first."""
    waiting = []
    for case in cases:
        since = unanswered_since(case.update, case.answered_at)
        if since is not None and at - since >= _SLOW_WAIT and _burns_slowly(case, at):
            waiting.append((since, case.update.incident, case))
    return tuple(
        draft(case, at, AlertKind.DIGEST, "slow", _figures(case, at, since))
        for since, _, case in sorted(waiting, key=lambda item: item[:2])[:_SLOW_MOST]
    )


def _burns_slowly(case: Case, at: int) -> bool:
    """Tell whether a case is open, seen, told of in three of nine weeks, not silent, and never mailed at once."""
    told = case.told is not None and case.told.level.rank >= Level.ORANGE.rank
    alive = at - case.update.last_at <= _SLOW_ALIVE
    return case.shown and case.open and not told and alive and len(_weeks(case, at)) >= _SLOW_WEEKS


def _weeks(case: Case, at: int) -> list[int]:
    return [week for week, residents in case.update.weekly if residents and at - week <= _SLOW_WITHIN]


def _figures(case: Case, at: int, since: int) -> tuple[Evidence, ...]:
    """Say how long it waits and in how many weeks residents told of it."""
    return evidence("unanswered_hours", (at - since) // HOUR), evidence("weeks", len(_weeks(case, at)))


def kept_in_time(cases: Iterable[Case], at: int) -> int:
    """Return how many clocks of the last seven days were kept."""
    return sum(
        running.kept_at is not None and running.kept_at <= running.clock.due_at and at - running.kept_at <= _WEEK
        for case in cases
        for running in case.clocks
    )


def in_parts(lines: Sequence[DigestLine], joined: Callable[[str], Collection[str]]) -> tuple[DigestLine, ...]:
    """Make one line of what is one matter in several areas: its first line, with the others as parts.

    `joined` names the incidents of other areas that are about the same matter as one. What is over, answered or told
    by one person keeps a line of its own.
    """
    told = {line.alert.incident: line for line in lines if _stands(line.alert)}
    areas = {incident: line.alert.update.area for incident, line in told.items()}
    matters = {matter[0]: matter[1:] for matter in gathered({incident: joined(incident) for incident in told}, areas)}
    return tuple(
        replace(line, parts=tuple(told[other].alert for other in matters.get(line.alert.incident, ())))
        for line in lines
        if line.alert.incident not in told or line.alert.incident in matters
    )


def _stands(alert: Alert) -> bool:
    over = alert.kind in (AlertKind.CLOSE, AlertKind.MERGE) or alert.state in _OVER
    return not (over or alert.unconfirmed)


def listed(alert: Alert, at: int) -> Alert:
    """Return the alert that says that a digest carried what was held."""
    return Alert(
        number=0, at=at, incident=alert.incident, kind=AlertKind.DIGEST, level=alert.level, previous=alert.previous,
        thread=alert.thread, rule=alert.rule, why=alert.why, update=alert.update, state=alert.state,
        version=alert.version, lead=alert.lead, co_handlers=alert.co_handlers, supervision=alert.supervision,
    )  # fmt: skip


def write(
    at: int, lines: tuple[DigestLine, ...], newest: Iterable[tuple[str, int]], silent: tuple[str, ...],
    weekly: tuple[Alert, ...], kept: int, open_count: int,
) -> Digest:  # fmt: skip
    """Return a digest; `newest` tells per stage when the newest handled post was seen."""
    ages = tuple((stage, max(0, at - seen)) for stage, seen in newest)
    return Digest(
        at=at, lines=lines, ages=ages, silent=silent, slow=weekly, answered_in_time=kept, open_count=open_count
    )
