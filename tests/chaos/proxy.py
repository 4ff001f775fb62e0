"""A TCP proxy with faults that can be switched while it runs: put it in front of a port and name its own port."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto

from msgspec import Struct

__all__ = ["CALM", "Fault", "Proxy", "Where", "proxied"]

_PIECE = 1 << 14
_RESET = struct.pack("ii", 1, 0)


class Where(Enum):
    """What becomes of a connection."""

    THROUGH = auto()
    DOWN = auto()  # nobody listens: refused at once, open ones are reset
    SWALLOW = auto()  # half open: bytes go in and nothing comes out, no end is told
    RESET = auto()  # accepted, then reset at the first byte


class Fault(Struct, frozen=True):
    """How a line behaves: seconds that a piece waits, bytes a second (0 = any), bytes until it is cut (0 = never)."""

    where: Where = Where.THROUGH
    latency_s: float = 0.0
    slow: int = 0
    cut_after: int = 0


CALM = Fault()


class Proxy:
    """Listens on a loopback port and passes bytes to `host:port`; `switch` changes how, at once and for all lines."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._fault = CALM
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.passed = 0
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def switch(self, fault: Fault) -> None:
        """Behave like this from now on; a line that is down takes the open connections with it."""
        before, self._fault = self._fault, fault
        if fault.where is Where.DOWN and before.where is not Where.DOWN:
            self._hang_up()
            self.cut()
        elif fault.where is not Where.DOWN and before.where is Where.DOWN:
            self._listener = self._listen(self.port)

    def cut(self) -> None:
        """Reset every connection that is open now."""
        with self._lock:
            lines = tuple(self._lines)
            self._lines.clear()
        for line in lines:
            _reset(line)

    def close(self) -> None:
        """Stop listening and reset what is open."""
        self._closed = True
        self._hang_up()
        self.cut()

    def _hang_up(self) -> None:
        """Stop listening; a thread in accept keeps a port open until it is woken."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target, timeout=5)
            far.settimeout(None)
        except OSError:
            _reset(near)
            return
        with self._lock:
            self._lines |= {near, far}
        carried = [0]
        threads = [
            threading.Thread(target=self._pump, args=(one, other, carried), daemon=True)
            for one, other in ((near, far), (far, near))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self._lock:
            self._lines -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket, carried: list[int]) -> None:
        with suppress(OSError):
            while data := source.recv(_PIECE):
                if not self._carry(data, source, sink, carried):
                    return
            with self._lock:
                if source in self._lines:  # it ended by itself, and was not cut
                    sink.shutdown(socket.SHUT_WR)

    def _carry(self, data: bytes, source: socket.socket, sink: socket.socket, carried: list[int]) -> bool:
        """Pass one piece on as the fault of the moment says; tell whether the line lives on."""
        fault = self._fault
        while fault.where is Where.SWALLOW and not self._closed:
            time.sleep(0.05)
            fault = self._fault
        if fault.latency_s:
            time.sleep(fault.latency_s)
        left = fault.cut_after - carried[0] if fault.cut_after else len(data)
        if fault.where is not Where.THROUGH or left < len(data):
            with suppress(OSError):
                if fault.where is Where.THROUGH and left > 0:
                    sink.sendall(data[:left])
            _reset(source)
            _reset(sink)
            return False
        with self._lock:
            carried[0] += len(data)
            self.passed += len(data)
        step = max(1, fault.slow // 10) if fault.slow else len(data)
        for start in range(0, len(data), step):
            time.sleep(0.1 if fault.slow else 0.0)
            sink.sendall(data[start : start + step])
        return True


def _reset(line: socket.socket) -> None:
    """End a connection with RST, and wake whoever reads from it."""
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RD)  # not both ways: that would say goodbye first
    line.close()


@contextmanager
def proxied(host: str, port: int) -> Iterator[Proxy]:
    """Lend a proxy in front of a port."""
    proxy = Proxy(host, port)
    try:
        yield proxy
    finally:
        proxy.close()
