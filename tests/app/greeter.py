"""A mail server that greets, says what it offers and lets nobody log in; it takes no mails."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

__all__ = ["greeter"]


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say(self.server.answers.get("", "220 lanting.test greets you"))
        while line := self.rfile.readline():
            if answer := self.server.answers.get(line[:4].decode().upper()):
                self._say(answer)
                continue
            match line[:4].upper():
                case b"EHLO":
                    offers = ["lanting.test", *self.server.offers]
                    for offer in offers[:-1]:
                        self._say(f"250-{offer}")
                    self._say(f"250 {offers[-1]}")
                case b"AUTH":
                    self._say("535 no")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, offers: tuple[str, ...], answers: Mapping[str, str]) -> None:
        self.offers, self.answers = offers, answers
        super().__init__(("127.0.0.1", 0), _Session)


@contextmanager
def greeter(*offers: str, answers: Mapping[str, str] = {}) -> Iterator[int]:
    """Greet while the block runs; yields the port. `answers` go by a verb's four letters, "" = the greeting."""
    with _Server(offers, answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
