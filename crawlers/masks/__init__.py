"""What the border paints over: one module an idea, each a `find` from folded text to spans."""

from __future__ import annotations

from collections.abc import Iterator

from crawlers.masks import homes, idnumbers, mail, mentions, names, own, phones, plates, urls
from crawlers.masks.fold import Span, flatten, paint, unseen

__all__ = ["mask"]

_FINDERS = (mail.find, urls.find, mentions.find, idnumbers.find, phones.find, plates.find, homes.find, names.find)


def mask(text: str, author: str | None) -> str:
    """Paint over everything personal, one star a code point, so that offsets hold.

    >>> mask("我叫王小河，电话１３８００１３８０００，楼上River_Li也说", "river_li")
    '我叫***，电话***********，楼上********也说'
    """
    if not text:
        return text
    seen, kept = unseen(text)
    return paint(text, list(_spans(flatten(seen), author)), kept)


def _spans(text: str, author: str | None) -> Iterator[Span]:
    for find in _FINDERS:
        yield from find(text)
    if author is not None:
        yield from own.find(text, author)
