"""How another command hands posts to the running desk: a socket of mode 0600 in the data folder, or the lock."""

from __future__ import annotations

import fcntl
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from answerable import post
from answerable.errors import AnswerableError, Unavailable
from answerable.post import Forget, Post

__all__ = ["hand_over", "listen", "only_one"]

_LENGTH = struct.Struct(">I")
_LARGEST = 16 << 20
Take = Callable[[Sequence[Post | Forget]], None]


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raise Unavailable where a desk runs on it already."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unavailable(f"a desk is running on {folder} already; stop it first") from None
        yield


@contextmanager
def listen(folder: Path, take: Take) -> Iterator[None]:
    """Take posts over the socket while the block runs; each batch is answered once it is durable."""
    path = folder / "desk.sock"
    path.unlink(missing_ok=True)

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while records := _read(self.rfile.read):
                try:
                    take(records)
                except AnswerableError as error:
                    self.wfile.write(f"{error}\n".encode())
                    return
                self.wfile.write(b"ok\n")

    with socketserver.ThreadingUnixStreamServer(str(path), Session) as server:
        path.chmod(0o600)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, name="door", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            path.unlink(missing_ok=True)


@contextmanager
def hand_over(folder: Path) -> Iterator[Take]:
    """Connect to the desk that runs on `folder`; yields a function that returns once a batch is durable there.

    Raises Unavailable where no desk listens.
    """
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(folder / "desk.sock"))
        except OSError:
            raise Unavailable(f"no desk is running on {folder}") from None
        answers = line.makefile("rb")

        def take(records: Sequence[Post | Forget]) -> None:
            for record in records:
                data = post.encode(record)
                line.sendall(_LENGTH.pack(len(data)) + data)
            line.sendall(_LENGTH.pack(0))
            answer = answers.readline().decode().strip()
            if answer != "ok":
                raise Unavailable(answer or "the desk ended while it took posts")

        yield take


def _read(read: Callable[[int], bytes]) -> list[Post | Forget]:
    """Read one batch; [] at the end."""
    records: list[Post | Forget] = []
    while len(head := read(_LENGTH.size)) == _LENGTH.size and (length := _LENGTH.unpack(head)[0]):
        if length > _LARGEST:
            return []
        record = post.decode(read(length))
        if isinstance(record, Post | Forget):
            records.append(record)
    return records
