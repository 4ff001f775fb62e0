"""The city's pages over real HTTP on loopback: two boards in Chinese, one in English, a news feed, robots.txt."""

from __future__ import annotations

import email.utils
import hashlib
import html
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from answerable.app.demo.city import Entry
from answerable.clock import show

__all__ = ["Site", "serve"]

_PAGE_SIZE = 40
_NAMES = {"letters": "澜汀市民来信", "forum": "澜汀论坛", "harbour": "Lanting Harbour Board", "news": "澜汀晚报"}
_ROBOTS = "User-agent: *\nDisallow: /members/\n"


class Site(Struct, frozen=True):
    """The pages by board, newest first; `get` answers a path as (status, content type, body)."""

    boards: dict[str, tuple[Entry, ...]]

    @classmethod
    def of(cls, entries: list[Entry]) -> Site:
        """Sort entries into their boards."""
        newest = sorted(entries, key=lambda entry: -entry.number)
        return cls({board: tuple(entry for entry in newest if entry.board == board) for board in _NAMES})

    def get(self, target: str) -> tuple[int, str, str]:
        """Answer one GET.

        >>> Site.of([]).get("/robots.txt")[0], Site.of([]).get("/nowhere")[0]
        (200, 404)
        """
        url = urlsplit(target)
        board, _, number = url.path.strip("/").partition("/")
        if url.path == "/robots.txt":
            return 200, "text/plain", _ROBOTS
        if url.path == "/news.xml":
            return 200, "application/rss+xml", _feed(self.boards["news"])
        if url.path == "/":
            return 200, "text/html", _front(self)
        if board in self.boards and not number:
            page = int(parse_qs(url.query).get("page", ["1"])[0])
            return 200, "text/html", _list(board, self.boards[board], page)
        for entry in self.boards.get(board, ()):
            if str(entry.number) == number:
                return 200, "text/html", _detail(entry)
        return 404, "text/html", _page("404", "<p>Nothing here.</p>")


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
        f"<body><h1 class='site'>{html.escape(title)}</h1>{body}</body></html>"
    )


def _front(site: Site) -> str:
    links = "".join(f'<li><a href="/{board}/">{_NAMES[board]}</a></li>' for board in site.boards if board != "news")
    return _page("澜汀市 Lanting City", f'<ul>{links}<li><a href="/news.xml">{_NAMES["news"]}</a></li></ul>')


def _list(board: str, entries: tuple[Entry, ...], page: int) -> str:
    shown = entries[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    rows = "".join(
        f'<li><a class="entry" href="/{board}/{entry.number}">{html.escape(entry.title)}</a>'
        f"<time>{show(entry.at)}</time></li>"
        for entry in shown
    )
    more = f'<a class="next" href="/{board}/?page={page + 1}">›</a>' if page * _PAGE_SIZE < len(entries) else ""
    return _page(_NAMES[board], f'<ol class="entries">{rows}</ol>{more}')


def _detail(entry: Entry) -> str:
    reply = ""
    if entry.reply:
        office, at, text = entry.reply
        reply = (
            f'<section class="reply"><p class="office" data-id="{entry.number}-reply">{html.escape(office)}</p>'
            f'<time datetime="{show(at)}">{show(at)}</time><div class="text">{html.escape(text)}</div></section>'
        )
    return _page(
        _NAMES[entry.board],
        f'<article data-id="{entry.number}"><h2 class="title">{html.escape(entry.title)}</h2>'
        f'<p class="meta"><a class="author" href="/members/{entry.number}">{html.escape(entry.author)}</a> '
        f'<time datetime="{show(entry.at)}">{show(entry.at)}</time> '
        f'<span class="place">{html.escape(entry.place)}</span></p>'
        f'<div class="text">{html.escape(entry.text)}</div></article>{reply}',
    )


def _feed(entries: tuple[Entry, ...]) -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>{entry.number}</guid><title>{html.escape(entry.title)}</title>"
        f"<description>{html.escape(entry.text)}</description>"
        f"<pubDate>{email.utils.formatdate(entry.at)}</pubDate></item>"
        for entry in entries
    )
    head = f"<title>{_NAMES['news']}</title><link>/</link><description>{_NAMES['news']}</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _handler(site: Callable[[], Site]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, text = site().get(self.path)
            body = text.encode()
            etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", etag)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: requests are not for the demo's reader."""

    return Handler


@contextmanager
def serve(site: Callable[[], Site], port: int = 0, host: str = "127.0.0.1") -> Iterator[int]:
    """Serve the site while the block runs, on loopback unless told; yields the port."""
    server = ThreadingHTTPServer((host, port), _handler(site))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="demo-site", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
