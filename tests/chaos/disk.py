"""A disk that runs full: a small tmpfs for root; for anybody else a reason to skip."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Disk", "small_disk", "why_not"]

_PIECE = 1 << 16


class Disk:
    """A mounted folder of a fixed size; `fill` leaves no room and `free` gives it back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @property
    def room(self) -> int:
        """Bytes that can still be written."""
        return shutil.disk_usage(self.folder).free

    def fill(self, leave: int = 0) -> None:
        """Write until so many bytes are left."""
        with self._ballast.open("ab", buffering=0) as file:
            while (room := self.room - leave) > 0:
                try:
                    file.write(bytes(min(room, _PIECE)))
                except OSError:
                    return

    def free(self) -> None:
        """Take away what `fill` wrote."""
        self._ballast.unlink(missing_ok=True)


def why_not() -> str:
    """Say why no small disk can be mounted here; "" where it can."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        return "mounting a small disk needs root and mount"
    return ""


@contextmanager
def small_disk(folder: Path, mib: int) -> Iterator[Disk]:
    """Mount a tmpfs of so many MiB on `folder`, which is made; raise OSError where that is not allowed."""
    folder.mkdir(mode=0o700, parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=0700", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — our own words
    if done.returncode:
        raise OSError(done.stderr.strip())
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S603, S607 — our own words
