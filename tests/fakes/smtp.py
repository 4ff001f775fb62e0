"""A mail server whose last word is lost: it takes a mail whole and hangs up before it says so."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Forgetful", "forgetful"]

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


class Forgetful(socketserver.ThreadingTCPServer):
    """Keeps what it is given; the first `silent` mails get no answer."""

    daemon_threads = True

    def __init__(self, silent: int) -> None:
        self.silent = silent
        self.kept: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Session)

    @property
    def port(self) -> int:
        """The port it listens on."""
        number: int = self.server_address[1]
        return number

    def message_ids(self) -> list[str]:
        """Return the Message-ID of every mail it was given, in order."""
        return [found[1].decode() for content in self.kept if (found := _ID.search(content))]


class _Session(socketserver.StreamRequestHandler):
    server: Forgetful
    timeout = 10

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline(4096):
            if line[:4].upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.kept.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                if len(self.server.kept) <= self.server.silent:
                    return
            self.wfile.write(b"250 ok\r\n")


@contextmanager
def forgetful(silent: int) -> Iterator[Forgetful]:
    """Serve on loopback while the block runs."""
    with Forgetful(silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
