"""What a page gave: items, and what could not be read, which is counted and never kept."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from msgspec import Struct

from answerable.post import Kind
from crawlers.border import RawItem

__all__ = ["Page", "Parsed", "Unparsed"]


class Page(Struct, frozen=True, kw_only=True):
    """A fetched page: its text and address, and what its source says about it. `now` is when it was fetched."""

    url: str
    text: str
    source: str
    kind: Kind
    zone: ZoneInfo
    now: int
    lang: str | None = None


class Unparsed(Struct, frozen=True):
    """Something that looked like an item and could not be read: where, and what was missing; no content."""

    url: str
    what: str


Parsed = RawItem | Unparsed
