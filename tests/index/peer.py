"""Looks at what lies in Elasticsearch, past the adapter."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from index.elastic_names import Names
from index.elastic_node import Node


class _Hit(Struct):
    index: str = field(name="_index")
    id: str = field(name="_id")
    source: dict[str, Any] = field(name="_source")


class _Hits(Struct):
    hits: list[_Hit]


class _Found(Struct):
    hits: _Hits


class _Docs(Struct):
    deleted: int


class _Primaries(Struct):
    docs: _Docs


class _All(Struct):
    primaries: _Primaries


class _Stats(Struct):
    all: _All = field(name="_all")


class Peer:
    """The node as it is, below one prefix."""

    def __init__(self, node: Node, prefix: str) -> None:
        self.node, self.names = node, Names(prefix)

    def documents(self, family: str) -> list[tuple[str, str, dict[str, Any]]]:
        """Return (index, id, source) of a family's documents, as they are now."""
        path = f"/{self.names.prefix}-{family}"
        self.node.ask("POST", f"{path}*/_refresh", object)
        found = self.node.ask("POST", f"{path}*/_search", _Found, {"size": 10_000}).hits.hits
        return sorted((hit.index, hit.id, hit.source) for hit in found)

    def indices(self) -> list[str]:
        """Return the names of the indices, without the prefix."""
        found = self.node.ask("GET", f"/{self.names.every}/_alias", dict[str, object])
        return sorted(name.removeprefix(f"{self.names.prefix}-") for name in found)

    def deleted(self, family: str) -> int:
        """Count documents that are deleted and still lie in a file."""
        path = f"/{self.names.prefix}-{family}/_stats/docs"
        return self.node.ask(
            "GET", path, _Stats, filter_path="_all.primaries.docs.deleted"
        ).all.primaries.docs.deleted

    def everything(self) -> str:
        """Return all that is written below the prefix."""
        return repr(self.documents(""))
