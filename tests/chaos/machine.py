"""The product's processes on one machine: started, killed, halted and ended by their ids."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from answerable.settings import Settings, load
from tests.chaos.posts import write_gazetteer, write_recipients

__all__ = ["ONE_BOX", "SPLIT", "Machine", "Process", "Role", "settings_text"]

ROOT = Path(__file__).parents[2]
_STARTS_WITHIN_S, _ENDS_WITHIN_S = 60.0, 120.0


class Role(Struct, frozen=True):
    """A process by its name, and which part of the pipeline it is ("" = all of it)."""

    name: str
    part: str = ""

    @property
    def serves(self) -> bool:
        """Whether it keeps the ledger and opens the door."""
        return self.part in ("", "desk")


ONE_BOX = (Role("box"),)
SPLIT = (
    Role("analyse-1", "analyse"), Role("track-1", "track"), Role("track-2", "track"), Role("index-1", "index"),
    Role("index-2", "index"), Role("desk", "desk"),
)  # fmt: skip


class Process:
    """One running process; what it says goes to a file that all its lives share."""

    def __init__(self, role: Role, words: Sequence[str], environment: Mapping[str, str], said: Path) -> None:
        self.role, self.said = role, said
        with said.open("ab") as file:
            self._child = subprocess.Popen(  # noqa: S603 — our own code
                [sys.executable, "-m", "answerable", *words],
                cwd=ROOT, env=dict(environment), stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Its id."""
        return self._child.pid

    @property
    def code(self) -> int | None:
        """How it ended (negative: the signal), None while it runs."""
        return self._child.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, where it still runs."""
        if self.code is None:
            self._child.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; tell whether it came."""
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(seconds)
        return self.code is not None

    def kill(self) -> None:
        """End it at once, halted or not."""
        self.signal(signal.SIGKILL)
        self._child.wait()

    def rss(self) -> int:
        """Return the bytes of memory it holds."""
        text = Path(f"/proc/{self.pid}/statm").read_text("ascii")
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Machine:
    """Everything below `folder`: settings, data, what the processes said. `roles` are its processes."""

    def __init__(self, folder: Path, roles: Sequence[Role], more: str = "", data: Path | None = None) -> None:
        self.folder, self.roles = folder, {role.name: role for role in roles}
        self.data = data or folder / "data"
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.desk, self._shift = folder / "desk.toml", folder / "shift"
        self.desk.write_text(settings_text(folder, self.data) + more, "utf-8")
        self.furthest = 0
        self.shift(0)
        self.environment: dict[str, str] = {}  # settings that a fault overrides
        self.running: dict[str, Process] = {}
        self.starts = 0

    @property
    def settings(self) -> Settings:
        """The settings as the processes read them."""
        return load(self.desk, self.environment)

    @property
    def now(self) -> int:
        """What the processes take for the time."""
        return int(time.time()) + int(self._shift.read_text("ascii"))

    @property
    def latest(self) -> int:
        """The latest that any process can have taken for the time."""
        return int(time.time()) + self.furthest

    def shift(self, seconds: int) -> None:
        """Let the clocks of all processes go wrong by so many seconds, from now on; `furthest` keeps the most."""
        self.furthest = max(self.furthest, seconds)
        draft = self._shift.with_suffix(".draft")
        draft.write_text(str(seconds), "ascii")
        draft.replace(self._shift)

    def start(self, name: str, kill_at: str = "") -> Process:
        """Start a process and return once it is up, or has died at its mark."""
        role = self.roles[name]
        door = self.data / "desk.sock"
        before = door.stat().st_mtime_ns if door.exists() else 0
        words = ["run", *filter(None, [role.part]), "--settings", str(self.desk)]
        process = Process(role, words, self._environment(kill_at), self.folder / f"{name}.log")
        self.running[name] = process
        self.starts += 1
        until = time.monotonic() + _STARTS_WITHIN_S
        while role.serves and process.code is None:
            with suppress(FileNotFoundError):
                if door.stat().st_mtime_ns != before:
                    break
            if time.monotonic() > until:
                raise TimeoutError(f"{name} did not start within {_STARTS_WITHIN_S:g} s; see {process.said}")
            time.sleep(0.02)
        return process

    def verb(self, *words: str, kill_at: str = "") -> int:
        """Run a verb to its end; return how it ended."""
        process = Process(
            Role(words[0]), [*words, "--settings", str(self.desk)], self._environment(kill_at),
            self.folder / f"{words[0]}.log",
        )  # fmt: skip
        if not process.wait(_ENDS_WITHIN_S):
            process.kill()
        return process.code or 0

    def start_all(self) -> None:
        """Start every process that does not run."""
        for name in self.roles:
            if name not in self.running or self.running[name].code is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        """End a process with SIGKILL."""
        self.running.pop(name).kill()

    def stop_all(self) -> list[str]:
        """Ask every process to end; return those that did not end well."""
        return self.stop(*self.running)

    def stop(self, *names: str) -> list[str]:
        """Ask processes to end, all at once; return those that did not end well."""
        bad = []
        ending = {name: self.running.pop(name) for name in names}
        for process in ending.values():
            process.signal(signal.SIGCONT)
            process.signal(signal.SIGTERM)
        for name, process in ending.items():
            if not process.wait(_ENDS_WITHIN_S):
                process.kill()
                bad.append(f"{name} did not end within {_ENDS_WITHIN_S:g} s")
            elif process.code not in (
                0,
                -signal.SIGTERM,
            ):  # the signal itself, where it came before it was listened to
                bad.append(f"{name} ended with {process.code}")
        return bad

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.running.values():
            process.kill()
        self.running.clear()

    def dead(self) -> list[str]:
        """Name the processes that ended though nobody asked them to."""
        return [f"{name} ended with {one.code}" for name, one in self.running.items() if one.code is not None]

    def tracebacks(self) -> list[str]:
        """Name the files of processes that said a traceback."""
        return [
            path.name for path in sorted(self.folder.glob("*.log")) if "Traceback (most" in path.read_text("utf-8")
        ]

    def _environment(self, kill_at: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSWERABLE_")}
        own = {"ANSWERABLE_KILL_AT": kill_at, "ANSWERABLE_CLOCK_SHIFT_FILE": str(self._shift)}
        return kept | self.environment | own


def settings_text(folder: Path, data: Path) -> str:
    """Return the settings of a desk for four cities that tells everybody everything at once."""
    return f"""
[general]
data_dir = "{data}"
name = "澜汀市"
[legal]
legal_basis = "tests with invented posts"
dpia_reference = "none: nobody is real"
contact = "desk@lanting.example"
[files]
recipients = "{write_recipients(folder / "recipients.yaml")}"
gazetteer = "{write_gazetteer(folder / "gazetteer.csv")}"
[nlp]
workers = 1
[alerts]
group_minutes = 0
quiet = ""
daily_cap = 1000
[console]
port = 0
"""
