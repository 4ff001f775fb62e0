from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.chaos.proxy import CALM, Fault, Proxy, Where, proxied


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionError):
            while data := self.request.recv(65536):
                self.request.sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        with proxied("127.0.0.1", server.server_address[1]) as lent:
            yield lent
        server.shutdown()
        thread.join()


def dial(proxy: Proxy, timeout: float = 5.0) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=timeout)


def said(line: socket.socket, data: bytes) -> bytes:
    line.sendall(data)
    found = b""
    while len(found) < len(data) and (piece := line.recv(65536)):
        found += piece
    return found


def test_a_calm_line_carries_bytes_both_ways_and_counts_them(proxy: Proxy) -> None:
    with dial(proxy) as line:
        assert said(line, b"x" * 100_000) == b"x" * 100_000
    began = time.monotonic()
    while proxy.passed < 200_000 and time.monotonic() - began < 5:  # it counts a piece after it has passed it on
        time.sleep(0.01)
    assert proxy.passed == 200_000


def test_latency_holds_every_piece_back_in_each_direction(proxy: Proxy) -> None:
    proxy.switch(Fault(latency_s=0.1))
    with dial(proxy) as line:
        began = time.monotonic()
        assert said(line, b"hello") == b"hello"
        assert time.monotonic() - began >= 0.2


def test_a_slow_line_passes_so_many_bytes_a_second(proxy: Proxy) -> None:
    proxy.switch(Fault(slow=2000))
    with dial(proxy) as line:
        began = time.monotonic()
        assert said(line, b"x" * 600) == b"x" * 600
        assert time.monotonic() - began >= 0.3


def test_a_line_is_cut_after_so_many_bytes(proxy: Proxy) -> None:
    proxy.switch(Fault(cut_after=10))
    with dial(proxy) as line:
        line.sendall(b"x" * 8)
        with pytest.raises(ConnectionResetError):
            said(line, b"x" * 8)


def test_a_line_that_resets_is_accepted_first(proxy: Proxy) -> None:
    proxy.switch(Fault(where=Where.RESET))
    with dial(proxy) as line:
        line.sendall(b"x")
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_a_half_open_line_takes_bytes_says_nothing_and_recovers(proxy: Proxy) -> None:
    with dial(proxy, timeout=0.3) as line:
        assert said(line, b"one") == b"one"
        proxy.switch(Fault(where=Where.SWALLOW))
        line.sendall(b"two")
        with pytest.raises(TimeoutError):
            line.recv(3)
        proxy.switch(CALM)
        line.settimeout(5)
        assert line.recv(3) == b"two"


def test_a_line_that_is_down_refuses_and_resets_and_comes_back_on_the_same_port(proxy: Proxy) -> None:
    with dial(proxy) as line:
        assert said(line, b"one") == b"one"
        proxy.switch(Fault(where=Where.DOWN))
        with pytest.raises(ConnectionResetError):
            line.recv(1)
    with pytest.raises(ConnectionRefusedError):
        dial(proxy)
    proxy.switch(CALM)
    with dial(proxy) as line:
        assert said(line, b"two") == b"two"


def test_a_line_to_nobody_is_reset() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # held and not listened to, so that the proxy cannot be given this port itself
        with (
            proxied("127.0.0.1", taken.getsockname()[1]) as proxy,
            pytest.raises(ConnectionResetError),  # at the first byte, or already while it connects
            dial(proxy) as line,
        ):
            line.recv(1)
