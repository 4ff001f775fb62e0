"""The figures of a panel by plain counting: over what the posts and updates themselves say, with no index at all."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from deploy.kibana.panel import Clause, Dates, Group, Measure, Op, Panel
from deploy.kibana.query import Rows
from tests.deploy.kibana.town import Town

__all__ = ["counted", "documents"]

Document = Mapping[str, Any]  # a name to a value, or to several


def documents(town: Town, family: str) -> list[Document]:
    """Say in plain names what each family of facts may hold, from what travelled."""
    return {"facts-posts": _posts, "facts-incidents": _incidents, "facts-ledger": _ledger, "facts-health": _health}[
        family
    ](town)


def counted(panel: Panel, every: Iterable[Document]) -> Rows:
    """Group and measure."""
    held = [one for one in every if _holds(one, panel.where)]
    return _rows(panel, held, panel.groups, ())


def _rows(panel: Panel, held: list[Document], groups: tuple[Group, ...], key: tuple[str | int, ...]) -> Rows:
    if not groups:
        return {key: tuple(_figure(one, held) for one in panel.measures)}
    parts: dict[str | int, list[Document]] = defaultdict(list)
    for one in held:
        for value in _values(one, groups[0].field):
            parts[_floor(value, groups[0]) if isinstance(groups[0], Dates) else value].append(one)
    chosen: list[str | int] = list(parts)
    if not isinstance(groups[0], Dates):
        rank: Callable[[str | int], float] = lambda value: -(_figure(panel.measures[0], parts[value]) or 0)  # noqa: E731
        chosen = sorted(chosen, key=lambda value: (rank(value), str(value)))[: groups[0].size]
    found: Rows = {}
    for value in chosen:
        found |= _rows(panel, parts[value], groups[1:], (*key, value))
    return found


def _floor(at: int, group: Dates) -> int:
    moment = datetime.fromtimestamp(at, UTC)
    first = moment.replace(minute=0, second=0) if group.every == "1h" else moment.replace(hour=0, minute=0, second=0)
    return int(first.timestamp())


def _figure(measure: Measure, held: list[Document]) -> float | None:
    held = [one for one in held if _holds(one, measure.where)]
    if measure.op is Op.COUNT:
        return len(held)
    values = [value for one in held for value in _values(one, measure.field or "")]
    match measure.op:
        case Op.SUM:
            return float(sum(values))
        case Op.DISTINCT:
            return len(set(values))
        case Op.MEDIAN:
            return statistics.median(values) if values else None
        case _:
            return float(max(values)) if values else None


def _values(one: Document, field: str) -> list[Any]:
    value = one.get(field)
    if value is None:
        return []
    return list(dict.fromkeys(value)) if isinstance(value, tuple | list) else [value]


def _holds(one: Document, clauses: Iterable[Clause]) -> bool:
    return all(map(partial(_fulfils, one), clauses))


def _fulfils(one: Document, clause: Clause) -> bool:
    values = _values(one, clause.field)
    if clause.values:
        found = any(value in clause.values for value in values)
    elif clause.least is not None:
        found = any(value >= clause.least for value in values)
    else:
        found = bool(values)
    return found is not clause.negated


def _posts(town: Town) -> list[Document]:
    found: list[Document] = []
    for item in town.posts:
        post, read = item.post, item.analysis
        shown, repeats = town.incident_of.get(post.id, (None, False))
        own = [post.place] if post.place else []
        district = next(filter(None, map(town.district_of, [*own, *(one.id for one in read.places)])), None)
        found.append(
            {
                "published_at": post.published_at, "seen_at": post.seen_at, "source": post.source,
                "kind": str(post.kind), "lang": read.lang, "area": item.area, "district": district,
                "topic": read.topics[0].id if read.topics else None, "topics": [one.id for one in read.topics],
                "sentiment": read.sentiment.label, "emotion": read.emotion.label,
                "demands": [one.category for one in read.demands], "office": read.office, "incident": shown,
                "harm": [f"{one.cls}.{one.kind}" for one in read.harm], "repeat": repeats,
            }
        )  # fmt: skip
    return found


def _incidents(town: Town) -> list[Document]:
    found: list[Document] = []
    states = {event.incident: str(event.after) for event in town.events}
    for one in town.updates:
        over, parts = str(one.change) in ("merged", "closed"), one.components
        done = states[one.incident] in ("closed", "false_alarm") if one.incident in states else over
        bare = {
            "area": one.area, "last_at": one.last_at, "opened_at": one.opened_at, "change": str(one.change),
            "shown": one.shown, "held": None if one.shown or over else one.held, "open": one.shown and not done,
        }  # fmt: skip
        told = {
            "incident": one.incident, "topics": [topic.id for topic in one.topics],
            "offices": [name for name, _ in one.offices], "sources": one.sources,
            "districts": [name for name, _ in one.districts], "kinds": [str(kind) for kind, _ in one.kinds],
            "district": town.district_of(one.title.place) if one.title.place else None,
            "demands": [demand.category for demand in one.demands],
            "unanswered": sum(demand.waits_since is not None for demand in one.demands),
            "danger": [name for name, _ in parts.danger], "posts": one.posts, "duplicates": one.duplicates,
            "authors_least": one.authors.least, "authors_most": one.authors.most,
            "figures.heat": _float(parts.heat), "figures.growth": _float(parts.growth),
            "figures.breadth": parts.breadth, "figures.effective": _float(parts.effective),
            "peak_per_hour": one.peak_per_hour, "replies": one.replies,
            **{f"indicators.{mark.name}": mark.score for mark in one.indicators},
        }  # fmt: skip
        found.append({**bare, **told} if one.shown else bare)
    return found


def _ledger(town: Town) -> list[Document]:
    return [
        {
            "incident": one.incident, "version": one.version, "at": one.at, "before": str(one.before),
            "after": str(one.after), "level": str(one.level), "area": one.area, "office": one.office,
            "waited_s": one.waited_s, "kept": one.kept, "missed": one.missed,
        }
        for one in town.events
    ]  # fmt: skip


def _health(town: Town) -> list[Document]:
    return [
        {
            "at": pulse.at,
            "process": pulse.process,
            "stage": one.stage,
            "newest_at": one.newest_at,
            "handled": one.handled,
        }
        for pulse in town.pulses
        for one in pulse.stages
    ]


def _float(value: float) -> float:
    """Round as a field of 32 bits does."""
    import struct

    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded
