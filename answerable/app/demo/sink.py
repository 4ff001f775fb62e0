"""A mail server on loopback that keeps what it is given: RFC 5321 as far as a sender needs it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["sink"]

_ANSWERS = {"EHLO": "250 lanting.example", "HELO": "250 lanting.example", "QUIT": "221 bye"}


class _Kept(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.count, self.lock = folder, 0, threading.Lock()
        super().__init__(("127.0.0.1", 0), _Session)

    def keep(self, content: bytes) -> None:
        with self.lock:
            self.count += 1
            (self.folder / f"{self.count:04d}.eml").write_bytes(content)


class _Session(socketserver.StreamRequestHandler):
    server: _Kept
    timeout = 30

    def handle(self) -> None:
        self._say("220 lanting.example takes mail")
        while line := self.rfile.readline(4096):
            verb = line[:4].decode("ascii", "replace").upper()
            if verb == "DATA":
                self._say("354 go on")
                self.server.keep(self._content())
                self._say("250 kept")
            else:
                self._say(_ANSWERS.get(verb, "250 ok"))
            if verb == "QUIT":
                return

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def sink(folder: Path) -> Iterator[int]:
    """Take mails in while the block runs, one file each in `folder`; yields the port."""
    with _Kept(folder) as server:
        thread = threading.Thread(target=server.serve_forever, name="mail-sink", daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
