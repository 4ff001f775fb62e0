"""Which indices there are; new ones are made before the first write, and only from the program's templates."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from answerable.errors import Rejected, Unavailable
from index.elastic_names import LAYOUT, Names
from index.elastic_node import Node, NotThere

__all__ = ["Layout"]


class _Meta(Struct, frozen=True):
    layout: int = 0


class _Mapping(Struct, frozen=True):
    meta: _Meta = msgspec.field(default=_Meta(), name="_meta")


class _Index(Struct, frozen=True):
    mappings: _Mapping


class _Made(Struct, frozen=True):
    acknowledged: bool = False


class Layout:
    """Knows the indices below a prefix; raises Unavailable, naming the remedy, where templates are missing.

    An index that Elasticsearch makes by itself, without a template, would take any field and guess its
    type. So every index is made on purpose, looked at once, and taken away again if it is not ours.
    """

    def __init__(self, node: Node, names: Names) -> None:
        self._node, self._names = node, names
        self._known: frozenset[str] = frozenset()

    def ready(self, indices: Iterable[str]) -> None:
        """Make sure that indices are there and have the program's layout."""
        for index in sorted(set(indices) - self._known):
            made = self._make(index)
            if self._layout(index) != LAYOUT:
                if made:
                    self._node.ask("DELETE", f"/{index}", _Made)
                raise self.missing()
            self._known |= {index}

    def existing(self) -> frozenset[str]:
        """Return the names of all indices that are the program's own, as they are now."""
        found = self._node.ask("GET", f"/{self._names.every}/_alias", dict[str, object], allow_no_indices="true")
        return frozenset(filter(self._names.owns, found))

    def forget(self) -> None:
        """Forget which indices are there; the next write looks again."""
        self._known = frozenset()

    def missing(self) -> Unavailable:
        """Say what is to be done where templates or indices are missing or of another version."""
        self.forget()
        return Unavailable(
            f"{self._names.prefix}-* at {self._node.url} is not what this version needs; run answerable migrate"
        )

    def _make(self, index: str) -> bool:
        """Make an index; tell whether it was made now. The cards' index is made by `migrate` alone."""
        if index == self._names.cards:
            return False
        try:
            return self._node.ask("PUT", f"/{index}", _Made).acknowledged
        except Rejected as error:
            if "resource_already_exists_exception" in str(error):
                return False
            raise Unavailable(f"no index {index} can be made now: {error}") from None

    def _layout(self, index: str) -> int:
        try:
            found = self._node.ask("GET", f"/{index}/_mapping", dict[str, _Index], filter_path="*.mappings._meta")
        except NotThere:
            return 0
        return found[index].mappings.meta.layout if index in found else 0
