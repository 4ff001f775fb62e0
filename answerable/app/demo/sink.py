"""A mail server that keeps what it is given: RFC 5321 as far as a sender needs it.

Mails to a reply address are delivered to the desk instead, as a server's alias would: the desk's refusal is the
server's (550), so that one can answer with any mail program that is told to send here.
"""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from answerable.errors import AnswerableError, Refused

__all__ = ["Answers", "Sink", "sink"]

_SAID = {"EHLO": "250 lanting.example", "HELO": "250 lanting.example", "QUIT": "221 bye"}
_PATH = re.compile(r"(?:MAIL FROM|RCPT TO):\s*<([^<>]*)>", re.IGNORECASE)
Answers = Callable[[str, bytes], bool]


class Sink(socketserver.ThreadingTCPServer):
    """Keeps mails in `folder`, one file each.

    `answers` is asked first about each mail, by the address it goes to: it takes it (True), leaves it to be kept
    (False), or raises Refused with words for the sender.
    """

    daemon_threads = True

    allow_reuse_address = True

    def __init__(self, folder: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.count, self.lock = folder, len(list(folder.glob("*.eml"))), threading.Lock()
        self.answers: Answers = lambda to, content: False
        super().__init__((host, port), _Session)

    @property
    def port(self) -> int:
        """The port that mails go to."""
        port: int = self.server_address[1]
        return port

    def deliver(self, sender: str, to: list[str], content: bytes) -> str:
        """Take one mail in; return the server's answer."""
        taken = 0
        try:
            for address in to:
                head = f"Return-Path: <{sender}>\r\nDelivered-To: {address}\r\n".encode("ascii", "replace")
                taken += self.answers(address, head + content)
        except AnswerableError as error:
            code = "550 5.7.1" if isinstance(error, Refused) else "451 4.3.0"
            return f"{code} {' '.join(str(error).split())}"
        if taken < max(len(to), 1):
            self._keep(content)
        return "250 taken" if taken else "250 kept"

    def _keep(self, content: bytes) -> None:
        with self.lock:
            self.count += 1
            (self.folder / f"{self.count:04d}.eml").write_bytes(content)


class _Session(socketserver.StreamRequestHandler):
    server: Sink
    timeout = 30

    def handle(self) -> None:
        self._say("220 lanting.example takes mail")
        sender, to = "", list[str]()
        while line := self.rfile.readline(4096):
            verb, path = line[:4].decode("ascii", "replace").upper(), _PATH.match(line.decode("ascii", "replace"))
            if verb == "MAIL":
                sender, to = path[1] if path else "", []
            elif verb == "RCPT" and path:
                to.append(path[1])
            if verb == "DATA":
                self._say("354 go on")
                self._say(self.server.deliver(sender, to, self._content()))
            else:
                self._say(_SAID.get(verb, "250 ok"))
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
def sink(folder: Path, host: str = "127.0.0.1", port: int = 0) -> Iterator[Sink]:
    """Take mails in while the block runs, one file each in `folder`; on loopback and any free port unless told."""
    with Sink(folder, host, port) as server:
        thread = threading.Thread(target=server.serve_forever, name="mail-sink", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
