"""The check of files of saved objects, before any Kibana sees them: every fault with file, line, place and repair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import msgspec
from msgspec import Struct

from answerable.errors import SettingsError
from deploy.kibana.panel import LANGUAGES
from deploy.kibana.shape import CLOSING, OBJECTS, Fault, faults
from deploy.kibana.sound import board_faults, view_faults

__all__ = ["check"]

_BOTH = "write every title in both languages"
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BOARD = re.compile(r"(.+)-(" + "|".join(LANGUAGES) + ")")


class _Line(Struct, frozen=True):
    """A saved object and where it stands."""

    file: str
    number: int
    object: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.object.get("id", ""))

    @property
    def type(self) -> str:
        return str(self.object.get("type", ""))

    def wrong(self, fault: Fault) -> SettingsError:
        key = ": ".join(filter(None, (self.id, fault.key)))
        return SettingsError(fault.what, file=self.file, line=self.number, key=key, repair=fault.repair)


def check(files: Mapping[str, bytes], prefix: str) -> list[SettingsError]:
    """Return all faults of files by their names, none where Kibana takes them and every panel can be drawn.

    What a file refers to has to stand in it. `prefix` is that of the indices.
    """
    found: list[SettingsError] = []
    every: set[str] = set()
    sound: list[_Line] = []
    for name, data in files.items():
        lines = [_read(name, number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
        read = [one for one in lines if isinstance(one, _Line) and (one.type or CLOSING not in one.object)]
        formed = [(one, list(_form(one))) for one in read]
        whole = [one for one, wrong in formed if not wrong]
        found += [one for one in lines if isinstance(one, SettingsError)]
        found += [one.wrong(fault) for one, wrong in formed for fault in wrong]
        found += _file(whole, prefix)
        every |= {one.id for one in read if one.type == "dashboard"}
        sound += [one for one in whole if one.type == "dashboard"]
    return found + [one.wrong(fault) for one in sound for fault in _languages(one, every)]


def _read(name: str, number: int, line: bytes) -> _Line | SettingsError:
    try:
        return _Line(name, number, msgspec.json.decode(line, type=dict[str, Any]))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return SettingsError("is no JSON object", file=name, line=number, repair="build the file again")


def _form(line: _Line) -> Iterator[Fault]:
    if line.type not in OBJECTS:
        yield Fault("type", f"{line.type!r} is no kind of object here", f"valid here: {', '.join(sorted(OBJECTS))}")
        return
    yield from faults(line.object, OBJECTS[line.type])


def _file(lines: Sequence[_Line], prefix: str) -> Iterator[SettingsError]:
    """Yield what is wrong between the objects of one file, and in each of them for itself."""
    views = {line.id: str(line.object["attributes"]["title"]) for line in lines if line.type == "index-pattern"}
    seen: set[tuple[str, str]] = set()
    for line in lines:
        if (line.type, line.id) in seen:
            yield line.wrong(Fault("id", "stands twice in the file", "give every object an id of its own"))
        seen.add((line.type, line.id))
        rules = (
            view_faults(line.object, prefix)
            if line.type == "index-pattern"
            else board_faults(line.object, views, prefix)
        )
        yield from map(line.wrong, rules)


def _languages(line: _Line, every: Set[str]) -> Iterator[Fault]:
    """Yield the languages that a board lacks, and its words in another language than its own."""
    found = _BOARD.fullmatch(line.id)
    if found is None:
        yield Fault("id", "does not end with a language", f"end it with -{' or -'.join(LANGUAGES)}")
        return
    name, own = found[1], found[2]
    for lang in LANGUAGES:
        if f"{name}-{lang}" not in every:
            yield Fault("title", f"there is no such board in {lang}", _BOTH)
    for key, text in _texts(line.object):
        if not text.strip():
            yield Fault(key, f"is empty in {own}", _BOTH)
        elif bool(_HAN.search(text)) is not (own == "zh"):
            yield Fault(key, f"{text!r} is not in {own}", _BOTH)


def _texts(board: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text that a reader of a board sees, and where it stands."""
    said = board["attributes"]
    yield "title", said["title"]
    yield "description", said["description"]
    for panel in msgspec.json.decode(said["panelsJSON"]):
        head, lens = f"panel {panel['panelIndex']}", panel["embeddableConfig"]["attributes"]
        yield f"{head}: title", panel.get("title", "")
        for layer in lens["state"]["datasourceStates"]["formBased"]["layers"].values():
            for name, column in layer["columns"].items():
                yield f"{head}: {name}.label", column["label"]
    for name, control in msgspec.json.decode(said.get("controlGroupInput", {}).get("panelsJSON", "{}")).items():
        yield f"control {name}: title", control["explicitInput"]["title"]
