"""What a panel asks of Elasticsearch, and the figures in the answer; Lens asks the same of the same description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.kibana.fields import fields
from deploy.kibana.panel import Clause, Dates, Group, Measure, Op, Panel

__all__ = ["Row", "Rows", "asked", "kql", "rows"]

Body = dict[str, Any]  # a node of the query language
Row = tuple[str | int, ...]
Rows = dict[Row, tuple[float | None, ...]]
_SHARD_SIZE = 1000  # what Lens asks each shard for where it is told to be accurate; a month of posts is a shard
_OPS = {Op.SUM: "sum", Op.MAX: "max", Op.DISTINCT: "cardinality"}


def asked(panel: Panel, since: int, until: int, zone: str = "UTC") -> Body:
    """Return the body of a search for a panel's figures; times are seconds, half open, days begin in `zone`."""
    bounds = {"gte": since, "lt": until, "format": "epoch_second"}
    query = _all((*map(_clause, panel.where), {"range": {panel.view.time: bounds}}))
    return {"size": 0, "track_total_hits": True, "query": query, "aggs": _aggs(panel, panel.groups, zone)}


def rows(panel: Panel, answer: Mapping[str, Any]) -> Rows:
    """Return the figures by the values of the groups; a moment is its first second, and empty groups are left out.

    Without groups there is one row, of the empty key.
    """
    whole = {"doc_count": answer["hits"]["total"]["value"], **answer.get("aggregations", {})}
    return dict(_rows(panel, panel.groups, (), whole))


def kql(clauses: tuple[Clause, ...]) -> str:
    """Write clauses in Kibana's own language.

    >>> kql((Clause("kind", ("letter", "news"), negated=True), Clause("shown", (True,)), Clause("posts", least=5)))
    'not kind: ("letter" or "news") and shown: true and posts >= 5'
    """
    return " and ".join(map(_said, clauses))


def _said(clause: Clause) -> str:
    words = ["true" if value is True else f'"{value}"' for value in clause.values]
    text = f"{clause.field}: {words[0] if len(words) == 1 else '(' + ' or '.join(words) + ')'}" if words else ""
    text = text or (f"{clause.field}: *" if clause.least is None else f"{clause.field} >= {clause.least}")
    return f"not {text}" if clause.negated else text


def _clause(clause: Clause) -> Body:
    if clause.values:
        found: Body = {"terms": {clause.field: list(clause.values)}}
    elif clause.least is not None:
        found = {"range": {clause.field: {"gte": clause.least}}}
    else:
        found = {"exists": {"field": clause.field}}
    return {"bool": {"must_not": [found]}} if clause.negated else found


def _all(clauses: tuple[Body, ...]) -> Body:
    return {"bool": {"filter": list(clauses)}}


def _aggs(panel: Panel, groups: tuple[Group, ...], zone: str) -> Body:
    measures = {f"m{number}": _measure(one) for number, one in enumerate(panel.measures)}
    if not groups:
        return {name: body for name, body in measures.items() if body}
    return {"group": {**_group(panel, groups[0], zone), "aggs": _aggs(panel, groups[1:], zone) | _order(panel)}}


def _group(panel: Panel, group: Group, zone: str) -> Body:
    if isinstance(group, Dates):
        every = {"1h": "hour", "1d": "day"}[group.every]
        return {"date_histogram": {"field": group.field, "calendar_interval": every, "time_zone": zone}}
    by = _leading(panel)
    order = [{by: "desc"}, {"_key": "asc"}]
    return {"terms": {"field": group.field, "size": group.size, "shard_size": _SHARD_SIZE, "order": order}}


def _leading(panel: Panel) -> str:
    """Name what the largest groups are the largest of: the first measure."""
    first = panel.measures[0]
    if first.op is Op.COUNT and not first.where:
        return "_count"
    name = "m0>f" if first.where and first.op is not Op.COUNT else "m0"
    return f"{name}.50" if first.op is Op.MEDIAN else name


def _order(panel: Panel) -> Body:
    """Return the first measure, by which a group is ordered at every depth."""
    body = _measure(panel.measures[0])
    return {"m0": body} if body else {}


def _measure(measure: Measure) -> Body:
    bare = _bare(measure)
    if not measure.where:
        return bare
    return {"filter": _all(tuple(map(_clause, measure.where)))} | ({"aggs": {"f": bare}} if bare else {})


def _bare(measure: Measure) -> Body:
    match measure.op:
        case Op.COUNT:
            return {}
        case Op.MEDIAN:
            return {"percentiles": {"field": measure.field, "percents": [50]}}
        case _:
            return {_OPS[measure.op]: {"field": measure.field}}


def _rows(
    panel: Panel, groups: tuple[Group, ...], key: Row, found: Mapping[str, Any]
) -> Iterator[tuple[Row, tuple[float | None, ...]]]:
    if not groups:
        yield key, tuple(_figure(panel, number, found) for number, _ in enumerate(panel.measures))
        return
    for bucket in found["group"]["buckets"]:
        if bucket["doc_count"]:
            value = bucket["key"] // 1000 if isinstance(groups[0], Dates) else bucket["key"]
            yield from _rows(panel, groups[1:], (*key, value), bucket)


def _figure(panel: Panel, number: int, found: Mapping[str, Any]) -> float | None:
    measure, inner = panel.measures[number], found.get(f"m{number}", found)
    if measure.op is Op.COUNT:
        count: float = inner["doc_count"]
        return count
    inner = inner["f"] if measure.where else inner
    value: float | None = inner["values"]["50.0"] if measure.op is Op.MEDIAN else inner["value"]
    moment = measure.op is Op.MAX and fields(panel.view.family)[measure.field or ""].type == "date"
    return value if value is None or not moment else value / 1000
