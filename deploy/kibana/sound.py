"""What must hold in a board besides its form: fields that the facts have, references that lead somewhere, a grid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from answerable.strict import nearest
from deploy.kibana.fields import Field, fields
from deploy.kibana.lens import RECORDS
from deploy.kibana.saved import control_reference
from deploy.kibana.shape import Fault
from deploy.kibana.views import VIEWS

__all__ = ["board_faults", "view_faults"]

Json = Mapping[str, Any]
_COLUMNS, _HIGHEST = 48, 200
_FAMILIES = frozenset(view.family for view in VIEWS)
_ASKED = re.compile(r"(?:^|\band |\bnot |\bor |\()\s*([A-Za-z_][\w.]*)\s*(?::|>=|<=|>|<)")
_FITS: Mapping[str, tuple[str, frozenset[str]]] = {
    "terms": ("grouped", frozenset({"keyword", "boolean"})),
    "date_histogram": ("put on an axis of time", frozenset({"date"})),
    "sum": ("added up", frozenset()),
    "median": ("put in order", frozenset()),
    "max": ("compared", frozenset({"date"})),
    "unique_count": ("counted apart", frozenset({"keyword"})),
}
_SEE = "name a field of index/templates that it fits"


def view_faults(view: Json, prefix: str) -> Iterator[Fault]:
    """Yield what is wrong with a data view: it shows one family of facts, by a field of time."""
    title, time = view["attributes"]["title"], view["attributes"]["timeFieldName"]
    family = _family(title, prefix)
    if family is None:
        valid = ", ".join(f"{prefix}-{one}" for one in sorted(_FAMILIES))
        yield Fault("title", f"{title!r} is no alias of facts", f"valid here: {valid}")
        return
    found = fields(family).get(time)
    if found is None or found.type != "date":
        yield Fault("timeFieldName", f"{time!r} is no field of time of {family}", _repair(family, time))


def board_faults(board: Json, views: Mapping[str, str], prefix: str) -> Iterator[Fault]:
    """Yield what is wrong with a board; `views` are the aliases of the data views by their ids."""
    panels = msgspec.json.decode(board["attributes"]["panelsJSON"])
    controls = msgspec.json.decode(board["attributes"].get("controlGroupInput", {}).get("panelsJSON", "{}"))
    families: dict[str, str] = {}
    for panel in panels:
        id = panel["panelIndex"]
        family = _source(panel, views, prefix)
        if family is None:
            yield Fault(f"panel {id}: references", "its data view is not in the file", "add the data view, or its id")
            continue
        families[id] = family
        yield from _columns(panel, family)
    yield from _references(board, panels, controls, views)
    yield from _controls(controls, families)
    yield from _grid(panels)


def _family(title: str, prefix: str) -> str | None:
    family = title.removeprefix(f"{prefix}-")
    return family if title.startswith(f"{prefix}-") and family in _FAMILIES else None


def _source(panel: Json, views: Mapping[str, str], prefix: str) -> str | None:
    """Return the family of facts that a panel's one layer shows, None where its reference leads nowhere."""
    lens = panel["embeddableConfig"]["attributes"]
    wanted = {f"indexpattern-datasource-layer-{layer}" for layer in _layers(panel)}
    found = {views.get(one["id"]) for one in lens["references"] if one["name"] in wanted}
    title = next(iter(found), None) if len(found) == len(wanted) == 1 else None
    return _family(title, prefix) if title else None


def _layers(panel: Json) -> Json:
    layers: Json = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]["formBased"]["layers"]
    return layers


def _columns(panel: Json, family: str) -> Iterator[Fault]:
    state, head = panel["embeddableConfig"]["attributes"]["state"], f"panel {panel['panelIndex']}"
    yield from _asked(state["query"], family, f"{head}: query")
    for layer in _layers(panel).values():
        columns = layer["columns"]
        if sorted(layer["columnOrder"]) != sorted(columns):
            yield Fault(f"{head}: columnOrder", "is not the order of the columns", "name every column once")
        for name, column in columns.items():
            yield from _field(column, family, f"{head}: {name}")
            yield from _asked(column.get("filter", {"query": ""}), family, f"{head}: {name}.filter")
            order = column.get("params", {}).get("orderBy", {}).get("columnId", name)
            if order not in columns:
                yield Fault(f"{head}: {name}.orderBy", f"there is no column {order!r}", nearest(order, columns))
        for drawn in _drawn(state["visualization"]):
            if drawn not in columns:
                yield Fault(f"{head}: visualization", f"there is no column {drawn!r}", nearest(drawn, columns))


