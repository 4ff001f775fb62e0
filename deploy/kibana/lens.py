"""A panel as Lens keeps it: columns, their order, and how they are drawn."""

from __future__ import annotations

from typing import Any

from deploy.kibana.panel import Dates, Group, Kind, Lang, Measure, Op, Panel
from deploy.kibana.query import kql

__all__ = ["RECORDS", "attributes", "layer_reference"]

Json = dict[str, Any]
RECORDS = "___records___"
_AXES = ("x", "yLeft", "yRight")


def attributes(panel: Panel, view_id: str, lang: Lang, dates: frozenset[str]) -> Json:
    """Return what stands in a panel by value; `dates` are the view's fields of time."""
    return {
        "title": panel.title.of(lang),
        "description": "",
        "visualizationType": "lnsXY" if panel.kind in (Kind.BARS, Kind.LINES) else panel.kind.value,
        "type": "lens",
        "references": [{"type": "index-pattern", "id": view_id, "name": layer_reference(panel)}],
        "state": {
            "visualization": _drawn(panel),
            "query": {"query": kql(panel.where), "language": "kuery"},
            "filters": [],
            "datasourceStates": {
                "formBased": {"layers": {_layer(panel): _columns(panel, lang, dates)}},
                "indexpattern": {"layers": {}},
                "textBased": {"layers": {}},
            },
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def layer_reference(panel: Panel) -> str:
    """Return the name under which a panel's layer refers to its data view."""
    return f"indexpattern-datasource-layer-{_layer(panel)}"


def _layer(panel: Panel) -> str:
    return f"{panel.id}-layer"


def _group_ids(panel: Panel) -> list[str]:
    return [f"{panel.id}-group-{number}" for number, _ in enumerate(panel.groups)]


def _measure_ids(panel: Panel) -> list[str]:
    return [f"{panel.id}-measure-{number}" for number, _ in enumerate(panel.measures)]


def _columns(panel: Panel, lang: Lang, dates: frozenset[str]) -> Json:
    first = _measure_ids(panel)[0]
    groups = {id: _group(one, first, lang) for id, one in zip(_group_ids(panel), panel.groups, strict=True)}
    measures = {id: _measure(one, lang, dates) for id, one in zip(_measure_ids(panel), panel.measures, strict=True)}
    columns = groups | measures
    return {"columns": columns, "columnOrder": list(columns), "incompleteColumns": {}, "sampling": 1}


def _group(group: Group, first: str, lang: Lang) -> Json:
    shared = {"label": group.label.of(lang), "customLabel": True, "sourceField": group.field, "isBucketed": True}
    if isinstance(group, Dates):
        params: Json = {"interval": group.every, "includeEmptyRows": True, "dropPartials": False}
        return shared | {
            "dataType": "date", "operationType": "date_histogram", "scale": "interval", "params": params,
        }  # fmt: skip
    params = {
        "size": group.size, "orderBy": {"type": "column", "columnId": first}, "orderDirection": "desc",
        "accuracyMode": True, "otherBucket": False, "missingBucket": False, "parentFormat": {"id": "terms"},
        "include": [], "exclude": [], "includeIsRegex": False, "excludeIsRegex": False,
    }  # fmt: skip
    return shared | {"dataType": "string", "operationType": "terms", "scale": "ordinal", "params": params}


def _measure(measure: Measure, lang: Lang, dates: frozenset[str]) -> Json:
    field = RECORDS if measure.field is None else measure.field
    column: Json = {
        "label": measure.label.of(lang), "customLabel": True, "dataType": "date" if field in dates else "number",
        "operationType": measure.op.value, "isBucketed": False, "scale": "ratio", "sourceField": field,
        "params": {"emptyAsNull": measure.op not in (Op.COUNT, Op.SUM, Op.DISTINCT)},
    }  # fmt: skip
    if measure.where:
        column["filter"] = {"query": kql(measure.where), "language": "kuery"}
    return column


def _drawn(panel: Panel) -> Json:
    match panel.kind:
        case Kind.NUMBER:
            return {"layerId": _layer(panel), "layerType": "data", "metricAccessor": _measure_ids(panel)[0]}
        case Kind.TABLE:
            groups = [{"columnId": id, "isTransposed": False, "isMetric": False} for id in _group_ids(panel)]
            measures = [{"columnId": id, "isTransposed": False, "isMetric": True} for id in _measure_ids(panel)]
            return {"layerId": _layer(panel), "layerType": "data", "columns": [*groups, *measures]}
        case _:
            return _axes(panel)


def _axes(panel: Panel) -> Json:
    *split, along = _group_ids(panel)
    layer = {
        "layerId": _layer(panel), "accessors": _measure_ids(panel), "position": "top", "showGridlines": False,
        "seriesType": panel.kind.value, "layerType": "data", "xAccessor": along,
    }  # fmt: skip
    if split:
        layer["splitAccessor"] = split[0]
    shown = dict.fromkeys(_AXES, True)
    return {
        "legend": {"isVisible": True, "position": "right"}, "valueLabels": "hide", "fittingFunction": "None",
        "axisTitlesVisibilitySettings": shown, "tickLabelsVisibilitySettings": shown,
        "labelsOrientation": dict.fromkeys(_AXES, 0), "gridlinesVisibilitySettings": shown,
        "preferredSeriesType": panel.kind.value, "layers": [layer],
    }  # fmt: skip
