"""A post that a file holds more than once: which of its lines say something new, and as which revision."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, structs

from crawlers.border import RawItem

__all__ = ["Revised", "What", "order", "revised", "said"]

What = tuple[object, ...]


class Revised(Struct, frozen=True):
    """An item that says something new: its revision, and whether its words are others than before.

    It keeps the time of publication under which the post first came.
    """

    item: RawItem
    revision: int
    edited: bool


def order(item: RawItem) -> What:
    """Return what items are sorted by: (fetched_at, id), then what they say; input order decides nothing."""
    return (item.fetched_at, item.id, item.source, *_counts(item), *_words(item))


def revised(ordered: Iterable[RawItem], again: Callable[[RawItem], bool] = lambda item: True) -> Iterator[Revised]:
    """Yield the items that are new, or that say or count something else than the last one of the same post.

    `again` tells whether a post may come again; of others nothing is remembered.
    """
    last: dict[tuple[str, str], tuple[RawItem, int]] = {}
    for item in ordered:
        if not again(item):
            yield Revised(item, 1, edited=False)
            continue
        before, revision = last.get((item.source, item.id), (None, 0))
        if before is not None:
            item = structs.replace(item, published_at=before.published_at)
            if said(item) == said(before):
                continue
        last[item.source, item.id] = item, revision + 1
        yield Revised(item, revision + 1, before is not None and _words(item) != _words(before))


def said(item: RawItem) -> What:
    """Return which post an item is, what it says and what it counts; when it was read and by whom is left out."""
    return (item.source, item.id, *_words(item), *_counts(item))


def _words(item: RawItem) -> tuple[str, ...]:
    return (item.kind, item.title, item.text, item.place or "", item.reply_to or "", item.repost_of or "")


def _counts(item: RawItem) -> tuple[int, ...]:
    counts = item.counts
    return (counts.likes, counts.replies, counts.reposts, counts.views)
