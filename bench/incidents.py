"""Replay a labelled stream through the whole pipeline and score the groups it ends in.

python -m bench.incidents tipdm_c event2012
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from bench.load import SETS, labels, load
from bench.score import b_cubed, best_match

__all__ = ["figures", "replayed"]

Row = dict[str, Any]


def replayed(name: str, out: Path, *more: str) -> None:
    """Replay a set into `out`."""
    source = out.parent / f"{name}.jsonl"
    source.write_bytes(b"".join(msgspec.json.encode(post, order="sorted") + b"\n" for post in load(name)))
    command = [sys.executable, "-m", "answerable", "replay", str(source), "--out", str(out), *more]
    subprocess.run(command, check=True)  # noqa: S603 — our own command


def figures(name: str, out: Path) -> Row:
    """Return the figures of a replayed set: scores of its groups, the incidents of its labels, speed."""
    rows = [msgspec.json.decode(line) for line in (out / "analysed.jsonl").open("rb")]
    truth, found = labels(name), {row["id"]: row["group"] for row in rows}
    shown = {row["id"]: row["incident"] for row in rows}
    matched = best_match(truth, found)
    return {
        "set": name,
        "b_cubed": round(b_cubed(truth, found).f1, 4),
        "best_match": round(sum(score.f1 for score in matched.values()) / len(matched), 4),
        "best_match_counting_unlabelled": {
            label: round(score.f1, 3) for label, score in best_match(truth, found, strict=True).items()
        }
        if len(matched) < 20
        else {},
        "incidents_of_labels": _incidents(truth, shown) if len(matched) < 20 else {},
        "timing": msgspec.json.decode((out / "timing.json").read_bytes()),
    }


def _incidents(truth: dict[str, str], shown: dict[str, str | None]) -> dict[str, Row]:
    """Return per label how many of its posts stand in which shown incident."""
    found: dict[str, Counter[str]] = {label: Counter() for label in sorted(set(truth.values()))}
    for post, label in truth.items():
        found[label][shown[post] or "held back"] += 1
    return {label: dict(counts.most_common()) for label, counts in found.items()}


if __name__ == "__main__":
    for wanted in sys.argv[1:] or sorted(SETS):
        with tempfile.TemporaryDirectory() as folder:
            replayed(wanted, Path(folder) / "out")
            sys.stdout.buffer.write(msgspec.json.encode(figures(wanted, Path(folder) / "out")) + b"\n")
