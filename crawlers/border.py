"""The border: a raw item becomes a post, and everything personal ends here."""

from __future__ import annotations

import re

from msgspec import Struct

from answerable.post import Counts, Kind, Post, post_id
from crawlers.keys import DayKeys
from crawlers.masks import mask
from crawlers.masks.own import is_nobody
from crawlers.masks.urls import clean

__all__ = ["Border", "DayKeys", "RawItem"]

_LANG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4}){0,2}")


class RawItem(Struct, frozen=True, kw_only=True):
    """A public utterance as its source shows it, author and all; it never leaves the process that read it.

    Ids are the source's own. Times are UTC seconds.
    """

    id: str
    source: str
    kind: Kind
    text: str
    published_at: int
    fetched_at: int
    title: str = ""
    url: str | None = None
    author: str | None = None
    lang: str | None = None
    place: str | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    counts: Counts = Counts()

    def __repr__(self) -> str:
        return f"RawItem({post_id(self.source, self.id)})"


class Border:
    """Admits raw items as posts; `home` is the gazetteer id of the source's home, where it has one.

    A day's key that has to be made lives 48 hours from `now`; without it, from when the item was fetched.
    """

    def __init__(self, keys: DayKeys, home: str | None, now: int | None = None) -> None:
        self._keys = keys
        self._home = home
        self._now = now

    def admit(self, item: RawItem) -> Post:
        """Return the post of an item: masked, with a day's token for its author; the same for the same keys.

        An author field that names nobody ("匿名", "guest") gives no token: it is not one person. The
        day of a token is that of publication. Raises Unavailable where the day's key cannot be had.
        """
        author = item.author.strip() if item.author is not None and not is_nobody(item.author) else None
        return Post(
            id=post_id(item.source, item.id),
            source=item.source,
            kind=item.kind,
            title=mask(_whole(item.title), author),
            text=mask(_whole(item.text), author),
            published_at=item.published_at,
            fetched_at=item.fetched_at,
            author=None if author is None else self._token(item, author),
            url=clean(item.url, author),
            lang=item.lang if item.lang and _LANG.fullmatch(item.lang) else None,
            place=mask(_whole(item.place), author) if item.place else None,
            home=self._home,
            reply_to=post_id(item.source, item.reply_to) if item.reply_to else None,
            repost_of=post_id(item.source, item.repost_of) if item.repost_of else None,
            counts=item.counts,
        )

    def _token(self, item: RawItem, author: str) -> str:
        made_at = item.fetched_at if self._now is None else self._now
        return self._keys.token(item.source, author, item.published_at, made_at)


def _whole(text: str) -> str:
    """Replace half surrogates, which no store can hold, one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text
