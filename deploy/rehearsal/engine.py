"""A docker engine of its own: everything it makes lies in one folder and goes with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.local.errors import NotStarted
from deploy.rehearsal.machine import Failed, ensure, say

__all__ = ["Engine", "engine"]

_START_S = 40.0
_BRIDGE = Path("/sys/class/net/docker0")


class Engine:
    """A running engine: `docker(…)` calls its client, `env` leads other clients to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = os.environ | {"DOCKER_HOST": f"unix://{folder}/docker.sock", "DOCKER_BUILDKIT": "0"}

    def docker(self, *words: str, within_s: float = 600.0) -> str:
        """Call the client; return what it says."""
        return say(["docker", *words], self.env, within_s)

    def answers(self) -> bool:
        """Tell whether the engine takes requests."""
        try:
            return bool(self.docker("version", "--format", "{{.Server.Version}}", within_s=10.0).strip())
        except (Failed, OSError):
            return False


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """Start an engine below `folder`, which goes with it; raise NotStarted that says why there can be none."""
    if os.geteuid() != 0:
        raise NotStarted("a docker engine is started by root alone")
    ensure("dockerd", "docker", "iptables", "ip")
    if _another():
        raise NotStarted("another docker engine runs here, and two would share one bridge")
    bridged = _BRIDGE.exists()
    folder.mkdir(parents=True)
    own = Engine(folder)
    command = [
        "dockerd",
        "--data-root",
        f"{folder}/data",
        "--exec-root",
        f"{folder}/exec",
        "--pidfile",
        f"{folder}/pid",
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 — a fixed program
            [*command, "--host", f"unix://{folder}/docker.sock"], stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(own, server)
        yield own
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if not bridged and _BRIDGE.exists() and not _another():
            with suppress(Failed, OSError):  # what is left of it is no verdict on the steps
                say(["ip", "link", "delete", _BRIDGE.name])
        shutil.rmtree(folder, ignore_errors=True)


def _another() -> bool:
    """Tell whether a docker engine runs on this machine."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):  # it has ended since
            if path.read_text("ascii", "replace") == "dockerd\n":
                return True
    return False


def _wait(own: Engine, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_S
    while not own.answers():
        if server.poll() is not None or time.monotonic() > deadline:
            words = (own.folder / "log").read_text("utf-8", "replace").strip().splitlines()
            raise NotStarted(f"the docker engine does not start: {' / '.join(words[-3:])}")
        time.sleep(0.5)
