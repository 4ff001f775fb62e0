"""RSS 2.0, RSS 1.0 and Atom: from the text of a feed to raw items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from answerable.post import Counts
from crawlers.border import RawItem
from crawlers.parse import text as words
from crawlers.parse.dates import read_time
from crawlers.parse.found import Page, Parsed, Unparsed
from crawlers.parse.xml import Element, Refused, read

__all__ = ["parse"]

_DATES = ("pubDate", "published", "date", "issued", "updated", "modified")
_COUNT = re.compile(r"\d{1,9}")
_MAIL_AND_NAME = re.compile(r"^\S+@\S+\s+\((.+)\)$")


def parse(page: Page) -> Iterator[Parsed]:
    """Yield the items of a feed in its order; an entry without text, id or date is Unparsed.

    An entry's date is never guessed: one without would look new on the day the source is added.
    """
    try:
        root = read(page.text)
    except Refused as refused:
        yield Unparsed(page.url, str(refused))
        return
    entries = _entries(root)
    if not entries and root.name not in ("rss", "feed", "RDF"):
        yield Unparsed(page.url, "no feed")
    for entry in entries:
        yield _item(page, entry)


def _entries(root: Element) -> list[Element]:
    if root.name == "rss":
        return [item for channel in root.all("channel") for item in channel.all("item")]
    return list(root.all("entry", "item"))


def _item(page: Page, entry: Element) -> Parsed:
    link = _link(page.url, entry)
    native = entry.first("guid", "id") or link or ""
    title = words.of_html(entry.first("title"))
    body = words.of_html(entry.first("encoded", "content", "description", "summary"))
    published = read_time(
        entry.first("pubDate", "published", "date", "issued", "updated", "modified"), page.zone, page.now
    )
    for missing, what in ((not native, "id"), (not (title or body), "text"), (published is None, "published")):
        if missing:
            return Unparsed(link or page.url, f"entry without {what}")
    return RawItem(
        id=native,
        source=page.source,
        kind=page.kind,
        title=title if body else "",
        text=body or title,
        url=link,
        author=_author(entry),
        published_at=published or 0,
        fetched_at=page.now,
        lang=page.lang,
        reply_to=next((reply.attributes.get("ref") for reply in entry.all("in-reply-to")), None),
        counts=Counts(replies=_count(entry.first("comments", "total"))),
    )


def _link(base: str, entry: Element) -> str | None:
    """Return an entry's own page: Atom's alternate link, RSS's link, or a guid that is a permalink."""
    for link in entry.all("link"):
        target = link.attributes.get("href") or link.text.strip()
        if target and link.attributes.get("rel", "alternate") == "alternate":
            return urljoin(base, target)
    for guid in entry.all("guid"):
        if guid.attributes.get("isPermaLink", "true") == "true" and guid.text.strip().startswith("http"):
            return guid.text.strip()
    return None


def _author(entry: Element) -> str | None:
    name = entry.first("creator") or next(
        (person.first("name") for person in entry.all("author") if person.children), ""
    )
    name = name or entry.first("author")
    inner = _MAIL_AND_NAME.match(name)
    return (inner[1] if inner else name) or None


def _count(text: str) -> int:
    return int(text) if _COUNT.fullmatch(text) else 0
