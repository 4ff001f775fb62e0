"""An incident's update with what only the desk knows: its answers, what it opened again, other areas."""

from __future__ import annotations

from msgspec.structs import replace

from alerts.case import Case
from answerable.clock import DAY
from answerable.demand import Answer, DemandCount
from answerable.incident import Evidence, IncidentUpdate, Indicator, IndicatorName

__all__ = ["complete"]

_MOST = 3


def complete(case: Case) -> IncidentUpdate:
    """Return a case's update as people should read it: a demand made before the desk's answer is answered."""
    update, at = case.update, case.answered_at
    if at is not None:
        demands = tuple(_met(demand, at) for demand in update.demands)
        update = replace(update, demands=demands, answered_at=max(update.answered_at or at, at))
    if case.reopened or case.regions > 1:
        update = replace(update, indicators=tuple(_seen(mark, case) for mark in update.indicators))
    return update


def _met(demand: DemandCount, at: int) -> DemandCount:
    since = demand.waits_since
    if since is None or since > at:
        return demand
    return replace(demand, answered_at=at, again=0, again_at=None, answer=Answer.OTHER)


def _seen(mark: Indicator, case: Case) -> Indicator:
    """Add to a mark what the desk counts; its figures stand before those of the incident."""
    if mark.name is IndicatorName.DIFFICULTY and case.reopened:
        points, found = len(case.reopened), _reopenings(case)
    elif mark.name is IndicatorName.REGIONS and case.regions > 1:
        points, found = case.regions - 1, (Evidence("areas", float(case.regions), 1.0),)
    else:
        return mark
    return Indicator(mark.name, min(_MOST, mark.score + points), (*found, *mark.evidence))


def _reopenings(case: Case) -> tuple[Evidence, ...]:
    """Say how often the desk opened the case again, and how many days after its answer last."""
    at, answer = case.reopened[-1]
    times = Evidence("reopened_by_desk", float(len(case.reopened)))
    return (times, Evidence("reopened_days_after_answer", round((at - answer) / DAY, 1))) if answer else (times,)
