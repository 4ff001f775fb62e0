"""Train a head on labelled texts: seeded; prints the cross-validated score. Needs the extra `train`.

answerable train topic --data labelled.jsonl --out topic.safetensors
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from answerable.app.commands.eval import said
from nlp.train import train


def options(parser: argparse.ArgumentParser) -> None:
    """Declare TASK, --data, --out and --seed."""
    parser.add_argument("task", metavar="TASK", help="sentiment, emotion, topic, informative or complaint")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help='lines of {"text","label"}')
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL")
    parser.add_argument("--seed", type=_seed, default=1)
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 32):
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; write a whole number from 0 to {(1 << 32) - 1}")
    return int(text)


def run(given: argparse.Namespace) -> int:
    """Train and print the scores."""
    report = train(given.task, given.data, given.out, given.seed)
    sys.stderr.write(f"{given.out}: {report.n} texts, {report.folds} folds, sha256 {report.sha256}\n")
    sys.stdout.write(said(report.scores, as_json=given.json))
    return 0
