"""Trains the shipped tables from the labelled data beside the checkout: `python -m nlp.build_models`.

Seeded: the same data and the same library versions give the same bytes. What nlp/corpora.py marks as kept for
measuring is never seen, nor what says the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np

from nlp.corpora import EMOTIONS, EN_TOPICS, SENTIMENTS, Example, emotions, for_measuring, helping, sentiments, topics
from nlp.features import Scheme, scheme_of
from nlp.fitting import Fitted, Recipe, Target, fit_table
from nlp.heads import FOLDER
from nlp.matrix import count_matrix
from nlp.scores import measure
from nlp.split import clear_of_copies, keys
from nlp.weights import dump, write_manifest

__all__ = ["build", "main"]

SEED = 20261
DATA = Path(__file__).parents[2] / "shared" / "data"
_ZH_SEVEN = ("commerce", "education", "environment", "health", "labour", "transport", "urban")
_RECIPES = {  # chosen by cross-validation on the training part
    ("zh", "sentiment"): Recipe(0.2, 0.6),
    ("zh", "emotion"): Recipe(0.2, 0.0),
    ("zh", "topic"): Recipe(0.2, 0.6),
    ("en", "sentiment"): Recipe(0.1, 0.3),
    ("en", "emotion"): Recipe(0.1, 0.3),
    ("en", "topic"): Recipe(0.1, 0.6),
    ("joint", "sentiment"): Recipe(1.0, 0.5, "logistic"),
    ("joint", "emotion"): Recipe(0.1, 0.3),
}
_TIMES = {"zh/weibo2018/train": 3}  # the only Weibo tones that people labelled weigh more than signs and reviews
_KEEP = {"zh": 60_000, "en": 56_000, "joint": 70_000}
_HELPERS: dict[str, tuple[str, ...]] = {
    "zh": ("signs", "reviews", "weibo2018", "weibo_senti"),
    "en": ("sentiment", "offensive", "irony", "hate", "emotion"),
    "joint": ("sentiment", "offensive", "irony", "hate", "emotion"),
}  # fmt: skip
_HELPS = {
    ("zh", "sentiment"): ("signs",),
    ("zh", "emotion"): _HELPERS["zh"],
    ("en", "sentiment"): ("offensive", "irony", "hate", "emotion"),
    ("en", "emotion"): ("sentiment", "offensive", "irony", "hate"),
    ("joint", "sentiment"): _HELPERS["joint"],
}


def training_part(examples: Iterable[Example], kept: Collection[str] = ()) -> list[Example]:
    """Drop what is kept for measuring, and what repeats it or the texts of `kept`."""
    every = list(examples)
    out = for_measuring(every)
    seen = [example for example, own in zip(every, out, strict=True) if not own]
    held = {example.text for example, own in zip(every, out, strict=True) if own}.union(kept)
    clear = clear_of_copies([example.text for example in seen], sorted(held))
    return [example for example, own in zip(seen, clear, strict=True) if own]


class _Corpus:
    """The texts of a family, and what each head learns from which of them."""

    def __init__(self, family: str) -> None:
        self.family = family
        self.texts: list[str] = []
        self.schemes: list[Scheme] = []
        self.targets: list[Target] = []

    def add(
        self,
        name: str,
        labels: tuple[str, ...],
        examples: list[Example],
        ship: bool = True,
    ) -> None:
        """Add one head with its training examples."""
        texts = [example.text for example in examples]
        self.targets.append(
            Target(
                name=name,
                labels=labels,
                rows=np.arange(len(self.texts), len(self.texts) + len(texts)),
                label=np.array([labels.index(example.label) for example in examples]),
                group=keys(texts),
                recipes=(_RECIPES.get((self.family, name), Recipe(0.1, 0.3)),),
                keep=_KEEP[self.family],
                helpers=tuple(f"helping {task}" for task in _HELPS.get((self.family, name), ())),
                shipped=ship,
            )
        )
        self.texts += texts
        self.schemes += [scheme_of(example.text, example.lang) for example in examples]


def fit_family(data: Path, family: str) -> Fitted:
    """Fit one family's table."""
    corpus = _Corpus(family)
    feelings, tones = list(emotions(data, family)), list(sentiments(data, family))
    measured = [*feelings, *tones, *(sentiments(data, "umsab") if family == "en" else ())]
    kept = {each.text for each, out in zip(measured, for_measuring(measured), strict=True) if out}
    apart = frozenset(example.text for example in feelings)
    for task in _HELPERS[family]:
        examples = training_part(helping(data, task, apart if task == "sentiment" else ()), kept)
        corpus.add(f"helping {task}", tuple(sorted({each.label for each in examples})), examples, ship=False)
    weighed = [each for each in training_part(tones, kept) for _ in range(_TIMES.get(each.origin, 1))]
    corpus.add("sentiment", SENTIMENTS, weighed)
    corpus.add("emotion", EMOTIONS, training_part(feelings, kept))
    if family != "joint":
        labels = _ZH_SEVEN if family == "zh" else tuple(sorted(EN_TOPICS.values()))
        corpus.add("topic", labels, training_part(topics(data, family)))
    return fit_table(count_matrix(corpus.texts, corpus.schemes), corpus.targets, SEED)


def build(data: Path, out: Path, say: Callable[[str], object]) -> None:
    """Train the three tables and write them with their manifest."""
    out.mkdir(parents=True, exist_ok=True)
    for family in ("zh", "en", "joint"):
        fitted = fit_family(data, family)
        name = f"{family}.safetensors"
        (out / name).write_bytes(dump(fitted.weights, family))
        say(f"{name}: {len(fitted.weights.bucket)} rows\n")
        for head in fitted.weights.heads:
            said = measure(*fitted.answers(head))
            say(
                f"  {head.name}: n {said.n}, macro-F1 {said.macro_f1:.3f}, ECE {said.ece:.3f}, T {head.temperature}\n"
            )
    write_manifest(out)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Train the shipped heads.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    build(chosen.data, chosen.out, sys.stderr.write)


if __name__ == "__main__":
    main()
