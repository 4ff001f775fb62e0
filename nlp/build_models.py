"""Trains the shipped tables from the labelled data beside the checkout: `python -m nlp.build_models`.

Seeded: the same data and the same library versions give the same bytes. What nlp/split.py holds out is never seen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from nlp.corpora import EMOTIONS, EN_TOPICS, SENTIMENTS, Example, emotions, sentiments, topics
from nlp.features import scheme_of
from nlp.fitting import Fitted, Target, count_matrix, fit_table
from nlp.heads import FOLDER
from nlp.split import clear_of_copies, held_out, keys
from nlp.weights import dump, write_manifest

__all__ = ["build", "main"]

SEED = 20261
DATA = Path(__file__).parents[2] / "shared" / "data"
_ZH_SEVEN = ("commerce", "education", "environment", "health", "labour", "transport", "urban")
_COST = {"sentiment": 0.2, "emotion": 0.3, "topic": 0.5}
_KEEP = {"zh": 60_000, "en": 60_000, "joint": 70_000}


def training_part(examples: Iterable[Example]) -> list[Example]:
    """Drop what is held out, and what repeats it."""
    every = list(examples)
    held = held_out([example.text for example in every])
    kept = [example for example, out in zip(every, held, strict=True) if not out]
    clear = clear_of_copies(
        [example.text for example in kept], [example.text for example, out in zip(every, held, strict=True) if out]
    )
    return [example for example, own in zip(kept, clear, strict=True) if own]


def _heads(data: Path, family: str) -> dict[str, tuple[tuple[str, ...], list[Example]]]:
    found: dict[str, tuple[tuple[str, ...], list[Example]]] = {
        "sentiment": (SENTIMENTS, training_part(sentiments(data, family))),
        "emotion": (EMOTIONS, training_part(emotions(data, family))),
    }
    if family == "zh":
        found["topic"] = _ZH_SEVEN, training_part(topics(data, family))
    elif family == "en":
        found["topic"] = tuple(sorted(EN_TOPICS.values())), training_part(topics(data, family))
    return found


def fit_family(data: Path, family: str) -> Fitted:
    """Fit one family's table."""
    texts: list[str] = []
    langs: list[str] = []
    targets = []
    for name, (labels, examples) in _heads(data, family).items():
        rows = np.arange(len(texts), len(texts) + len(examples))
        texts += [example.text for example in examples]
        langs += [example.lang for example in examples]
        label = np.array([labels.index(example.label) for example in examples])
        group = keys([example.text for example in examples])
        targets.append(Target(name, labels, rows, label, group, (_COST[name],), _KEEP[family]))
    counts = count_matrix(texts, [scheme_of(text, lang) for text, lang in zip(texts, langs, strict=True)])
    return fit_table(counts, targets, SEED)


def build(data: Path, out: Path, say: Callable[[str], object]) -> None:
    """Train the three tables and write them with their manifest."""
    out.mkdir(parents=True, exist_ok=True)
    names = []
    for family in ("zh", "en", "joint"):
        fitted = fit_family(data, family)
        name = f"{family}.safetensors"
        (out / name).write_bytes(dump(fitted.weights, family))
        names.append(name)
        say(f"{name}: {len(fitted.weights.bucket)} rows\n")
    write_manifest(out, names)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Train the shipped heads.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    build(chosen.data, chosen.out, sys.stderr.write)


if __name__ == "__main__":
    main()
