"""Which of several processes on one data folder visits a web host."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path
from typing import IO

__all__ = ["Owner"]


class Owner:
    """Owns web hosts by locked files below `folder`; the locks go with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "hosts"
        self._held: dict[str, IO[str]] = {}
        self._lock = threading.Lock()

    def owns(self, host: str) -> bool:
        """Tell whether this process owns a host, taking it where nobody does."""
        with self._lock:
            return host in self._held or self._taken(host)

    def _taken(self, host: str) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = (self._folder / f"{host}.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._held[host] = file
        return True

    def close(self) -> None:
        """Let go of every host."""
        for file in self._held.values():
            file.close()
        self._held.clear()
