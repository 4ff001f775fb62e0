"""List pages and detail pages by CSS selectors: which items there are, and what each says."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from answerable.post import Counts, Kind
from crawlers.border import RawItem
from crawlers.parse import text as words
from crawlers.parse.dates import read_time
from crawlers.parse.found import Page, Parsed, Unparsed
from crawlers.parse.links import resolve
from crawlers.sources import Selector, Selectors

__all__ = ["Listing", "native_id", "parse_detail", "parse_list"]

_ID_KEYS = ("id", "tid", "aid", "articleid", "letterid", "mailid", "infoid", "topicid", "threadid", "no", "p", "t")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s?(万|[kK])?")


class Listing(Struct, frozen=True):
    """What a list page gave: the addresses of its items in order, the next page, and what was not found."""

    links: tuple[str, ...]
    next: str | None = None
    unparsed: Unparsed | None = None


def parse_list(page: Page, selectors: Selectors) -> Listing:
    """Read a list page; one on which no link is found is Unparsed: an empty board shows at least its frame."""
    tree = words.parse(page.text)
    links = dict.fromkeys(
        filter(None, (_target(page.url, node, selectors.link) for node in tree.css(selectors.link.css)))
    )
    turn = tree.css_first(selectors.next.css) if selectors.next else None
    following = _target(page.url, turn, selectors.next) if turn is not None and selectors.next else None
    missing = None if links else Unparsed(page.url, "list without link")
    return Listing(tuple(links), following if following != page.url else None, missing)


def _target(base: str, node: LexborNode, selector: Selector) -> str | None:
    return resolve(base, node.attributes.get(selector.attribute or "href"))


def parse_detail(page: Page, selectors: Selectors) -> Iterator[Parsed]:
    """Yield a page's item, then its replies and official answers, each with `reply_to` the item's id."""
    tree = words.parse(page.text)
    native = (_value(tree, selectors.id) if selectors.id else native_id(page.url)) or ""
    title, body = _value(tree, selectors.title), _value(tree, selectors.text)
    published = read_time(_value(tree, selectors.published), page.zone, page.now)
    for missing, what in ((not native, "id"), (not body, "text"), (published is None, "published")):
        if missing:
            yield Unparsed(page.url, f"detail without {what}")
            return
    yield RawItem(
        id=native,
        source=page.source,
        kind=page.kind,
        title=title,
        text=body,
        url=page.url,
        author=_value(tree, selectors.author) or None,
        published_at=published or 0,
        fetched_at=page.now,
        lang=page.lang,
        place=_value(tree, selectors.place) or None,
        counts=_counts(tree, selectors),
    )
    yield from _boxes(page, tree, native, _replies(selectors))
    yield from _boxes(page, tree, native, _answers(selectors))


class _Box(Struct, frozen=True):
    """How to read a box below an item: its own selectors, kind and the name used for ids and complaints."""

    name: str
    kind: Kind
    box: Selector | None
    id: Selector | None
    text: Selector | None
    author: Selector | None
    published: Selector | None


def _replies(s: Selectors) -> _Box:
    return _Box("reply", Kind.COMMENT, s.reply, s.reply_id, s.reply_text, s.reply_author, s.reply_published)


def _answers(s: Selectors) -> _Box:
    return _Box("official", Kind.OFFICIAL, s.official, s.official_id, s.official_text, None, s.official_published)


def _boxes(page: Page, tree: LexborHTMLParser, parent: str, how: _Box) -> Iterator[Parsed]:
    for node in tree.css(how.box.css) if how.box else ():
        body = _value(node, how.text) if how.text else words.of_node(node)
        shown = _value(node, how.published) if how.published else words.of_node(node)
        published = read_time(shown, page.zone, page.now)
        if not body and not how.text:
            continue
        if not body or published is None:
            yield Unparsed(page.url, f"{how.name} without {'published' if body else 'text'}")
            continue
        own = _value(node, how.id) if how.id else ""
        yield RawItem(
            id=f"{parent}/{how.name}/{own or _digest(f'{published}{body}')}",
            source=page.source,
            kind=how.kind,
            text=body,
            url=page.url,
            author=(_value(node, how.author) or None) if how.author else None,
            published_at=published,
            fetched_at=page.now,
            lang=page.lang,
            reply_to=parent,
        )


def _digest(text: str) -> str:
    """Name a box that has no id of its own by what it says."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _value(node: LexborHTMLParser | LexborNode, selector: Selector | None) -> str:
    """Return what a selector finds first: an attribute or the text, "" where it finds nothing."""
    found = node.css_first(selector.css) if selector else None
    if found is None or selector is None:
        return ""
    return (found.attributes.get(selector.attribute) or "").strip() if selector.attribute else words.of_node(found)


def _counts(tree: LexborHTMLParser, s: Selectors) -> Counts:
    likes, replies, reposts, views = (_number(_value(tree, one)) for one in (s.likes, s.replies, s.reposts, s.views))
    return Counts(likes, replies, reposts, views)


def _number(text: str) -> int:
    """Read a counter as pages show it.

    >>> _number("阅读 1.2万"), _number("1,203 views"), _number("")
    (12000, 1203, 0)
    """
    found = _NUMBER.search(text.replace(",", ""))
    if not found or len(found[1]) > 12:
        return 0
    return round(float(found[1]) * {"万": 10_000, "k": 1000, "K": 1000}.get(found[2] or "", 1))


def native_id(url: str) -> str:
    """Return the id that a page's address carries: an id parameter, else the last number or segment of its path.

    >>> native_id("https://a.example/letters/view.jsp?id=1203&x=2"), native_id("https://a.example/t/2026/t_88.html")
    ('1203', 't_88')
    """
    parts = urlsplit(url)
    query = {key.lower(): value for key, value in parse_qsl(parts.query)}
    by_key = next((query[key] for key in _ID_KEYS if query.get(key)), "")
    segment = parts.path.rstrip("/").rpartition("/")[2]
    return by_key or re.sub(r"\.[a-zA-Z]{2,5}$", "", segment)
