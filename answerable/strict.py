"""Strict reading of the files people edit: an error names file, line, key and the nearest valid key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from answerable.errors import SettingsError

__all__ = ["convert", "nearest", "read_toml", "read_yaml"]

T = TypeVar("T")
_PATH = re.compile(r" - at `(\$[^`]*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
_ENUM = re.compile(r"Invalid enum value '?(.*?)'?$")
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got")
_FORMS = {
    "str": "put the value in quotes", "int": "write a whole number, without quotes",
    "float": "write a number, without quotes", "bool": "write true or false, without quotes",
    "array": "write a list, such as [a, b]", "object": "write keys with their values",
}  # fmt: skip
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")


def nearest(word: str, words: Iterable[str]) -> str:
    """Return a repair that names the nearest valid word, or all of them.

    >>> nearest("wehn", ["when", "level"])
    "did you mean 'when'?"
    """
    known = sorted(words)
    close = difflib.get_close_matches(word, known, 1)
    return f"did you mean '{close[0]}'?" if close else f"valid here: {', '.join(known)}"


class _Loader(yaml.SafeLoader):
    """The safe loader, with a place for values that only look like what they are, such as the day 2026-13-01."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, AttributeError) as error:
            what = f"{node.value!r} cannot be read ({error})"
            raise yaml.constructor.ConstructorError(None, None, what, node.start_mark) from None


_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, shape: type[T]) -> T:
    """Read a YAML file into `shape` (Structs that forbid unknown fields); raise SettingsError with the line."""
    try:
        text = path.read_text("utf-8")
        data = _loaded(text)
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(path), repair="check the path") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        what = getattr(error, "problem", None) or "no valid YAML"
        raise SettingsError(what, file=str(path), line=line, repair="check indentation and quotes here") from None
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8", file=str(path), repair="save it as UTF-8") from None
    return convert(data, shape, str(path), lambda steps: _yaml_line(yaml.compose(text, _QUICK), steps))


def _loaded(text: str) -> Any:
    """Read with the library in C, which is eight times as fast; what it refuses is read again for plain words."""
    try:
        return yaml.load(text, _QUICK)  # noqa: S506 — a safe loader
    except (yaml.YAMLError, ValueError, AttributeError):
        return _Loader(text).get_single_data()


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raise SettingsError with the line where it is no TOML."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(path), repair="check the path") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise SettingsError(
            re.sub(r" \(at .*", "", str(error)), file=str(path), line=line, repair="write key = value"
        ) from None
    except UnicodeDecodeError:
        raise SettingsError("is not UTF-8", file=str(path), repair="save it as UTF-8") from None


def convert(data: Any, shape: type[T], file: str, line_of: Any) -> T:
    """Convert plain data into `shape`; `line_of(steps)` finds the line of a path such as ["[0]", "when"]."""
    try:
        return msgspec.convert(data, shape, strict=True, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        text = str(error)
        found = _PATH.search(text)
        steps = [key or int(index) for key, index in _STEP.findall(found[1])] if found else []
        what = _PATH.sub("", text)
        unknown = _UNKNOWN.match(what)
        if unknown:
            steps.append(unknown[1])
            repair = nearest(unknown[1], _fields(shape, steps[:-1]))
            raise SettingsError(
                "unknown key", file=file, line=line_of(steps), key=_dotted(steps), repair=repair
            ) from None
        repair = _repair(what, _at(shape, steps))
        what = what[:1].lower() + what[1:]
        raise SettingsError(what, file=file, line=line_of(steps), key=_dotted(steps), repair=repair) from None


def _repair(what: str, info: Any) -> str:
    """Return what to write instead, as far as the complaint and the type at its place tell."""
    if enum := _ENUM.match(what):
        return nearest(enum[1], _words(info))
    if missing := _MISSING.match(what):
        return f"add {missing[1]}"
    if expected := _EXPECTED.match(what):
        return _FORMS.get(expected[1].removesuffix(" | null"), "correct the value")
    return "correct the value"


def _dotted(steps: list[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _yaml_line(node: Any, steps: list[str | int]) -> int | None:
    line = node.start_mark.line + 1 if node is not None else None
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if pair[0].value == step]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        else:
            break
    return line


def _fields(shape: Any, steps: list[str | int]) -> list[str]:
    """List the keys that `shape` allows at the end of a path."""
    info = _at(shape, steps)
    if isinstance(info, msgspec.inspect.StructType):
        return [field.encode_name for field in info.fields]
    return []


def _at(shape: Any, steps: list[str | int]) -> Any:
    """Return the type at the end of a path, None where it leads nowhere."""
    info: Any = msgspec.inspect.type_info(shape)
    for step in steps:
        info = _inner(info, step)
    return info


def _words(info: Any) -> list[str]:
    """List the values that an enum or a literal allows, also beside null."""
    if isinstance(info, msgspec.inspect.UnionType):
        return [word for option in info.types for word in _words(option)]
    if isinstance(info, msgspec.inspect.EnumType):
        return [str(member.value) for member in info.cls]
    return [str(value) for value in info.values] if isinstance(info, msgspec.inspect.LiteralType) else []


def _inner(info: Any, step: str | int) -> Any:
    if isinstance(info, msgspec.inspect.UnionType):
        options = [_inner(option, step) for option in info.types]
        return next((option for option in options if option is not None), None)
    if isinstance(info, msgspec.inspect.StructType):
        return next((field.type for field in info.fields if field.encode_name == step), None)
    if isinstance(info, msgspec.inspect.DictType):
        return info.value_type
    return getattr(info, "item_type", None)
