"""Searches and counts over the aliases; exact, whatever the number of indices, hits or values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from answerable.errors import Refused, Rejected, Unavailable
from index.elastic_documents import TextDocument
from index.elastic_names import Names
from index.elastic_node import Node, NotThere
from index.elastic_query import Clause, needs_texts, where
from index.store import Bucket, Hit, Page, Query

__all__ = ["COUNTED", "Searches"]

COUNTED = ("area", "topic", "source", "kind", "lang", "incident", "day", "hour")
_TIMES = {"day": ("1d", "yyyy-MM-dd"), "hour": ("1h", "yyyy-MM-dd'T'HH:mm:ss'Z'")}
_WINDOW = 10_000  # hits a request may reach; the server's own limit
_BUCKETS = 5_000
_ORDER: list[dict[str, str]] = [{"published_at": "desc"}, {"id": "asc"}]


class _Hit(Struct, frozen=True):
    source: TextDocument | None = msgspec.field(default=None, name="_source")
    sort: tuple[int | str, ...] = ()


class _Total(Struct, frozen=True):
    value: int = 0


class _Hits(Struct, frozen=True):
    total: _Total = _Total()
    hits: tuple[_Hit, ...] = ()


class _Shards(Struct, frozen=True):
    failed: int = 0


class _Bucket(Struct, frozen=True):
    key: dict[str, str]
    doc_count: int


class _Composite(Struct, frozen=True):
    buckets: tuple[_Bucket, ...] = ()
    after_key: dict[str, str] | None = None


class _Counts(Struct, frozen=True):
    values: _Composite = _Composite()


class _Answer(Struct, frozen=True):
    timed_out: bool = False
    shards: _Shards = msgspec.field(default=_Shards(), name="_shards")
    hits: _Hits = _Hits()
    aggregations: _Counts = _Counts()


class Searches:
    """Asks what analysts ask; raises Refused for what cannot be asked, Unavailable where only a part would answer."""

    def __init__(self, node: Node, names: Names) -> None:
        self._node, self._names = node, names

    def search(self, query: Query) -> Page:
        """Find posts, newest first, then by id."""
        limit, offset = max(0, query.limit), max(0, query.offset)
        size = min(limit, _WINDOW - offset) if offset < _WINDOW else 0
        body: dict[str, Any] = {"query": where(query), "sort": _ORDER, "track_total_hits": True, "size": size}
        first = self._ask(self._names.texts(), body | ({"from": offset} if size else {}))
        found, total = list(first.hits.hits), first.hits.total.value
        if len(found) < min(limit, total - offset):
            found += self._beyond(body, found, limit, offset)
        return Page(total, tuple(_shown(hit.source) for hit in found if hit.source))

    def count(self, query: Query, by: str) -> tuple[Bucket, ...]:
        """Count matching posts by a field of COUNTED, largest first, then by value."""
        if by not in COUNTED:
            raise Refused(f"posts cannot be counted by {by!r}, only by {', '.join(COUNTED)}")
        index = self._names.texts() if needs_texts(query) else self._names.facts()
        buckets = [Bucket(bucket.key["value"], bucket.doc_count) for bucket in self._buckets(index, where(query), by)]
        return tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value)))

    def _beyond(self, body: dict[str, Any], found: list[_Hit], limit: int, offset: int) -> list[_Hit]:
        """Walk on from the last hit, or from the first one on, past what one request may reach."""
        more: list[_Hit] = []
        skip = 0 if found else offset
        after = found[-1].sort if found else None
        while len(found) + len(more) < limit:
            step = body | {"size": min(_WINDOW, limit - len(found) - len(more) + skip), "track_total_hits": False}
            page = self._ask(self._names.texts(), step | ({"search_after": after} if after else {})).hits.hits
            if not page:
                break
            more += page[skip:]
            skip, after = max(0, skip - len(page)), page[-1].sort
        return more

    def _buckets(self, index: str, clause: Clause, by: str) -> Iterator[_Bucket]:
        if by in _TIMES:
            interval, form = _TIMES[by]
            kind = {"date_histogram": {"field": "published_at", "fixed_interval": interval, "format": form}}
        else:
            kind = {"terms": {"field": by}}
        composite: dict[str, Any] = {"size": _BUCKETS, "sources": [{"value": kind}]}
        while True:
            body = {"size": 0, "query": clause, "aggs": {"values": {"composite": composite}}}
            found = self._ask(index, body | {"track_total_hits": False}).aggregations.values
            yield from found.buckets
            if found.after_key is None or len(found.buckets) < _BUCKETS:
                return
            composite["after"] = found.after_key

    def _ask(self, index: str, body: object) -> _Answer:
        try:
            answer = self._node.ask("POST", f"/{index}/_search", _Answer, body)
        except NotThere:  # an alias without an index yet
            return _Answer()
        except Rejected as error:
            raise Refused(f"Elasticsearch cannot answer this search: {error}") from None
        if answer.timed_out or answer.shards.failed:
            raise Unavailable(f"only a part of the index at {self._node.url} answers")
        return answer


def _shown(text: TextDocument) -> Hit:
    return Hit(
        id=text.id, source=text.source, kind=text.kind, title=text.title, text=text.text, url=text.url,
        published_at=text.published_at, area=text.area, topic=text.topic, incident=text.incident,
    )  # fmt: skip
