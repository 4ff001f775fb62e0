"""`answerable eval`: measures a trained head, or the shipped ones, on a file of labelled texts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from answerable.errors import SettingsError
from answerable.post import Reading
from nlp.features import Scheme, hash_texts, scheme_of
from nlp.heads import FOLDER, Heads, readings
from nlp.labelled import Labelled, Task, own_label, read_labelled, task_named
from nlp.language import Languages
from nlp.scores import Scores, measure
from nlp.table import Table
from nlp.weights import parse

__all__ = ["LANGUAGES", "evaluate", "judge"]

_BATCH = 256
LANGUAGES = ("zh", "en", "ar", "fr", "de", "hi", "it", "pt", "es", "ja", "ko")


def evaluate(task: str, data: Path, model: Path | None = None) -> Scores:
    """Measure `model` (None: the shipped heads) on `data`; raise SettingsError at what a person can mend.

    A label that the head does not know is read as ours where it names the same thing, and counts as missed otherwise;
    where it knows none of the file's, nothing is measured.
    """
    kind = task_named(task)
    examples = read_labelled(data)
    answers, labels = _shipped(kind, examples) if model is None else _trained(kind, examples, model)
    gold = [_gold(kind, example.label, labels) for example in examples]
    if labels.isdisjoint(gold):
        known, found = (", ".join(sorted(each)[:10]) for each in (labels, set(gold)))
        raise SettingsError(f"has no label that the head knows, but {found}", file=str(data), repair=f"write {known}")
    return measure(gold, answers)


def _gold(task: Task, label: str, known: Collection[str]) -> str:
    return label if label in known else own_label(task, label)


def _shipped(task: Task, examples: Sequence[Labelled]) -> tuple[list[Reading], set[str]]:
    heads, languages = Heads.load(FOLDER), Languages(LANGUAGES)
    texts = [example.text for example in examples]
    langs = [languages.of(example.text, example.lang) for example in examples]
    answers = heads.judge(task.value, texts, langs)
    if answers is None:
        raise SettingsError(
            f"no head for {task.value} is shipped for all languages of these texts",
            repair=f"train one: answerable train {task.value} --data FILE --out MODEL, then --model MODEL",
        )
    return answers, heads.labels(task.value)


def _trained(task: Task, examples: Sequence[Labelled], model: Path) -> tuple[list[Reading], set[str]]:
    try:
        header, weights = parse(model.read_bytes(), str(model))
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=str(model), repair="check the path") from None
    if header.task != task.value:
        raise SettingsError(
            f"was trained for {header.task}", file=str(model), repair=f"answerable eval {header.task} …"
        )
    return judge(Table(weights), examples), set(weights.heads[0].labels)


def judge(table: Table, examples: Sequence[Labelled]) -> list[Reading]:
    """Let the first head of a table answer, in order."""
    out: list[Reading | None] = [None] * len(examples)
    schemes = [scheme_of(example.text, example.lang) for example in examples]
    for scheme in Scheme:
        members = [i for i, own in enumerate(schemes) if own is scheme]
        for low in range(0, len(members), _BATCH):
            part = members[low : low + _BATCH]
            hits = hash_texts([examples[i].text for i in part], scheme)
            head, scores = table.split(np.asarray(table.scores(hits, len(part))))[0]
            for i, answer in zip(part, readings(head, scores), strict=True):
                out[i] = answer
    return [answer for answer in out if answer is not None]
