"""A mail server with moods: each connection draws one from a seeded plan and behaves like it."""

from __future__ import annotations

import random
import re
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum

__all__ = ["Mood", "Moody", "moody"]

_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


class Mood(StrEnum):
    """How a connection goes."""

    FINE = "fine"
    BUSY = "421 at once"
    LATER = "451 after the mail"
    NEVER = "550 for the recipient"
    TARPIT = "no word"
    DROP = "hung up in the middle of the mail"
    LOST = "taken, and hung up before 250"
    RUDE = "taken, and hung up after 250"


class Moody(socketserver.ThreadingTCPServer):
    """Keeps what it took as (Message-ID, content); `moods` may be changed while it runs.

    `lost` holds the Message-IDs whose last word the other side never heard; `met` counts the moods.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, seed: int, moods: Mapping[Mood, float], tarpit_s: float) -> None:
        self.moods, self.tarpit_s = dict(moods), tarpit_s
        self.kept: list[tuple[str, bytes]] = []
        self.lost: Counter[str] = Counter()
        self.met: Counter[Mood] = Counter()
        self._random = random.Random(f"mail {seed}")  # noqa: S311 — a seeded plan, no secret
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Session)

    @property
    def port(self) -> int:
        """The port it listens on."""
        number: int = self.server_address[1]
        return number

    def draw(self) -> Mood:
        """Choose the mood of the next connection."""
        with self._lock:
            kinds = list(self.moods)
            mood = self._random.choices(kinds, [self.moods[kind] for kind in kinds])[0]
            self.met[mood] += 1
            return mood

    def keep(self, content: bytes, mood: Mood) -> None:
        """Take a mail."""
        found = _ID.search(content)
        name = found[1].decode() if found else ""
        with self._lock:
            self.kept.append((name, content))
            self.lost[name] += mood is Mood.LOST


class _Session(socketserver.StreamRequestHandler):
    server: Moody
    timeout = 20

    def handle(self) -> None:
        with suppress(OSError):
            self._talk(self.server.draw())

    def _talk(self, mood: Mood) -> None:
        if mood is Mood.TARPIT:
            time.sleep(self.server.tarpit_s)
            return
        self._say(b"421 too busy" if mood is Mood.BUSY else b"220 here")
        while (line := self.rfile.readline(4096)) and mood is not Mood.BUSY:
            word = line[:4].upper()
            if word == b"DATA" and not self._data(mood):
                return
            if word == b"STAR":
                self._say(b"502 no such thing here")
            elif word == b"RCPT" and mood is Mood.NEVER:
                self._say(b"550 nobody of that name")
            elif word != b"DATA":
                self._say(b"250 ok")

    def _data(self, mood: Mood) -> bool:
        """Take a mail in; tell whether the conversation goes on."""
        self._say(b"354 go on")
        if mood is Mood.DROP:
            self.rfile.readline(4096)
            return False
        content = b"".join(iter(self.rfile.readline, b".\r\n"))
        if mood is Mood.LATER:
            self._say(b"451 not now")
            return True
        self.server.keep(content, mood)
        if mood is Mood.LOST:
            return False
        self._say(b"250 kept")
        return mood is not Mood.RUDE

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def moody(seed: int = 0, moods: Mapping[Mood, float] | None = None, tarpit_s: float = 3.0) -> Iterator[Moody]:
    """Serve on loopback while the block runs; fine to everybody unless told otherwise."""
    with Moody(seed, moods or {Mood.FINE: 1.0}, tarpit_s) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
