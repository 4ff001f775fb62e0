"""The index on the shared node: one prefix a process, emptied for each test, taken away at the end."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field, json
from msgspec.structs import replace

from answerable.sections import Elastic
from answerable.settings import load
from index.elastic import ElasticIndex
from index.elastic_bulk import Change, write
from index.elastic_install import FAMILIES, install
from index.elastic_names import Names
from index.elastic_node import Node, NotThere
from index.store import Item
from tests import engines

KEY = b"a key of the tests"


def settings(prefix: str, url: str | None = None) -> Elastic:
    """Return settings for the shared node below a prefix."""
    return replace(load(environ={}).elastic, url=url or engines.elastic(), prefix=prefix)


def remove(config: Elastic, *, but_cards: bool = False) -> None:
    """Delete every index below a prefix, and the templates; or leave these and the cards' index."""
    node, names = Node(config), Names(config.prefix)
    found = set(node.ask("GET", f"/{names.every}/_alias", dict[str, object])) - (
        {names.cards} if but_cards else set()
    )
    if found:
        node.ask("DELETE", f"/{','.join(sorted(found))}", object)
    for family in () if but_cards else FAMILIES:
        with contextlib.suppress(NotThere):
            node.ask("DELETE", f"/_index_template/{config.prefix}-{family}", object)
    node.close()


class _Hit(Struct):
    index: str = field(name="_index")
    id: str = field(name="_id")


class _Hits(Struct):
    hits: list[_Hit]


class _Answer(Struct):
    hits: _Hits


def empty(config: Elastic) -> None:
    """Delete every document below a prefix but keep the indices, which is ten times as quick.

    Cards go last: a version counts on over a deletion, so the documents that follow from a card stay below it.
    Incidents count by themselves, so theirs goes as a whole.
    """
    node, names = Node(config), Names(config.prefix)
    with contextlib.suppress(NotThere):
        node.ask("DELETE", f"/{names.incidents}", object)
    while True:
        node.ask("POST", f"/{names.every}/_refresh", object)
        found = node.ask("POST", f"/{names.every}/_search", _Answer, {"size": 5000, "_source": False}).hits.hits
        cards = [hit for hit in found if hit.index == names.cards]
        for hits in ([hit for hit in found if hit.index != names.cards], cards):
            write(node, [Change(hit.id, _deletion(hit), deletes=True) for hit in hits])
        if not found:
            break
    node.close()


def _deletion(hit: _Hit) -> bytes:
    return json.encode({"delete": {"_index": hit.index, "_id": hit.id}}) + b"\n"


class Prompt(ElasticIndex):
    """What it puts can be found at once: the contracts are about what is found, not how soon."""

    def put(self, items: Sequence[Item]) -> None:
        super().put(items)
        self.refresh()


class Ground:
    """One prefix for all tests of a process, which makes an empty index a quick thing."""

    def __init__(self) -> None:
        self._config: Elastic | None = None
        self._used_by: Path | None = None

    def index(self, folder: Path) -> Prompt:
        """Open the index: empty for a folder that was not seen last, as it was left otherwise."""
        if folder != self._used_by or self._config is None:
            self._used_by = folder
            return Prompt(self.emptied(), KEY)
        return Prompt(self._config, KEY)

    def emptied(self) -> Elastic:
        """Return settings below which there is no document; indices may have stayed."""
        if self._config is None:
            self._config = settings(engines.prefix())
            install(self._config)
        empty(self._config)
        return self._config

    def fresh(self) -> Elastic:
        """Return settings below which there is an empty index of cards and no other."""
        remove(self.emptied(), but_cards=True)
        return self.emptied()

    def close(self) -> None:
        """Take everything away."""
        if self._config is not None:
            remove(self._config)


GROUND = Ground()
