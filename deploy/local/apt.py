"""Debian packages for what a machine lacks: by root, and by one process of ours at a time."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterable

from deploy.local.errors import NotStarted

_LISTS = "/var/lib/apt/lists"


def may_install() -> bool:
    """Tell whether packages can be installed here without a question: root, on Debian."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Iterable[str]) -> None:
    """Install packages; raise NotStarted with apt's last words where it refuses."""
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    lists = os.open(_LISTS, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lists, fcntl.LOCK_EX)  # apt itself gives up where another reads the lists
        for words in (["update", "--quiet"], ["install", "--yes", "--quiet", "--no-install-recommends", *packages]):
            command = ["apt-get", *words]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 — fixed
            if done.returncode:
                raise NotStarted(f"{' '.join(command)} failed: {(done.stdout + done.stderr).strip()[-500:]}")
    finally:
        os.close(lists)
