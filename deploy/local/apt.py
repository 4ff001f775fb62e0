"""Debian packages for what a machine lacks: by root, and by one process of ours at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.errors import NotStarted

LISTS = "/var/lib/apt/lists"
_WITHIN_S = 600.0
_CALMLY = ("--quiet", "-o", f"DPkg::Lock::Timeout={_WITHIN_S:.0f}")


def may_install() -> bool:
    """Tell whether packages can be installed here without a question: root, on Debian."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> None:
    """Install packages; raise NotStarted with apt's last words where it refuses."""
    with _alone():
        _call("update", *_CALMLY)
        _call("install", *_CALMLY, "--yes", "--no-install-recommends", *packages)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other process of ours is at it: apt itself gives up where another reads the lists."""
    Path(LISTS).mkdir(parents=True, exist_ok=True)
    lists = os.open(LISTS, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lists, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lists)


def _call(*words: str) -> None:
    command = ["apt-get", *words]
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 — a fixed program
            command, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=_WITHIN_S
        )
    except subprocess.TimeoutExpired:
        raise NotStarted(f"{' '.join(command)} did not end within {_WITHIN_S:g} s") from None
    if done.returncode:
        raise NotStarted(f"{' '.join(command)} failed: {(done.stdout + done.stderr).strip()[-500:]}")
