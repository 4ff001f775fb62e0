"""Train a head on labelled texts: seeded, with the cross-validated score printed and a model card beside it.

answerable train topic --data labelled.jsonl --out topic.safetensors
"""

from __future__ import annotations

import argparse
from pathlib import Path


def options(parser: argparse.ArgumentParser) -> None:
    """Declare TASK, --data, --out and --seed."""
    parser.add_argument("task", metavar="TASK", help="sentiment, emotion, topic, informative or complaint")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help='lines of {"text","label"}')
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL")
    parser.add_argument("--seed", type=int, default=1)
