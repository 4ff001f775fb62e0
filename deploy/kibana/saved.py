"""Boards as Kibana's saved objects, one file a language: lines of JSON, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from deploy.kibana.fields import fields
from deploy.kibana.lens import attributes, layer_reference
from deploy.kibana.panel import Board, Lang, Panel, Terms, View

__all__ = ["board_id", "control_reference", "ndjson", "objects", "view_id"]

Json = dict[str, Any]
_CORE, _DASHBOARD, _VIEW = "8.8.0", "10.2.0", "8.0.0"  # the forms that the floor reads and newer versions migrate


def ndjson(boards: Sequence[Board], prefix: str, lang: Lang) -> bytes:
    """Return a file that Kibana imports: data views first, then the boards that refer to them."""
    return b"".join(msgspec.json.encode(one, order="sorted") + b"\n" for one in objects(boards, prefix, lang))


def objects(boards: Sequence[Board], prefix: str, lang: Lang) -> Iterator[Json]:
    """Yield the saved objects."""
    views = {panel.view.family: panel.view for board in boards for panel in board.panels}
    yield from (_view(views[family], prefix, lang) for family in sorted(views))
    yield from (_dashboard(board, prefix, lang) for board in boards)


def view_id(view: View, prefix: str) -> str:
    """Return a data view's id, which is the alias that it shows."""
    return f"{prefix}-{view.family}"


def board_id(board: Board, prefix: str, lang: Lang) -> str:
    """Return a board's id."""
    return f"{prefix}-{board.id}-{lang}"


def control_reference(control: str) -> str:
    """Return the name under which a control refers to its data view."""
    return f"controlGroup_{control}:optionsListDataView"


def _view(view: View, prefix: str, lang: Lang) -> Json:
    empty = {
        "fieldAttrs": "{}",
        "fieldFormatMap": "{}",
        "fields": "[]",
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
    }
    title = view_id(view, prefix)
    said = {"title": title, "name": f"{prefix}: {view.title.of(lang)}", "timeFieldName": view.time}
    return _object(title, "index-pattern", _VIEW, {**empty, **said, "allowHidden": False, "allowNoIndex": True}, [])


def _dashboard(board: Board, prefix: str, lang: Lang) -> Json:
    said: Json = {
        "title": board.title.of(lang),
        "description": board.about.of(lang),
        "version": 3,
        "timeRestore": True,
        "timeFrom": board.since,
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60000},
        "optionsJSON": _text(
            {
                "useMargins": True, "syncColors": False, "syncCursor": True, "syncTooltips": False,
                "hidePanelTitles": False,
            }
        ),
        "panelsJSON": _text([_panel(panel, prefix, lang) for panel in board.panels]),
        "controlGroupInput": _controls(board, lang),
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": _text({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
    }  # fmt: skip
    return _object(board_id(board, prefix, lang), "dashboard", _DASHBOARD, said, list(_references(board, prefix)))


def _object(id: str, kind: str, version: str, said: Json, references: list[Json]) -> Json:
    return {
        "id": id, "type": kind, "attributes": said, "references": references, "managed": False,
        "coreMigrationVersion": _CORE, "typeMigrationVersion": version,
    }  # fmt: skip


def _panel(panel: Panel, prefix: str, lang: Lang) -> Json:
    dates = frozenset(name for name, field in fields(panel.view.family).items() if field.type == "date")
    lens = attributes(panel, view_id(panel.view, prefix), lang, dates)
    slot = panel.slot
    return {
        "type": "lens", "title": panel.title.of(lang), "panelIndex": panel.id,
        "gridData": {"x": slot.x, "y": slot.y, "w": slot.w, "h": slot.h, "i": panel.id},
        "embeddableConfig": {"attributes": lens, "enhancements": {}},
    }  # fmt: skip


def _controls(board: Board, lang: Lang) -> Json:
    ignored = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
    panels = {one.field: _control(one, order, lang) for order, one in enumerate(board.controls)}
    return {
        "chainingSystem": "HIERARCHICAL", "controlStyle": "oneLine", "showApplySelections": False,
        "ignoreParentSettingsJSON": _text(ignored), "panelsJSON": _text(panels),
    }  # fmt: skip


def _control(control: Terms, order: int, lang: Lang) -> Json:
    asked = {
        "id": control.field, "fieldName": control.field, "title": control.label.of(lang), "selectedOptions": [],
        "searchTechnique": "prefix", "sort": {"by": "_count", "direction": "desc"},
    }  # fmt: skip
    return {"type": "optionsListControl", "order": order, "grow": True, "width": "medium", "explicitInput": asked}


def _references(board: Board, prefix: str) -> Iterator[Json]:
    for panel in board.panels:
        name = f"{panel.id}:{layer_reference(panel)}"
        yield {"type": "index-pattern", "id": view_id(panel.view, prefix), "name": name}
    for control in board.controls:
        first = view_id(board.panels[0].view, prefix)
        yield {"type": "index-pattern", "id": first, "name": control_reference(control.field)}


def _text(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()
