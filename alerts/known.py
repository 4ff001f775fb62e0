"""An incident's update with what only the desk knows: its answers, what it opened again, other areas."""

from __future__ import annotations

from msgspec.structs import replace

from alerts.case import Case
from answerable.clock import DAY
from answerable.demand import Answer, DemandCount
from answerable.incident import Evidence, IncidentUpdate, Indicator, IndicatorName
from incidents.indicators import AGES, score

__all__ = ["complete"]

_MOST = 3


def complete(case: Case) -> IncidentUpdate:
    """Return a case's update as people should read it: a demand made before the desk's answer is answered."""
    update, at = case.update, case.answered_at
    if at is not None:
        demands = tuple(_met(demand, at) for demand in update.demands)
        update = replace(update, demands=demands, answered_at=max(update.answered_at or at, at))
    if at is not None or case.reopened or case.regions > 1:
        update = replace(update, indicators=tuple(_seen(mark, case, update) for mark in update.indicators))
    return update


def _met(demand: DemandCount, at: int) -> DemandCount:
    since = demand.waits_since
    if since is None or since > at:
        return demand
    return replace(demand, answered_at=at, again=0, again_at=None, answer=Answer.OTHER)


def _seen(mark: Indicator, case: Case, update: IncidentUpdate) -> Indicator:
    """Add to a mark what the desk counts; its figures stand before those of the incident."""
    if mark.name is IndicatorName.UNMET and case.answered_at is not None:
        return _unmet(mark, update)
    if mark.name is IndicatorName.DIFFICULTY and case.reopened:
        points, found = len(case.reopened), _reopenings(case)
    elif mark.name is IndicatorName.REGIONS and case.regions > 1:
        points, found = case.regions - 1, (Evidence("areas", float(case.regions), 1.0),)
    else:
        return mark
    return Indicator(mark.name, min(_MOST, mark.score + points), (*found, *mark.evidence))


def _unmet(mark: Indicator, update: IncidentUpdate) -> Indicator:
    """Weigh how long demands wait once the desk's answer is known; the other figures stay."""
    waiting = [since for demand in update.demands if (since := demand.waits_since) is not None]
    age = update.at - min(waiting, default=update.at)
    anew = {"oldest_unanswered_days": round(age / DAY, 1), "unanswered_demands": float(len(waiting))}
    kept = tuple(replace(item, value=anew.get(item.name, item.value)) for item in mark.evidence)
    return Indicator(mark.name, min(mark.score, score(age, AGES)), kept)


def _reopenings(case: Case) -> tuple[Evidence, ...]:
    """Say how often the desk opened the case again, and how many days after its answer last."""
    at, answer = case.reopened[-1]
    times = Evidence("reopened_by_desk", float(len(case.reopened)))
    return (times, Evidence("reopened_days_after_answer", round((at - answer) / DAY, 1))) if answer else (times,)
