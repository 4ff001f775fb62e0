"""PORT: what analysts search. Texts and facts are kept apart and answer alike on every adapter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from answerable.incident import IncidentUpdate, LedgerEvent, Membership
from answerable.post import AnalysedPost, Forget
from answerable.pulse import Pulse

__all__ = ["Bucket", "Hit", "Item", "Page", "PostIndex", "Purged", "Query", "Search"]

Item = AnalysedPost | Forget | IncidentUpdate | Membership | LedgerEvent


class Query(Struct, frozen=True, kw_only=True):
    """A search: `text` in words, "phrases" and -without; the rest are exact filters, None = any.

    `group` finds the posts of a group also while nobody is shown it, in the texts. `since`/`until` bound
    published_at, seconds, half open. There is no field for authors, by design.
    """

    text: str = ""
    area: str | None = None
    place: str | None = None
    topic: str | None = None
    source: str | None = None
    kind: str | None = None
    lang: str | None = None
    incident: str | None = None
    group: str | None = None
    since: int | None = None
    until: int | None = None
    limit: int = 20
    offset: int = 0


class Hit(Struct, frozen=True, kw_only=True):
    """One post found. `text` and `title` are masked public words; no author exists here."""

    id: str
    source: str
    kind: str
    title: str
    text: str
    url: str | None
    published_at: int
    area: str
    topic: str | None
    incident: str | None


class Page(Struct, frozen=True):
    """Hits by (published_at descending, id), and how many there are in all."""

    total: int
    hits: tuple[Hit, ...]


class Bucket(Struct, frozen=True, array_like=True):
    """How many posts carry a value of the counted field."""

    value: str
    count: int


class Purged(Struct, frozen=True):
    """How many texts, rows of facts and incidents retention dropped, and how many incidents lost their words."""

    texts: int
    facts: int
    incidents: int
    faded: int


class Search(Protocol):
    """What may be asked of an index by processes that do not write it."""

    def search(self, query: Query) -> Page:
        """Find posts that hold every word of the query, newest first."""
        ...

    def count(self, query: Query, by: str) -> tuple[Bucket, ...]:
        """Count matching posts by area, topic, source, kind, lang, incident, day or hour, largest first."""
        ...

    def areas(self, posts: Sequence[str]) -> dict[str, str]:
        """Return the area that each post was filed under, for as long as its facts are kept; others are left out."""
        ...

    def close(self) -> None:
        """Release what the index holds."""
        ...


class PostIndex(Search, Protocol):
    """An index in which put is idempotent by id and revision, and a forgotten post stays forgotten."""

    def put(self, items: Sequence[Item]) -> None:
        """Index items; lower revisions than the one held change nothing; a Forget is durable."""
        ...

    def note(self, pulses: Sequence[Pulse]) -> None:
        """Keep how the processes of the pipeline are, where there is a board for it."""
        ...

    def purge(self, now: int, text_days: int, facts_days: int) -> Purged:
        """Drop texts and facts of posts published longer ago than that."""
        ...
