"""How another command reaches the running desk: a socket of mode 0600 in the data folder, or the lock.

Two kinds of things pass: batches of posts, and what a person wants done. Frames are a kind, a length, and as many
bytes; each batch and each action is answered with one line.
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
from answerable.errors import AnswerableError, DecodeError, Refused, Unavailable
from answerable.post import Forget, Post

__all__ = ["hand_action", "hand_over", "listen", "only_one"]

_FRAME = struct.Struct(">cI")
_POST, _ACTION, _END = b"p", b"a", b"."
_LARGEST = 16 << 20
_OK, _REFUSED = "ok", "refused: "
Take = Callable[[Sequence[Post | Forget]], object]
Act = Callable[[Action], object]


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
def listen(folder: Path, take: Take, act: Act) -> Iterator[None]:
    """Take posts and actions over the socket while the block runs; each is answered once it is durable.

    At the end of the block what was sent whole is taken and answered; after that nothing comes in any more.
    """
    path = folder / "desk.sock"
    path.unlink(missing_ok=True)

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side has gone; what it was told last is all that it may rely on
                _serve(self, take, act)

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


def _serve(lines: socketserver.StreamRequestHandler, take: Take, act: Act) -> None:
    """Do what comes in, and say after each that it is done; end where that cannot be."""
    try:
        while (asked := _read(lines.rfile.read)) is not None:
            act(asked) if isinstance(asked, Action) else take(asked)
            lines.wfile.write(f"{_OK}\n".encode())
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


@contextmanager
def _line(folder: Path) -> Iterator[Callable[[list[tuple[bytes, bytes]]], None]]:
    """Connect; yields a function that sends frames and returns once the desk says that it is done."""
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(folder / "desk.sock"))
        except OSError:
            raise Unavailable(f"no desk is running on {folder}") from None
        answers = line.makefile("rb")

        def ask(frames: list[tuple[bytes, bytes]]) -> None:
            try:
                for kind, data in frames:
                    line.sendall(_FRAME.pack(kind, len(data)) + data)
                answer = answers.readline().decode().strip()
            except OSError:
                answer = ""
            if answer.startswith(_REFUSED):
                raise Refused(answer.removeprefix(_REFUSED))
            if answer != _OK:
                raise Unavailable(answer or "the desk ended before it was done")

        yield ask


def _read(read: Callable[[int], bytes]) -> list[Post | Forget] | Action | None:
    """Read one batch, which may be empty, or one action; None at the end. Raises DecodeError for what is neither."""
    records: list[Post | Forget] = []
    while len(head := read(_FRAME.size)) == _FRAME.size:
        kind, length = _FRAME.unpack(head)
        if kind == _END or length > _LARGEST:
            return records if kind == _END else None
        if kind == _ACTION:
            return _action(read(length))
        record = post.decode(read(length))
        if isinstance(record, Post | Forget):
            records.append(record)
    return None


def _action(data: bytes) -> Action:
    try:
        return msgspec.msgpack.decode(data, type=Action)
    except msgspec.DecodeError:
        raise DecodeError("what came through the door is no action") from None
