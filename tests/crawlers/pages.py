"""Pages of an invented city, and how its sources are described."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import msgspec

from answerable.post import Kind
from crawlers.parse.found import Page
from crawlers.sources import Adapter, Basis, Selectors, Source, WebAddress

__all__ = ["AT", "LETTER", "LETTERS", "LIST", "SHANGHAI", "letter", "letters_page", "page", "selectors", "source"]

AT = 1772500000
SHANGHAI = ZoneInfo("Asia/Shanghai")


def selectors(**css: str) -> Selectors:
    """Read selectors as sources.yaml does."""
    return msgspec.convert(css, Selectors, dec_hook=lambda kind, value: kind(value))


LETTERS = selectors(
    link="ul.letters a", next="a.next", id=".no", title="h1", text=".body", author=".by", published=".at",
    place=".place", views=".views", reply=".comment", reply_text=".words", reply_author=".who",
    reply_published="time@datetime", official=".answer", official_text="p", official_published=".when",
)  # fmt: skip

LIST = """<html><body><ul class="letters">
<li><a href="/letter/1">停水</a></li><li><a href="/letter/2">路灯</a></li></ul>
<a href="javascript:void(0)">x</a><a class="next" href="/list?page=2">下一页</a></body></html>"""


def letters_page(*links: str, following: str = "") -> str:
    """Return a list page with these links."""
    rows = "".join(f'<li><a href="{link}">…</a></li>' for link in links)
    turn = f'<a class="next" href="{following}">下一页</a>' if following else ""
    return f'<html><body><ul class="letters">{rows}</ul>{turn}</body></html>'


def letter(
    number: str = "1203", text: str = "阳光里小区停水三天", author: str = "河畔老李", views: int = 12, more: str = ""
) -> str:
    """Return a letter's page."""
    return (
        f'<html><body><h1>反映停水</h1><p class="no">{number}</p><span class="by">{author}</span>'
        f'<span class="at">来信时间：2026-03-02 08:30</span><span class="place">临河区</span>'
        f'<div class="body"><p>{text}</p><p>请尽快处理</p></div><b class="views">浏览 {views}</b>{more}</body></html>'
    )


LETTER = letter(
    more='<div class="comment"><b class="who">小鱼77</b><time datetime="2026-03-02T10:00:00+08:00"></time>'
    '<div class="words">我家也停水</div></div>'
    '<div class="answer"><p>已派人抢修，今晚恢复供水。</p><span class="when">2026年3月3日</span></div>'
)


def page(text: str, url: str = "https://letters.example/letter/1") -> Page:
    """Return a fetched page."""
    return Page(url=url, text=text, source="letters", kind=Kind.LETTER, zone=SHANGHAI, now=AT, lang="zh")


def source(url: str, adapter: Adapter = Adapter.LIST_DETAIL, **changes: object) -> Source:
    """Return a source as sources.yaml describes it."""
    base = Source(
        id="letters",
        adapter=adapter,
        url=WebAddress(url),
        kind=Kind.LETTER,
        basis=Basis.PUBLIC_PAGE,
        terms_checked=datetime.date(2026, 1, 1),
        contact="press@letters.example",
        area="3701",
        selectors=LETTERS,
    )
    return msgspec.structs.replace(base, **changes)