def _drawn(state: Json) -> Iterator[str]:
    yield from (column["columnId"] for column in state.get("columns", ()))
    yield from (state[key] for key in ("metricAccessor",) if key in state)
    for layer in state.get("layers", ()):
        yield from layer["accessors"]
        yield from (layer[key] for key in ("xAccessor", "splitAccessor") if key in layer)


def _field(column: Json, family: str, key: str) -> Iterator[Fault]:
    name, operation = column["sourceField"], column["operationType"]
    if operation == "count" and name == RECORDS:
        return
    found = fields(family).get(name)
    if found is None:
        yield Fault(f"{key}.sourceField", f"{family} has no field {name!r}", _repair(family, name))
    elif not _can(found, operation):
        what = _FITS.get(operation, ("counted", frozenset()))[0]
        yield Fault(f"{key}.sourceField", f"{name} is {found.type} and cannot be {what}", _SEE)


def _can(field: Field, operation: str) -> bool:
    if operation not in _FITS or not field.aggregatable:
        return False
    kinds = _FITS[operation][1]
    return field.type in kinds or (field.number and operation in ("sum", "median", "max"))


def _asked(query: Json, family: str, key: str) -> Iterator[Fault]:
    """Yield the fields of a query that the facts do not have, and whether it asks for what is never stored."""
    for name in _ASKED.findall(query["query"]):
        if name not in fields(family):
            yield Fault(key, f"{family} has no field {name!r}", _repair(family, name))
    if re.search(r":\s*false\b", query["query"]):
        yield Fault(key, "asks for false, which no document holds", "write not …: true")


def _references(board: Json, panels: list[Json], controls: Json, views: Mapping[str, str]) -> Iterator[Fault]:
    wanted = {
        f"{panel['panelIndex']}:{one['name']}": one["id"]
        for panel in panels
        for one in panel["embeddableConfig"]["attributes"]["references"]
    }
    known = {one["name"]: one["id"] for one in board["references"]}
    for name, id in wanted.items():
        if known.get(name) != id:
            yield Fault("references", f"{name} is missing or is not {id}", "write it as the panel does")
    for control in controls:
        if control_reference(control) not in known:
            yield Fault("references", f"{control_reference(control)} is missing", "name the control's data view")
    for name, id in known.items():
        if name not in wanted and name not in map(control_reference, controls):
            yield Fault("references", f"nothing refers by {name}", "remove it")
        if id not in views:
            yield Fault("references", f"{id} is not in the file", nearest(id, views))


def _controls(controls: Json, families: Mapping[str, str]) -> Iterator[Fault]:
    """Yield controls that would empty a panel: whose field its facts do not have, or cannot be grouped by."""
    for name, control in controls.items():
        asked = control["explicitInput"]["fieldName"]
        for panel, family in families.items():
            found = fields(family).get(asked)
            if found is None or not _can(found, "terms"):
                what = f"{asked!r} is no field to choose by in {family}, which panel {panel} shows"
                yield Fault(f"control {name}", what, _repair(family, asked))


def _grid(panels: list[Json]) -> Iterator[Fault]:
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        slot, id = panel["gridData"], str(panel["panelIndex"])
        x, y, w, h = slot["x"], slot["y"], slot["w"], slot["h"]
        if slot["i"] != id:
            yield Fault(f"panel {id}: gridData", f"stands in the place of {slot['i']!r}", "write its own id")
        if min(x, y) < 0 or min(w, h) < 1 or x + w > _COLUMNS or h > _HIGHEST:
            yield Fault(
                f"panel {id}: gridData", f"leaves the grid of {_COLUMNS} columns", "move it or make it smaller"
            )
            continue
        cells = [(column, line) for column in range(x, x + w) for line in range(y, y + h)]
        for other in sorted({taken[cell] for cell in cells if cell in taken}):
            yield Fault(f"panel {id}: gridData", f"overlaps with panel {other}", "move one of them")
        taken.update(dict.fromkeys(cells, id))


def _repair(family: str, name: str) -> str:
    return nearest(name, fields(family))
