"""A YAML file as a tree of places: where a key stands, and the text without one entry of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from answerable.app.check.every import Cut
from answerable.errors import SettingsError

__all__ = ["Cuts", "Tree"]

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_Step = str | int
_Entry = tuple[yaml.SequenceNode, int]


class Tree:
    """The places of a YAML text; a text that is no YAML has none."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.root: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            self.root = None

    @classmethod
    def of(cls, path: Path) -> Tree:
        """Read a file's places; a file that cannot be read has none."""
        try:
            return cls(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError):
            return cls("")

    def line(self, key: str) -> int | None:
        r"""Return the line of a key such as `people[0].mail`, or of the innermost place on the way to it.

        >>> Tree("people:\n- id: lead\n  mail: x").line("people[0].mail")
        3
        """
        lines = [line for _, line in self.walk(_steps(key))]
        return lines[-1] if lines else None

    def entry(self, section: str, name: str) -> str:
        r"""Return the key of the entry with an id below a section, "" = anywhere; the section where there is none.

        >>> Tree("people:\n- id: lead\n  mail: x").entry("people", "lead")
        'people[0]'
        """
        found = _child(self.root, section) if section else None
        return _find(found[0] if found else self.root, name, section) or section

    def walk(self, steps: list[_Step]) -> Iterator[tuple[yaml.Node, int]]:
        """Yield the nodes along a path, as far as it goes, each with its line."""
        node = self.root
        for step in steps:
            found = _child(node, step)
            if found is None:
                return
            yield found
            node = found[0]


class Cuts:
    """Cuts entries out of the lists of one file; each call takes the text that the last one left."""

    def __init__(self, path: Path) -> None:
        self._whole = Tree.of(path)

    def __call__(self, text: str, error: SettingsError) -> Cut | None:
        """Cut the innermost entry that an error's key leads to, or else the one that stands in its line."""
        tree = Tree(text)
        steps = _steps(error.key)
        if error.what.startswith("there is no ") and (left := _without_pair(tree, steps)) is not None:
            return Cut(left, self._key(tree, steps, error.key))  # whoever refers to nothing may be right otherwise
        entry = _entry_on(tree, steps) or _entry_in(tree.root, error.line or 0)
        left = _without(text, *entry) if entry else None
        if entry is None or left is None or left == text:
            return None
        return Cut(left, self._key(tree, steps, error.key), _id(entry[0].value[entry[1]]))

    def _key(self, tree: Tree, steps: list[_Step], key: str) -> str:
        """Count the entries on a path as they stand in the whole file; places in the text are the same in both."""
        now, whole = tree.root, self._whole.root
        for at, step in enumerate(steps):
            found = _child(now, step)
            if found is None:
                break
            now = found[0]
            if isinstance(step, int) and isinstance(whole, yaml.SequenceNode):
                steps[at] = [node.start_mark.index for node in whole.value].index(now.start_mark.index)
            same = _child(whole, steps[at])
            whole = same[0] if same else None
        return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".") or key


def _steps(key: str) -> list[_Step]:
    return [name or int(number) for name, number in _STEP.findall(key)]


def _child(node: yaml.Node | None, step: _Step) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line + 1
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == step:
            return value, key.start_mark.line + 1
    return None


def _entry_on(tree: Tree, steps: list[_Step]) -> _Entry | None:
    """Return the innermost list entry on a path."""
    entry, parent = None, tree.root
    for step, (node, _) in zip(steps, tree.walk(steps), strict=False):
        if isinstance(parent, yaml.SequenceNode) and isinstance(step, int):
            entry = parent, step
        parent = node
    return entry


def _entry_in(node: yaml.Node | None, line: int) -> _Entry | None:
    """Return the innermost list entry that is a mapping and begins in a line or above it; the last of several."""
    found: _Entry | None = None
    if isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            if entry.start_mark.line < line and isinstance(entry, yaml.MappingNode):
                found = _entry_in(entry, line) or (node, index)
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            if value.start_mark.line < line:
                found = _entry_in(value, line) or found
    return found


def _without(text: str, parent: yaml.SequenceNode, index: int) -> str | None:
    """Blank out one entry, with its dash or its comma, and nothing else."""
    entries = parent.value
    start, end = entries[index].start_mark.index, entries[index].end_mark.index
    last = index + 1 == len(entries)
    if parent.flow_style:
        return _blank(text, start, end if last else entries[index + 1].start_mark.index)
    start = text.rindex("-", 0, start)
    if not last:
        end = text.rindex("-", 0, entries[index + 1].start_mark.index)
    if len(entries) > 1:
        return _blank(text, start, end)
    return f"{text[:start]}[]{_blank(text, start, end)[start + 2 :]}" if text[start : start + 2] == "- " else None


def _without_pair(tree: Tree, steps: list[_Step]) -> str | None:
    """Blank out a key and its value at the end of a path, where it ends in a mapping."""
    nodes = [node for node, _ in tree.walk(steps)]
    if len(nodes) < len(steps) or len(nodes) < 2 or not isinstance(nodes[-2], yaml.MappingNode):
        return None
    keys = [key.start_mark.index for key, _ in nodes[-2].value]
    at = next(number for number, (_, value) in enumerate(nodes[-2].value) if value is nodes[-1])
    end = keys[at + 1] if at + 1 < len(keys) else nodes[-1].end_mark.index
    return _blank(tree.text, keys[at], end)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]


def _id(node: yaml.Node) -> str:
    found = _child(node, "id")
    return str(found[0].value) if found else ""


def _find(node: yaml.Node | None, name: str, path: str) -> str | None:
    if isinstance(node, yaml.SequenceNode):
        inner = [(entry, f"{path}[{index}]") for index, entry in enumerate(node.value)]
    elif isinstance(node, yaml.MappingNode):
        inner = [(value, f"{path}.{key.value}") for key, value in node.value]
    else:
        return None
    here = (key for entry, key in inner if isinstance(entry, yaml.MappingNode) and _id(entry) == name)
    below = (found for entry, key in inner if (found := _find(entry, name, key)))
    return next(here, None) or next(below, None)
