"""Real processes: a verb of the command line with its own environment, ended or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

__all__ = ["KILLED", "ROOT", "Ended", "answerable", "replay", "started"]

ROOT = Path(__file__).parents[2]
KILLED = -signal.SIGKILL
_LONGEST_S = 120.0


class Ended(Struct, frozen=True):
    """What a process left: its exit code (negative: the signal that ended it) and what it said."""

    code: int
    out: bytes
    err: str


def answerable(*words: str | Path, kill_at: str = "", kill_after: float | None = None, stdin: bytes = b"") -> Ended:
    """Run a verb to its end, to the mark `kill_at`, or for `kill_after` seconds."""
    with started(*words, kill_at=kill_at) as process:
        try:
            out, err = process.communicate(stdin, timeout=_LONGEST_S if kill_after is None else kill_after)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            if kill_after is None:
                raise
    return Ended(process.returncode, out, err.decode())


@contextmanager
def started(*words: str | Path, kill_at: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Lend a running process; it is killed where it still runs at the end of the block."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANSWERABLE_")}
    process = subprocess.Popen(  # noqa: S603 — our own code
        [sys.executable, "-m", "answerable", *map(str, words)],
        cwd=ROOT, env={**kept, "ANSWERABLE_KILL_AT": kill_at}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def replay(
    source: str | Path, out: Path, desk: Path, *more: str | Path, kill_at: str = "", kill_after: float | None = None,
    stdin: bytes = b"",
) -> Ended:  # fmt: skip
    """Replay posts into a folder with a desk's settings."""
    words = ("replay", source, "--out", out, "--settings", desk, *more)
    return answerable(*words, kill_at=kill_at, kill_after=kill_after, stdin=stdin)
