"""The forms that saved objects have in exports of the floor's versions, in words of our own: keys, kinds of values.

A key that stands in none of them is refused, so that nothing is written that Kibana itself does not write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from answerable.strict import nearest

__all__ = ["CLOSING", "OBJECTS", "Fault", "Shape", "faults"]


class Shape(Struct, frozen=True):
    """What may stand somewhere; a `kind` of map is an object of any keys, packed is JSON in a text."""

    kind: str
    keys: Mapping[str, Shape] = {}
    more: Mapping[str, Shape] = {}
    inner: Shape | None = None
    words: tuple[str, ...] = ()


class Fault(Struct, frozen=True):
    """What is wrong where, and what to write instead."""

    key: str
    what: str
    repair: str


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict, "map": dict, "list": list, "text": str, "packed": str, "number": (int, float),
    "whole": int, "flag": bool,
}  # fmt: skip
_ANY, _TEXT, _NUMBER, _FLAG = Shape("any"), Shape("text"), Shape("number"), Shape("flag")


def _object(keys: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    return Shape("object", keys, more or {})


def _list(inner: Shape) -> Shape:
    return Shape("list", inner=inner)


def _map(inner: Shape) -> Shape:
    return Shape("map", inner=inner)


def _packed(inner: Shape) -> Shape:
    return Shape("packed", inner=inner)


def _word(*words: str) -> Shape:
    return Shape("text", words=words)


_QUERY = _object({"query": _TEXT, "language": _word("kuery")})
_REFERENCE = _object({"id": _TEXT, "name": _TEXT, "type": _word("index-pattern")})
_ORDER = _object({"type": _word("column"), "columnId": _TEXT})
_PARAMS = _object(
    {},
    {
        "size": _NUMBER, "orderBy": _ORDER, "orderDirection": _word("asc", "desc"), "otherBucket": _FLAG,
        "missingBucket": _FLAG, "parentFormat": _object({"id": _TEXT}), "include": _list(_TEXT),
        "exclude": _list(_TEXT),
        "includeIsRegex": _FLAG, "excludeIsRegex": _FLAG, "accuracyMode": _FLAG, "interval": _TEXT,
        "includeEmptyRows": _FLAG, "dropPartials": _FLAG, "emptyAsNull": _FLAG,
    },
)  # fmt: skip
_COLUMN = _object(
    {
        "label": _TEXT, "dataType": _word("string", "number", "date"), "isBucketed": _FLAG, "sourceField": _TEXT,
        "operationType": _word("terms", "date_histogram", "count", "sum", "max", "median", "unique_count"),
    },
    {
        "scale": _word("ordinal", "interval", "ratio"), "customLabel": _FLAG, "params": _PARAMS, "filter": _QUERY,
    },
)  # fmt: skip
_LAYER = _object(
    {"columns": _map(_COLUMN), "columnOrder": _list(_TEXT)},
    {"indexPatternId": _TEXT, "incompleteColumns": _map(_ANY), "sampling": _NUMBER, "ignoreGlobalFilters": _FLAG},
)
_SIDES = _object({"x": _ANY, "yLeft": _ANY, "yRight": _ANY})
_XY_LAYER = _object(
    {
        "layerId": _TEXT, "layerType": _word("data"), "seriesType": _word("line", "bar_stacked"),
        "accessors": _list(_TEXT),
    },
    {"xAccessor": _TEXT, "splitAccessor": _TEXT, "position": _word("top"), "showGridlines": _FLAG},
)  # fmt: skip
_XY = _object(
    {"preferredSeriesType": _TEXT, "layers": _list(_XY_LAYER)},
    {
        "legend": _object({"isVisible": _FLAG, "position": _TEXT}), "valueLabels": _word("hide", "show"),
        "fittingFunction": _word("None", "Linear"), "axisTitlesVisibilitySettings": _SIDES,
        "tickLabelsVisibilitySettings": _SIDES, "gridlinesVisibilitySettings": _SIDES, "labelsOrientation": _SIDES,
    },
)  # fmt: skip
_TABLE = _object(
    {
        "layerId": _TEXT, "layerType": _word("data"),
        "columns": _list(_object({"columnId": _TEXT}, {"isTransposed": _FLAG, "isMetric": _FLAG})),
    }
)  # fmt: skip
_METRIC = _object({"layerId": _TEXT, "layerType": _word("data"), "metricAccessor": _TEXT})
_DRAWN = {"lnsXY": _XY, "lnsDatatable": _TABLE, "lnsMetric": _METRIC}
_SOURCES = _object(
    {"formBased": _object({"layers": _map(_LAYER)})},
    {name: _object({"layers": _map(_ANY)}) for name in ("indexpattern", "textBased")},
)
_STATE = _object(
    {"visualization": _ANY, "query": _QUERY, "filters": _list(_ANY), "datasourceStates": _SOURCES},
    {"internalReferences": _list(_ANY), "adHocDataViews": _map(_ANY)},
)
_LENS = _object(
    {
        "title": _TEXT, "type": _word("lens"), "visualizationType": _word(*_DRAWN), "references": _list(_REFERENCE),
        "state": _STATE,
    },
    {"description": _TEXT},
)  # fmt: skip
_PANEL = _object(
    {
        "type": _word("lens"), "panelIndex": _TEXT,
        "gridData": _object(dict.fromkeys(("x", "y", "w", "h"), Shape("whole")) | {"i": _TEXT}),
        "embeddableConfig": _object({"attributes": _LENS, "enhancements": _map(_ANY)}, {"hidePanelTitles": _FLAG}),
    },
    {"title": _TEXT},
)  # fmt: skip
_OPTIONS = _object(
    dict.fromkeys(("useMargins", "syncColors", "syncCursor", "syncTooltips", "hidePanelTitles"), _FLAG)
)
_CONTROL = _object(
    {
        "type": _word("optionsListControl"), "order": _NUMBER, "grow": _FLAG,
        "width": _word("small", "medium", "large"),
        "explicitInput": _object(
            {"fieldName": _TEXT, "title": _TEXT},
            {
                "id": _TEXT, "dataViewId": _TEXT, "selectedOptions": _list(_TEXT),
                "searchTechnique": _word("prefix", "wildcard", "exact"),
                "sort": _object({"by": _word("_count", "_key"), "direction": _word("asc", "desc")}),
            },
        ),
    }
)  # fmt: skip
_IGNORED = _object(dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), _FLAG))
_CONTROLS = _object(
    {
        "chainingSystem": _word("HIERARCHICAL", "NONE"), "controlStyle": _word("oneLine", "twoLine"),
        "ignoreParentSettingsJSON": _packed(_IGNORED), "panelsJSON": _packed(_map(_CONTROL)),
        "showApplySelections": _FLAG,
    }
)  # fmt: skip
_DASHBOARD = _object(
    {
        "title": _TEXT, "description": _TEXT, "panelsJSON": _packed(_list(_PANEL)), "optionsJSON": _packed(_OPTIONS),
        "timeRestore": _FLAG,
        "kibanaSavedObjectMeta": _object(
            {"searchSourceJSON": _packed(_object({"query": _QUERY, "filter": _list(_ANY)}))}
        ),
    },
    {
        "version": _NUMBER, "timeFrom": _TEXT, "timeTo": _TEXT, "controlGroupInput": _CONTROLS,
        "refreshInterval": _object({"pause": _FLAG, "value": _NUMBER}),
    },
)  # fmt: skip
_VIEW = _object(
    {"title": _TEXT, "timeFieldName": _TEXT, "name": _TEXT},
    {
        **dict.fromkeys(("fieldAttrs", "fieldFormatMap", "runtimeFieldMap"), _packed(_map(_ANY))),
        **dict.fromkeys(("fields", "sourceFilters"), _packed(_list(_ANY))),
        "allowHidden": _FLAG, "allowNoIndex": _FLAG,
    },
)  # fmt: skip


def _saved(attributes: Shape, form: str) -> Shape:
    return _object(
        {
            "id": _TEXT, "type": _TEXT, "attributes": attributes, "references": _list(_REFERENCE),
            "coreMigrationVersion": _word("8.8.0"), "typeMigrationVersion": _word(form),
        },
        {
            "managed": _FLAG,
            **dict.fromkeys(("created_at", "created_by", "updated_at", "updated_by", "version"), _TEXT),
        },
    )  # fmt: skip


CLOSING = "exportedCount"  # in the last line of an export, which counts what stands above it
OBJECTS: Mapping[str, Shape] = {"dashboard": _saved(_DASHBOARD, "10.2.0"), "index-pattern": _saved(_VIEW, "8.0.0")}


def faults(value: object, shape: Shape, key: str = "") -> Iterator[Fault]:
    """Yield where a value has another form.

    >>> [fault.what for fault in faults({"query": 3, "lang": "kuery"}, _QUERY)]
    ['has no key language', 'is no key of this place', 'is no text']
    """
    if shape.kind == "any":
        return
    if not isinstance(value, _KINDS[shape.kind]) or (shape.kind in ("number", "whole") and isinstance(value, bool)):
        yield Fault(key, f"is no {'JSON text' if shape.kind == 'packed' else shape.kind}", "see docs/boards.md")
        return
    match value:
        case dict():
            yield from _in_object(value, shape, key)
        case list():
            for number, one in enumerate(value):
                yield from faults(one, shape.inner or _ANY, f"{key}[{number}]")
        case str() if shape.kind == "packed":
            yield from _in_text(value, shape.inner or _ANY, key)
        case str() if shape.words and value not in shape.words:
            yield Fault(key, f"{value!r} is none of the words of this place", nearest(value, shape.words))
        case _:
            return


def _in_object(value: dict[str, Any], shape: Shape, key: str) -> Iterator[Fault]:
    known = {**shape.keys, **shape.more}
    if shape.kind == "map":
        known = dict.fromkeys(value, shape.inner or _ANY)
    head = f"{key}." if key else ""
    for name in shape.keys:
        if name not in value:
            yield Fault(key, f"has no key {name}", "write it as an export does")
    for name in sorted(value.keys() - known.keys()):
        yield Fault(f"{head}{name}", "is no key of this place", nearest(name, known))
    for name in sorted(value.keys() & known.keys()):
        yield from faults(value[name], known[name], f"{head}{name}")
    drawn = _DRAWN.get(str(value.get("visualizationType")))
    if drawn and isinstance(value.get("state"), dict):
        yield from faults(value["state"].get("visualization"), drawn, f"{head}state.visualization")


def _in_text(text: str, inner: Shape, key: str) -> Iterator[Fault]:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        yield Fault(key, "holds no JSON", "write the value as JSON in a text")
        return
    yield from faults(value, inner, key)
