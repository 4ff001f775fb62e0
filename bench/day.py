"""A day of many posts in many areas through a replay: posts a second, memory, and whether the pace holds.

python -m bench.day [POSTS] [AREAS]

Words of labelled posts and letters at random moments of one day, each area with a source of its own. The pace is
taken from the replay's own progress, tenth by tenth, until its last post is folded.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice, pairwise
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.app.reading import CHUNK
from answerable.app.replay.read import STRIDE
from answerable.clock import DAY, show
from bench.load import load

__all__ = ["Pace", "day", "replayed"]

_BEGIN = 1772323200  # 2026-03-01
_LOOK_S = 0.25


class _Progress(Struct):
    strides: int = 0


class Pace(Struct, frozen=True):
    """What a replay took: posts a second end to end, by tenth of the posts, and its greatest memory."""

    posts_per_second: float
    tenths: tuple[float, ...]
    peak_rss_mb: float


def day(count: int, areas: int, seed: int = 1) -> bytes:
    """Return the lines of so many posts, sorted by time."""
    chance = random.Random(seed)  # noqa: S311 — a bench
    words = cycle([row for name in ("event2012", "tipdm_c") for row in load(name)])
    moments = sorted(chance.randrange(DAY) for _ in range(count))
    lines = []
    for number, (row, at) in enumerate(zip(islice(words, count), moments, strict=True)):
        moment = show(_BEGIN + at)
        board, author = f"board-{chance.randrange(areas)}", f"a{chance.randrange(count)}"
        fresh = {**row, "id": f"d{number}", "source": board, "author": author, "published_at": moment}
        lines.append(msgspec.json.encode(fresh | {"fetched_at": moment}, order="sorted") + b"\n")
    return b"".join(lines)


def replayed(count: int, areas: int, folder: Path) -> Pace:
    """Replay a day into `folder` and watch it."""
    (folder / "day.jsonl").write_bytes(day(count, areas))
    out = folder / "out"
    command = [sys.executable, "-m", "answerable", "replay", str(folder / "day.jsonl"), "--out", str(out)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 — our own command
    seen: list[tuple[float, int]] = []
    while running.poll() is None:
        try:
            strides = msgspec.json.decode((out / "work" / "progress.json").read_bytes(), type=_Progress).strides
        except (FileNotFoundError, msgspec.DecodeError):
            strides = 0
        if not seen or strides > seen[-1][1]:
            seen.append((time.perf_counter(), strides))
        time.sleep(_LOOK_S)
    if running.returncode != 0:
        raise SystemExit(f"the replay ended with {running.returncode}")
    timing = msgspec.json.decode((out / "timing.json").read_bytes())
    return Pace(timing["posts_per_second"], _tenths(seen, count), timing["peak_rss_mb"])


def _tenths(seen: list[tuple[float, int]], count: int) -> tuple[float, ...]:
    """Return posts a second in each tenth, between the first look that saw a tenth begun and the first after it."""
    marks = [count * n // 10 for n in range(11)]
    reached = [next((at for at, strides in seen if strides * STRIDE * CHUNK >= mark), seen[-1][0]) for mark in marks]
    return tuple(round(count / 10 / max(after - before, 1e-9), 1) for before, after in pairwise(reached))


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as place:
        pace = replayed(words[0] if words else 100_000, words[1] if len(words) > 1 else 50, Path(place))
    sys.stdout.buffer.write(msgspec.json.encode(pace) + b"\n")
