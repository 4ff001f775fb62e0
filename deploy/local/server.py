"""One server in a folder of its own: started, stopped, killed, frozen, and found again by its process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from deploy.local import account
from deploy.local.errors import NotStarted

LOOPBACK = "127.0.0.1"
# For sh -c: the shell ends, so nobody here has to reap the server.
LAUNCH = '"$@" >>"$LOG" 2>&1 </dev/null & echo $! >"$PID_FILE"'
_CHANGES = 100
_START_S = 120.0
_STOP_S = 30.0
_CLOSE_S = 2.0


def open_port(port: int) -> bool:
    """Return whether someone listens on a loopback port."""
    with socket.socket() as peer:
        peer.settimeout(2.0)
        return peer.connect_ex((LOOPBACK, port)) == 0


def command_of(pid: int) -> str:
    """Return the command line of a living process; empty for one that has ended or waits to be reaped."""
    if not Path("/proc/self").exists():
        ps = ["ps", "-o", "command=", "-p", str(pid)]
        return subprocess.run(ps, capture_output=True, text=True, check=False).stdout  # noqa: S603 — a fixed program
    for _ in range(_CHANGES):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
        except OSError:
            return ""
        if words or state in b"ZX":
            return words.replace(b"\0", b" ").decode("utf-8", "replace")
        time.sleep(0.01)  # it is becoming another program, or dying with its files still open
    return ""  # a thread of the kernel


class Server(ABC):
    """A server whose data, settings, log and process id lie in one folder; two of them never share one.

    A process counts as this server's only while its command line names the folder: a process id that the machine
    has given to another program since is never signalled.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port

    @property
    def pid(self) -> int | None:
        """The process id of the living server, or None."""
        try:
            pid = int((self.folder / "pid").read_text("ascii"))
        except (OSError, ValueError):
            return None
        return pid if f"{self.folder}/" in command_of(pid) else None

    @property
    def log(self) -> Path:
        """The file that the server's output goes to."""
        return self.folder / "out.log"

    def start(self) -> None:
        """Start the server and return once it answers; does nothing where it runs. Raises NotStarted."""
        if self.pid is None:
            self._claim()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lay_out()
            self.log.touch()  # whoever writes to it first, it is the engines' account's own
            account.hand_over(self.folder)
            self._launch()
        self._wait()

    def stop(self) -> None:
        """End the server in order; kills it where it does not end within 30 seconds."""
        self.thaw()
        self._end(signal.SIGTERM)
        self._end(signal.SIGKILL)

    def kill(self) -> None:
        """End the server at once, in the middle of whatever it does (kill -9)."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the server where it runs and start it on the same port with the same data."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """Halt the server without closing its connections, as a long pause or a lost network would."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        """Kill the server and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @abstractmethod
    def healthy(self) -> bool:
        """Return whether the server answers a request that needs all of it."""

    @abstractmethod
    def _lay_out(self) -> None:
        """Write what the server reads at its start."""

    @abstractmethod
    def _launch(self) -> None:
        """Start the process and write its id into the folder's pid file."""

    def _signal(self, what: signal.Signals) -> None:
        if (pid := self.pid) is not None:
            os.kill(pid, what)

    def _end(self, how: signal.Signals) -> None:
        self._signal(how)
        deadline = time.monotonic() + _STOP_S
        while self.pid is not None and time.monotonic() < deadline:
            time.sleep(0.02)

    def _claim(self) -> None:
        deadline = time.monotonic() + _CLOSE_S
        while open_port(self.port):
            if time.monotonic() > deadline:
                raise NotStarted(
                    f"another program listens on port {self.port}; to choose new ports: make engines-forget"
                )
            time.sleep(0.1)

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self.healthy():
            if self.pid is None or time.monotonic() > deadline:
                raise NotStarted(
                    f"{type(self).__name__} does not answer on port {self.port}; its log ends:\n{self._tail()}"
                )
            time.sleep(0.1)

    def _tail(self) -> str:
        try:
            return self.log.read_text("utf-8", "replace")[-2000:]
        except OSError:
            return f"(no log at {self.log})"
