"""Score a head on labelled texts.

answerable eval sentiment --data labelled.jsonl --json
answerable eval topic --data labelled.jsonl --model topic.safetensors
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from nlp.evaluate import evaluate
from nlp.scores import Scores


def options(parser: argparse.ArgumentParser) -> None:
    """Declare TASK, --data and --model."""
    parser.add_argument("task", metavar="TASK", help="sentiment, emotion, topic, informative or complaint")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help='lines of {"text","label"}')
    parser.add_argument("--model", type=Path, metavar="MODEL", help="a trained head (default: the shipped ones)")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")


def run(given: argparse.Namespace) -> int:
    """Measure and print."""
    sys.stdout.write(said(evaluate(given.task, given.data, given.model), as_json=given.json))
    return 0


def said(scores: Scores, *, as_json: bool) -> str:
    """Return scores for a program or for a person."""
    if as_json:
        return msgspec.json.encode(scores, order="sorted").decode() + "\n"
    width = max((len(label) for label in scores.classes), default=5)
    lines = [
        f"n {scores.n}   accuracy {scores.accuracy:.3f}   macro F1 {scores.macro_f1:.3f}   "
        f"macro recall {scores.macro_recall:.3f}   ece {scores.ece:.3f}",
        f"{'':{width}}  precision  recall     f1      n",
        *(
            f"{label:{width}}  {one.precision:9.3f}  {one.recall:6.3f}  {one.f1:5.3f}  {one.n:5}"
            for label, one in scores.classes.items()
        ),
    ]
    return "\n".join(lines) + "\n"
