"""A server is found again by its process id and its folder, and nobody else's process is ever touched."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.errors import NotStarted
from deploy.local.ports import free_ports
from deploy.local.server import LAUNCH, Server

ECHO = """
import socketserver, sys
class Back(socketserver.StreamRequestHandler):
    def handle(self): self.wfile.write(self.rfile.readline())
socketserver.ThreadingTCPServer.allow_reuse_address = True
with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Back) as server: server.serve_forever()
"""


class Echo(Server):
    """Says back what it hears: a server like the engines, but a small one."""

    program = ECHO

    def healthy(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1.0) as peer:
                peer.sendall(b"hello\n")
                return peer.recv(6, socket.MSG_WAITALL) == b"hello\n"
        except OSError:
            return False

    def _lay_out(self) -> None:
        (self.folder / "echo.py").write_text(self.program, "utf-8")

    def _launch(self) -> None:
        # As the present user: when root tests, the engines' account may be unable to reach this Python.
        command = ["/bin/sh", "-c", LAUNCH, "sh", sys.executable, str(self.folder / "echo.py"), str(self.port)]
        env = {"LOG": str(self.log), "PID_FILE": str(self.folder / "pid")}
        subprocess.run(command, cwd=self.folder, env=env, check=True)  # noqa: S603 — our own program


class Dying(Echo):
    """Ends with a word before it has listened."""

    program = "raise SystemExit('the disk is full')"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "echo"


@pytest.fixture
def echo(folder: Path) -> Iterator[Echo]:
    server = Echo(folder, free_ports(1)[0])
    yield server
    server.remove()


def test_a_second_start_finds_the_running_server(echo: Echo) -> None:
    echo.start()
    first = echo.pid
    echo.start()
    assert first is not None
    assert echo.pid == first


def test_another_process_finds_the_server_by_its_folder_and_stops_it(echo: Echo) -> None:
    echo.start()
    Echo(echo.folder, echo.port).stop()
    assert (echo.pid, echo.healthy()) == (None, False)


def test_a_killed_server_starts_again_on_its_port(echo: Echo) -> None:
    echo.start()
    first = echo.pid
    echo.kill()
    dead = echo.healthy()
    echo.start()
    assert (dead, echo.healthy()) == (False, True)
    assert echo.pid not in (first, None)


def test_a_frozen_server_does_not_answer_until_it_is_thawed_and_can_still_be_stopped(echo: Echo) -> None:
    echo.start()
    echo.freeze()
    frozen = echo.healthy()
    echo.thaw()
    assert (frozen, echo.healthy()) == (False, True)
    echo.freeze()
    echo.stop()
    assert echo.pid is None


def test_a_process_id_that_another_program_has_now_is_left_alone(echo: Echo) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        echo.folder.mkdir()
        (echo.folder / "pid").write_text(str(other.pid), "ascii")
        echo.stop()
        echo.kill()
        assert echo.pid is None
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_port_that_another_program_listens_on_is_told(echo: Echo) -> None:
    with (
        socket.create_server(("127.0.0.1", echo.port)),
        pytest.raises(NotStarted, match=f"listens on port {echo.port}"),
    ):
        echo.start()


def test_a_server_that_dies_at_its_start_is_told_with_its_last_words(folder: Path) -> None:
    with pytest.raises(NotStarted, match="the disk is full"):
        Dying(folder, free_ports(1)[0]).start()
