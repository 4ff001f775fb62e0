"""The check: what is built passes, and each mistake is named with file, line, place and repair."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy.kibana.boards import BOARDS
from deploy.kibana.check import check
from deploy.kibana.fields import fields
from deploy.kibana.panel import LANGUAGES, Text
from deploy.kibana.saved import ndjson

Json = dict[str, Any]
Change = Callable[[Json, Json, Json], None]  # of a board, its first panel, its second


def built(prefix: str = "answerable") -> dict[str, bytes]:
    return {f"boards.{lang}.ndjson": ndjson(BOARDS, prefix, lang) for lang in LANGUAGES}


def changed(change: Change, board: str = "answerable-situation-en") -> list[str]:
    """Return what the check says after one board of the English file was changed."""
    files, lines = built(), []
    for line in files["boards.en.ndjson"].splitlines():
        one = json.loads(line)
        if one["id"] == board:
            panels = json.loads(one["attributes"]["panelsJSON"])
            change(one, panels[0], panels[1])
            one["attributes"]["panelsJSON"] = json.dumps(panels)
        lines.append(json.dumps(one).encode())
    return [str(fault) for fault in check({**files, "boards.en.ndjson": b"\n".join(lines)}, "answerable")]


def columns(panel: Json) -> Json:
    (layer,) = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].values()
    found: Json = layer["columns"]
    return found


def first(panel: Json) -> Json:
    return next(column for column in columns(panel).values())


@pytest.mark.parametrize("prefix", ["answerable", "linhe-desk"])
def test_what_is_built_passes(prefix: str) -> None:
    assert check(built(prefix), prefix) == []


def test_files_are_the_same_bytes_every_time() -> None:
    assert built() == built()


def test_every_board_and_data_view_is_there_in_both_languages_under_a_fixed_id() -> None:
    ids = [json.loads(line)["id"] for line in built()["boards.zh.ndjson"].splitlines()]
    views = [f"answerable-facts-{family}" for family in ("health", "incidents", "ledger", "posts")]
    boards = ["situation", "topics", "spread", "places", "responses", "pipeline"]
    assert ids == [*views, *(f"answerable-{board}-zh" for board in boards)]


def test_no_data_view_shows_texts() -> None:
    titles = {json.loads(line)["attributes"]["title"] for data in built().values() for line in data.splitlines()[:4]}
    assert all(title.startswith("answerable-facts-") for title in titles)
    assert not {"title", "text", "terms_text", "url"} & {
        name for one in titles for name in fields(one.removeprefix("answerable-"))
    }


def lacks_a_field(board: Json, panel: Json, other: Json) -> None:
    first(panel).update(operationType="sum", sourceField="post")


def cannot_aggregate(board: Json, panel: Json, other: Json) -> None:
    first(panel).update(operationType="sum", sourceField="area")


def is_not_stored_for_figures(board: Json, panel: Json, other: Json) -> None:
    first(panel).update(operationType="unique_count", sourceField="hourly")


def asks_for_an_unknown_field(board: Json, panel: Json, other: Json) -> None:
    panel["embeddableConfig"]["attributes"]["state"]["query"]["query"] = "shown: true and levle: red"


def asks_for_false(board: Json, panel: Json, other: Json) -> None:
    panel["embeddableConfig"]["attributes"]["state"]["query"]["query"] = "shown: false"


def refers_to_nothing(board: Json, panel: Json, other: Json) -> None:
    panel["embeddableConfig"]["attributes"]["references"][0]["id"] = "answerable-posts"


def is_not_named_by_the_board(board: Json, panel: Json, other: Json) -> None:
    board["references"] = [one for one in board["references"] if not one["name"].startswith("open:")]


def overlaps(board: Json, panel: Json, other: Json) -> None:
    other["gridData"]["x"] -= 1


def leaves_the_grid(board: Json, panel: Json, other: Json) -> None:
    panel["gridData"].update(x=40, y=90)


def has_no_words(board: Json, panel: Json, other: Json) -> None:
    panel["title"] = " "


def has_words_of_the_other_language(board: Json, panel: Json, other: Json) -> None:
    first(panel)["label"] = "事件数"


def has_an_unknown_key(board: Json, panel: Json, other: Json) -> None:
    panel["embeddableConfig"]["atributes"] = {}


def lacks_a_key(board: Json, panel: Json, other: Json) -> None:
    del panel["embeddableConfig"]["attributes"]["state"]["filters"]


def is_of_a_later_form(board: Json, panel: Json, other: Json) -> None:
    board["typeMigrationVersion"] = "10.3.0"


def draws_no_column(board: Json, panel: Json, other: Json) -> None:
    panel["embeddableConfig"]["attributes"]["state"]["visualization"]["metricAccessor"] = "open-measure-1"


def chooses_by_a_field_that_a_panel_lacks(board: Json, panel: Json, other: Json) -> None:
    packed = board["attributes"]["controlGroupInput"]
    packed["panelsJSON"] = packed["panelsJSON"].replace('"fieldName":"area"', '"fieldName":"source"')


SAID: list[tuple[Change, str]] = [
    (lacks_a_field, "open-measure-0.sourceField: facts-incidents has no field 'post'; did you mean 'posts'?"),
    (cannot_aggregate, "open-measure-0.sourceField: area is keyword and cannot be added up; name a field"),
    (is_not_stored_for_figures, "hourly is object and cannot be counted apart"),
    (asks_for_an_unknown_field, "panel open: query: facts-incidents has no field 'levle'"),
    (asks_for_false, "panel open: query: asks for false, which no document holds; write not …: true"),
    (refers_to_nothing, "panel open: references: its data view is not in the file; add the data view, or its id"),
    (is_not_named_by_the_board, "references: open:indexpattern-datasource-layer-open-layer is missing"),
    (overlaps, "panel unanswered: gridData: overlaps with panel open; move one of them"),
    (leaves_the_grid, "panel open: gridData: leaves the grid of 48 columns; move it or make it smaller"),
    (has_no_words, "panel open: title: is empty in en; write every title in both languages"),
    (has_words_of_the_other_language, "panel open: open-measure-0.label: '事件数' is not in en"),
    (has_an_unknown_key, "embeddableConfig.atributes: is no key of this place; did you mean 'attributes'?"),
    (lacks_a_key, "panelsJSON[0].embeddableConfig.attributes.state: has no key filters"),
    (is_of_a_later_form, "typeMigrationVersion: '10.3.0' is none of the words of this place; did you mean '10.2.0'?"),
    (draws_no_column, "panel open: visualization: there is no column 'open-measure-1'"),
    (chooses_by_a_field_that_a_panel_lacks, "control area: 'source' is no field to choose by in facts-incidents"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), SAID, ids=lambda one: getattr(one, "__name__", ""))
def test_a_mistake_is_named_with_file_line_place_and_repair(change: Change, said: str) -> None:
    faults = changed(change)
    assert faults
    assert all(fault.startswith("boards.en.ndjson:5: answerable-situation-en: ") for fault in faults)
    assert said in "\n".join(faults)


def test_a_board_in_one_language_alone_is_a_mistake() -> None:
    alone = check({"boards.zh.ndjson": built()["boards.zh.ndjson"]}, "answerable")
    assert len(alone) == len(BOARDS)
    assert str(alone[0]) == (
        "boards.zh.ndjson:5: answerable-situation-zh: title: there is no such board in en;"
        " write every title in both languages"
    )


def test_a_data_view_of_texts_is_refused() -> None:
    files = {
        name: data.replace(b'"title":"answerable-facts-posts"', b'"title":"answerable-posts"')
        for name, data in built().items()
    }
    assert "'answerable-posts' is no alias of facts; valid here: answerable-facts-health" in str(
        check(files, "answerable")[0]
    )


@pytest.mark.parametrize("line", [b"{", b"[]", b"\xff", b"null"])
def test_a_line_that_is_no_object_is_named(line: bytes) -> None:
    faults = check({**built(), "own.ndjson": b"\n" + line + b"\n"}, "answerable")
    assert [str(fault) for fault in faults] == ["own.ndjson:2: is no JSON object; build the file again"]


def test_what_kibana_exports_again_passes() -> None:
    def exported(data: bytes) -> bytes:
        stamps = {"created_at": "2026-11-02T08:00:00.000Z", "updated_at": "2026-11-02T08:00:00.000Z"}
        stamps |= {"created_by": "u_1", "updated_by": "u_1", "version": "WzEsMV0="}
        lines = [json.dumps({**json.loads(line), **stamps}) for line in data.splitlines()]
        closing = {"excludedObjects": [], "excludedObjectsCount": 0, "missingRefCount": 0, "missingReferences": []}
        return "\n".join([*lines, json.dumps({**closing, "exportedCount": len(lines)})]).encode()

    assert check({name: exported(data) for name, data in built().items()}, "answerable") == []


def test_every_text_of_the_description_has_both_languages() -> None:
    def texts(value: object) -> list[Text]:
        if isinstance(value, Text):
            return [value]
        parts = (
            value
            if isinstance(value, tuple)
            else [getattr(value, name) for name in getattr(value, "__struct_fields__", ())]
        )
        return [text for part in parts for text in texts(part)]

    found = [text for board in BOARDS for text in texts(board)]
    assert len(found) > 100
    assert [text for text in found if not (text.en.isascii() and text.en and text.zh and not text.zh.isascii())] == []
