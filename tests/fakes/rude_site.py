"""A local web server with misbehaving resources; it remembers who asked for what, and when."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from msgspec import Struct

__all__ = ["Answer", "Hit", "RudeSite", "bomb", "html"]


class Answer(Struct, frozen=True):
    """What a path answers: `drip` is the pause in seconds after each byte of the body."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    drip: float = 0.0


class Hit(Struct, frozen=True):
    """A request that came in."""

    path: str
    at: float
    headers: dict[str, str]


def html(text: str, *headers: tuple[str, str], status: int = 200) -> Answer:
    """Return a page in UTF-8."""
    return Answer(text.encode(), status, (("Content-Type", "text/html; charset=utf-8"), *headers))


def bomb(size: int, layers: int = 1) -> Answer:
    """Return a page that unpacks to `size` bytes of blanks."""
    body = b" " * size
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return Answer(body, headers=(("Content-Type", "text/html"), ("Content-Encoding", ", ".join(["gzip"] * layers))))


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that hangs up is what the site is for."""


class RudeSite:
    """Serves `pages` on loopback; a callable page is asked anew each time. An ETag that matches answers 304."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer | Callable[[], Answer]] = {}
        self.hits: list[Hit] = []
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def host(self) -> str:
        """Name the host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self._scheme}://{self.host}{path}"

    def paths(self, prefix: str = "/") -> list[str]:
        """List the paths asked for so far, in order, without robots.txt."""
        return [hit.path for hit in self.hits if hit.path.startswith(prefix) and hit.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # head and body in one packet: two would wait for each other

            def do_GET(self) -> None:
                site.hits.append(Hit(self.path, time.monotonic(), dict(self.headers.items())))
                page = site.pages.get(self.path, Answer(b"not here", 404))
                answer = page() if callable(page) else page
                etag = dict(answer.headers).get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    answer = Answer(b"", 304, (("ETag", etag),))
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                with suppress(OSError):
                    self._send(answer)

            def _send(self, answer: Answer) -> None:
                if not answer.drip:
                    self.wfile.write(answer.body)
                    return
                for at in range(len(answer.body)):
                    self.wfile.write(answer.body[at : at + 1])
                    self.wfile.flush()
                    time.sleep(answer.drip)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent: the hits are the log."""

        return Handler
