"""`answerable train`: fits one head on a file of labelled texts, and says how good it is on texts it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from answerable.errors import SettingsError
from nlp.evaluate import LANGUAGES
from nlp.features import scheme_of
from nlp.fitting import FOLDS, Recipe, Target, fit_table, folds_for
from nlp.given import Given, given_by
from nlp.heads import family_of, shipped
from nlp.labelled import Labelled, Task, own_label, read_labelled, task_named
from nlp.language import Languages
from nlp.matrix import count_matrix
from nlp.scores import Scores, measure
from nlp.split import keys
from nlp.weights import dump, sha256

__all__ = ["TrainReport", "train"]

_RECIPES = tuple(Recipe(cost, blend) for blend in (0.0, 0.3, 0.6) for cost in (0.05, 0.1, 0.2))
_KEEP = 120_000
_TONED = (Task.EMOTION, Task.INFORMATIVE, Task.COMPLAINT)  # what a text is about owes little to its tone
_TONE_ROWS = 60_000


class TrainReport(Struct, frozen=True):
    """What training gave: `scores` are cross-validated, with copies of one message in one fold."""

    task: str
    n: int
    labels: tuple[str, ...]
    seed: int
    folds: int
    cost: float
    blend: float
    rows: int
    sha256: str
    scores: Scores


def train(task: str, data: Path, out: Path, seed: int) -> TrainReport:
    """Train a head for `task` on `data` and write it to `out`; raise SettingsError at what a person can mend.

    The shipped sentiment head of the language that most texts are in helps where a task has to do with tone.
    """
    kind = task_named(task)
    if out.is_dir():
        raise SettingsError("is a folder", file=str(out), repair="name a file for the model")
    examples = read_labelled(data)
    gold = [example.label if kind is Task.EMOTION else own_label(kind, example.label) for example in examples]
    labels = tuple(sorted(set(gold)))
    texts = [example.text for example in examples]
    group = keys(texts)
    _check(gold, group.tolist(), data)
    target = Target(
        name=kind.value,
        labels=labels,
        rows=np.arange(len(gold)),
        label=np.array([labels.index(label) for label in gold]),
        group=group,
        recipes=_RECIPES,
        keep=_KEEP,
        helpers=("sentiment",) if kind in _TONED else (),
    )
    counts = count_matrix(texts, [scheme_of(example.text, example.lang) for example in examples])
    fitted = fit_table(counts, [target], seed, given=_tone(examples) if kind in _TONED else None)
    written = dump(fitted.weights, kind.value)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(written)
    return TrainReport(
        task=kind.value,
        n=len(gold),
        labels=labels,
        seed=seed,
        folds=folds_for(len(gold)),
        cost=fitted.recipe[kind.value].cost,
        blend=fitted.recipe[kind.value].blend,
        rows=len(fitted.weights.bucket),
        sha256=sha256(written),
        scores=measure(*fitted.answers(fitted.weights.heads[0])),
    )


def _tone(examples: Sequence[Labelled]) -> Given:
    languages = Languages(LANGUAGES)
    families = Counter(family_of(languages.of(example.text, example.lang)) for example in examples)
    return given_by(shipped(families.most_common(1)[0][0]), "sentiment", _TONE_ROWS)


def _check(gold: list[str], group: list[int], data: Path) -> None:
    """Refuse what cannot be cross-validated: one label, or a label with too few different texts."""
    apart: dict[str, set[int]] = {}
    for label, key in zip(gold, group, strict=True):
        apart.setdefault(label, set()).add(key)
    if len(apart) < 2:
        raise SettingsError("holds one label only", file=str(data), repair="add texts with another label")
    for label, different in sorted(apart.items()):
        if len(different) < FOLDS:
            raise SettingsError(
                f"has {len(different)} different texts", file=str(data), key=label,
                repair=f"bring at least {FOLDS}, or drop the label",
            )  # fmt: skip
