"""Retention: what is over goes by whole indices; single documents only where a whole index cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from answerable.clock import DAY, HOUR
from index.elastic_bulk import delete, keep, write
from index.elastic_incidents import IncidentDocument, fade_document
from index.elastic_layout import Layout
from index.elastic_names import Names, month_end, month_start, week_end
from index.elastic_node import Node, NotThere
from index.elastic_read import read
from index.store import Purged

__all__ = ["Purge"]

_PAGE = 1000
_MERGE_HOURS = (19, 20)  # in UTC, at night where the desk stands; the second takes what the first could not yet


class _Doc(Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    seq_no: int = msgspec.field(name="_seq_no")
    term: int = msgspec.field(name="_primary_term")
    source: Raw = msgspec.field(default=Raw(b"{}"), name="_source")


class _Docs(Struct, frozen=True):
    hits: tuple[_Doc, ...] = ()


class _Answer(Struct, frozen=True):
    hits: _Docs = _Docs()


class _Count(Struct, frozen=True):
    count: int = 0


class Purge:
    """One round of retention; running it twice, or on two machines, does no harm."""

    def __init__(self, node: Node, names: Names, layout: Layout) -> None:
        self._node, self._names, self._layout = node, names, layout

    def run(self, now: int, text_days: int, facts_days: int) -> Purged:
        """Drop what is older than its days, and tell how much went."""
        texts_before, facts_before = now - text_days * DAY, now - facts_days * DAY
        existing = self._layout.existing()
        texts = self._drop(existing, "posts", week_end, texts_before)
        facts = self._drop(existing, "facts-posts", month_end, facts_before)
        for family in ("facts-ledger", "facts-health"):
            self._drop(existing, family, month_end, facts_before)
        incidents, faded = 0, 0
        if self._names.incidents in existing:
            incidents = self._delete(self._names.incidents, _older("last_at", facts_before))
            faded = self._fade(texts_before)
        if self._names.cards in existing:
            self._delete(self._names.cards, _older("at", month_start(facts_before)))
        if now // HOUR % 24 in _MERGE_HOURS:
            self._expunge(existing)
        return Purged(texts, facts, incidents, faded)

    def _drop(self, existing: frozenset[str], family: str, end: Callable[[str], int], before: int) -> int:
        """Drop the family's indices that ended by then; return how many documents went."""
        head, dropped = f"{self._names.prefix}-{family}-v", 0
        for index in sorted(existing):
            if index.startswith(head) and end(index.rpartition("-")[2]) <= before:
                dropped += self._gone(index)
        return dropped

    def _gone(self, index: str) -> int:
        try:
            self._node.ask("POST", f"/{index}/_refresh", object)
            count = self._node.ask("GET", f"/{index}/_count", _Count).count
            self._node.ask("DELETE", f"/{index}", object)
        except NotThere:
            return 0
        self._layout.forget()
        return count

    def _delete(self, index: str, query: dict[str, Any]) -> int:
        """Delete single documents, none that was written since it was found."""
        gone = 0
        for docs in self._found(index, query, source=False):
            write(self._node, [delete(index, doc.id, seen=(doc.seq_no, doc.term)) for doc in docs])
            gone += len(docs)
        return gone

    def _fade(self, before: int) -> int:
        index, faded = self._names.incidents, 0
        query = {"bool": {"filter": [_older("last_at", before)], "must_not": [{"term": {"faded": True}}]}}
        for docs in self._found(index, query, source=True):
            after = [(doc, fade_document(read(doc.source, IncidentDocument, doc.id))) for doc in docs]
            write(self._node, [keep(index, doc.id, one, seen=(doc.seq_no, doc.term)) for doc, one in after])
            faded += len(docs)
        return faded

    def _found(self, index: str, query: dict[str, Any], *, source: bool) -> Iterator[tuple[_Doc, ...]]:
        """Yield what matches, a page at a time; each page is dealt with before the next is looked for."""
        body = {"size": _PAGE, "query": query, "seq_no_primary_term": True, "_source": source}
        while True:
            self._node.ask("POST", f"/{index}/_refresh", object)
            docs = self._node.ask("POST", f"/{index}/_search", _Answer, body).hits.hits
            if docs:
                yield docs
            if len(docs) < _PAGE:
                return

    def _expunge(self, existing: frozenset[str]) -> None:
        """Have what was deleted from texts taken out of the files too; the server does so in its own time."""
        texts = [index for index in sorted(existing) if index.startswith(f"{self._names.prefix}-posts-v")]
        if texts:
            path = f"/{','.join(texts)}/_forcemerge"
            self._node.ask("POST", path, object, only_expunge_deletes="true", wait_for_completion="false")


def _older(field: str, before: int) -> dict[str, Any]:
    return {"range": {field: {"lt": before, "format": "epoch_second"}}}
