"""The Numenta Anomaly Benchmark's series of tweets and known causes, and its scorer, written anew.

Ahmad, Lavin, Purdy, Agha: Unsupervised real-time anomaly detection for streaming data, Neurocomputing 2017.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache

import numpy as np
from msgspec import Struct

from bench.load import DATA, table

__all__ = [
    "KNOWN",
    "TWEETS",
    "Profile",
    "Series",
    "Tally",
    "gaussian",
    "normalised",
    "profile",
    "published",
    "score",
    "series",
]

FOLDER = DATA / "en/nab"
TWEETS, KNOWN = "realTweets", "realKnownCause"
_BEYOND = 3.0


class Series(Struct, frozen=True):
    """One file: seconds and values by row, and the first and last row of each labelled window."""

    name: str
    times: tuple[int, ...]
    values: tuple[float, ...]
    windows: tuple[tuple[int, int], ...]

    @property
    def unscored(self) -> int:
        """How many rows at the start are not scored: 15 %, at most 750."""
        return min(math.floor(0.15 * len(self.times)), 750)


class Profile(Struct, frozen=True):
    """What a missed window and a false row cost; a window found at its first row is worth 1."""

    miss: float
    false: float


class Tally(Struct, frozen=True):
    """A file's raw score, how many windows were found, and how many rows were false."""

    score: float
    found: int
    false_rows: int


@cache
def series(folder: str) -> tuple[Series, ...]:
    """Read every file of a folder, in order of names."""
    windows = json.loads((FOLDER / "windows.json").read_text("utf-8"))
    return tuple(_read(name, windows[name]) for name in sorted(windows) if name.startswith(folder))


def _read(name: str, windows: Sequence[tuple[str, str]]) -> Series:
    rows = list(table(FOLDER / f"{name}.gz"))
    times = tuple(_seconds(row["timestamp"]) for row in rows)
    at = {moment: row for row, moment in enumerate(times)}
    spans = tuple((at[_seconds(first)], at[_seconds(last)]) for first, last in windows)
    return Series(name, times, tuple(float(row["value"]) for row in rows), spans)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def profile(name: str) -> Profile:
    """Read one of the three cost matrices."""
    costs = json.loads((FOLDER / "profiles.json").read_text("utf-8"))[name]["CostMatrix"]
    return Profile(costs["fnWeight"], costs["fpWeight"])


def published(name: str) -> dict[str, dict[str, tuple[float, float]]]:
    """Return detector → file → (threshold, score) as published for a profile; thresholds are 1 where none is told."""
    read = json.loads((FOLDER / "published_file_scores.json").read_text("utf-8"))
    return {
        detector: {file: (found.get("threshold", 1.0), found["score"]) for file, found in profiles[name].items()}
        for detector, profiles in read.items()
    }


def score(of: Series, detections: Iterable[int], costs: Profile) -> Tally:
    """Score the rows that a detector pointed at."""
    best: dict[int, float] = {}
    total, false_rows = 0.0, 0
    for row in sorted(detections):
        if row < of.unscored:
            continue
        window = next((n for n, (first, last) in enumerate(of.windows) if first <= row <= last), None)
        if window is not None:
            best[window] = max(best.get(window, -1.0), _inside(row, *of.windows[window]))
        else:
            false_rows += 1
            total += costs.false * _outside(row, of.windows)
    total += sum(best.values()) - costs.miss * (len(of.windows) - len(best))
    return Tally(total, len(best), false_rows)


def _inside(row: int, first: int, last: int) -> float:
    return _sigmoid(-(last - row + 1) / (last - first + 1)) / _sigmoid(-1.0)


def _outside(row: int, windows: Sequence[tuple[int, int]]) -> float:
    before = [(first, last) for first, last in windows if last < row]
    if not before:
        return -1.0
    first, last = before[-1]
    distance = (row - last) / (last - first)
    return -1.0 if distance > _BEYOND else _sigmoid(distance)


def _sigmoid(x: float) -> float:
    return 2 / (1 + math.exp(5 * x)) - 1


def normalised(tallies: Iterable[float], files: Iterable[Series], costs: Profile) -> float:
    """Return 0 for a detector that says nothing and 100 for the first row of each window and nothing else."""
    windows = sum(len(file.windows) for file in files)
    nothing = -costs.miss * windows
    return 100 * (sum(tallies) - nothing) / (windows - nothing)


def gaussian(values: Sequence[float], window: int = 6400, step: int = 100) -> list[float]:
    """Score rows by a normal distribution of the last 6,400, renewed every 100: the benchmark's windowed Gaussian.

    Scores have twelve digits, as in the published ones.
    """
    every = np.array(values)
    found, begin, end = [0.0], 0, 1
    mean, deviation = float(every[0]), 1e-6
    for row in range(1, len(values)):
        found.append(round(1 - 0.5 * math.erfc(abs(values[row] - mean) / deviation / 1.4142), 12))
        if row < window:
            end = row + 1
        elif (row - window + 1) % step == 0:
            begin, end = begin + step, row + 1
        else:
            continue
        mean, deviation = float(every[begin:end].mean()), float(every[begin:end].std()) or 1e-6
    return found
