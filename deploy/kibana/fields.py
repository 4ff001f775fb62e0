"""The fields of each family of facts, as the index's templates have them, and what can be done with each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["Field", "fields"]

_NUMBERS = frozenset({"long", "integer", "short", "byte", "double", "float"})


class Field(Struct, frozen=True):
    """A field's type; `aggregatable` tells whether figures can be made of it."""

    type: str
    aggregatable: bool

    @property
    def number(self) -> bool:
        """Whether it can be added up."""
        return self.type in _NUMBERS


@cache
def fields(family: str) -> Mapping[str, Field]:
    """Return a family's fields by their dotted names.

    >>> fields("facts-posts")["topic"], "text" in fields("facts-posts")
    (Field(type='keyword', aggregatable=True), False)
    """
    text = files("index").joinpath("templates", f"{family}.json").read_bytes()
    bodies = dict(_leaves("", msgspec.json.decode(text)["template"]["mappings"]["properties"]))
    return {name: _field(bodies.get(body.get("path", name), body)) for name, body in bodies.items()}


def _leaves(head: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, body in properties.items():
        if "properties" in body:
            yield from _leaves(f"{head}{name}.", body["properties"])
        else:
            yield f"{head}{name}", body


def _field(body: Mapping[str, Any]) -> Field:
    works = body["type"] not in ("text", "object", "geo_point", "alias")
    return Field(body["type"], works and body.get("enabled", True) and body.get("doc_values", True))
