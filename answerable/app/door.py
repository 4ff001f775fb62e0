"""How another command reaches the running desk: a socket of mode 0600 in the data folder, or the lock.

Three kinds of things pass: batches of posts, what a person wants done about an incident, and what to do about dead
letters. Frames are a kind, a length, and as many bytes; each batch, action and request is answered with one line.
"""

from __future__ import annotations

import fcntl
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from alerts.entry import Action
from answerable import post
from answerable.app.deadletters import Asked, Outcome
from answerable.errors import AnswerableError, DecodeError, Refused, Unavailable
from answerable.post import Forget, Post

__all__ = ["hand_action", "hand_letters", "hand_over", "listen", "only_one"]

_FRAME = struct.Struct(">cI")
_POST, _ACTION, _LETTERS, _END = b"p", b"a", b"d", b"."
_REQUESTS: dict[bytes, msgspec.msgpack.Decoder[Action | Asked]] = {
    _ACTION: msgspec.msgpack.Decoder(Action),
    _LETTERS: msgspec.msgpack.Decoder(Asked),
}
_LARGEST = 16 << 20
_OK, _REFUSED = "ok", "refused: "
Take = Callable[[Sequence[Post | Forget]], object]
Act = Callable[[Action], object]
Mend = Callable[[Asked], Sequence[Outcome]]


@contextmanager
def only_one(folder: Path, what: str = "run") -> Iterator[None]:
    """Hold one of the folder's locks: "run" is the desk's. Raise Unavailable where another process holds it."""
    with (folder / f"{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            name = {"run": "a desk", "index": "a process that writes the index"}[what]
            raise Unavailable(f"{name} is running on {folder} already; stop it first") from None
        yield


@contextmanager
def listen(folder: Path, take: Take, act: Act, mend: Mend = lambda asked: ()) -> Iterator[None]:
    """Take posts, actions and dead letters over the socket while the block runs; each is answered once it is durable.

    At the end of the block what was sent whole is taken and answered; after that nothing comes in any more.
    """
    path = folder / "desk.sock"
    path.unlink(missing_ok=True)

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side has gone; what it was told last is all that it may rely on
                _serve(self, take, act, mend)

    with _Server(str(path), Session) as server:
        path.chmod(0o600)
        thread = threading.Thread(target=server.serve_forever, name="door", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
            path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    """A thread for each line; closing it waits for them."""

    def __init__(self, path: str, session: type[socketserver.StreamRequestHandler]) -> None:
        self._lines: set[socket.socket] = set()
        super().__init__(path, session)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note a line that came in, then serve it."""
        self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a line that is done with."""
        self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Let every line end after what came in already."""
        for line in tuple(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RD)


def _serve(lines: socketserver.StreamRequestHandler, take: Take, act: Act, mend: Mend) -> None:
    """Do what comes in, and say after each that it is done; end where that cannot be."""
    try:
        while (asked := _read(lines.rfile.read)) is not None:
            said = ""
            match asked:
                case Action():
                    act(asked)
                case Asked():
                    said = " ".join(mend(asked))
                case _:
                    take(asked)
            lines.wfile.write(f"{_OK} {said}".strip().encode() + b"\n")
    except AnswerableError as error:
        kind = _REFUSED if isinstance(error, Refused) else ""
        lines.wfile.write(f"{kind}{' '.join(str(error).split())}\n".encode())


@contextmanager
def hand_over(folder: Path) -> Iterator[Take]:
    """Connect to the desk that runs on `folder`; yields a function that returns once a batch is durable there.

    Raises Unavailable where no desk listens.
    """
    with _line(folder) as ask:
        yield lambda records: ask([(_POST, post.encode(record)) for record in records] + [(_END, b"")])


def hand_action(folder: Path, action: Action) -> None:
    """Let the desk that runs on `folder` do what a person asks.

    Raises Refused with the desk's own words, and Unavailable where no desk listens or it cannot do it now.
    """
    with _line(folder) as ask:
        ask([(_ACTION, msgspec.msgpack.encode(action))])


def hand_letters(folder: Path, asked: Asked) -> tuple[Outcome, ...]:
    """Let the desk that runs on `folder` do something about dead letters; return what became of each.

    Raises Unavailable where no desk listens or it cannot do it now.
    """
    with _line(folder) as ask:
        return tuple(map(Outcome, ask([(_LETTERS, msgspec.msgpack.encode(asked))]).split()))


@contextmanager
def _line(folder: Path) -> Iterator[Callable[[list[tuple[bytes, bytes]]], str]]:
    """Connect; yields a function that sends frames and returns what else the desk says once it is done."""
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(folder / "desk.sock"))
        except OSError:
            raise Unavailable(f"no desk is running on {folder}") from None
        answers = line.makefile("rb")

        def ask(frames: list[tuple[bytes, bytes]]) -> str:
            try:
                for kind, data in frames:
                    line.sendall(_FRAME.pack(kind, len(data)) + data)
                answer = answers.readline().decode().strip()
            except OSError:
                answer = ""
            if answer.startswith(_REFUSED):
                raise Refused(answer.removeprefix(_REFUSED))
            ok, _, said = answer.partition(" ")
            if ok != _OK:
                raise Unavailable(answer or "the desk ended before it was done")
            return said

        yield ask


def _read(read: Callable[[int], bytes]) -> list[Post | Forget] | Action | Asked | None:
    """Read one batch, which may be empty, one action or one request; None at the end. Else raises DecodeError."""
    records: list[Post | Forget] = []
    while len(head := read(_FRAME.size)) == _FRAME.size:
        kind, length = _FRAME.unpack(head)
        if kind == _END or length > _LARGEST:
            return records if kind == _END else None
        if kind in _REQUESTS:
            return _request(kind, read(length))
        record = post.decode(read(length))
        if isinstance(record, Post | Forget):
            records.append(record)
    return None


def _request(kind: bytes, data: bytes) -> Action | Asked:
    try:
        return _REQUESTS[kind].decode(data)
    except msgspec.DecodeError:
        raise DecodeError("what came through the door is no request") from None
