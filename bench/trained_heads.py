"""Heads trained in the run itself, by the program's own `train`, and a pipeline of others on the same texts.

Each is measured on texts that it never saw: on the set's own split, on whole events, or, where a set is small and has
no split, on every text by a head that was trained without it and its copies.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from answerable.post import Reading
from bench.head_peers import Found, by_svm
from bench.load import DATA
from nlp.corpora import Example, Raw, raw
from nlp.evaluate import judge
from nlp.labelled import Labelled, Task, own_label
from nlp.scores import Scores, measure
from nlp.split import keys
from nlp.table import Table
from nlp.train import train
from nlp.weights import parse

__all__ = ["TRAINED", "events_apart", "measured", "parted", "svm"]

_FOLDS = 5
Parts = Iterator[tuple[list[Example], list[Example]]]


def _examples(task: Task, rows: Iterable[Raw]) -> list[Example]:
    return [Example(row.text or "", own_label(task, str(row.label)), "en", "") for row in rows]


def _four_emotions() -> Parts:
    rows = [row for row in raw(DATA, "en/tweeteval/dev") if row.task == "emotion"]
    every = [Example(row.text or "", str(row.label), "en", "", row.split == "val") for row in rows]
    yield [each for each in every if not each.kept], [each for each in every if each.kept]


def _complaints() -> Parts:
    every = _examples(Task.COMPLAINT, raw(DATA, "en/complaints/dev"))
    yield from parted(every, [int(key) % _FOLDS for key in keys([each.text for each in every])])


def _informative() -> Parts:
    rows = list(raw(DATA, "en/crisislex_t26/dev"))
    every = zip(_examples(Task.INFORMATIVE, rows), events_apart([row.event for row in rows]), strict=True)
    seen, unseen = list[Example](), list[Example]()
    for each, out in every:
        (unseen if out else seen).append(each)
    yield seen, unseen


def events_apart(events: Sequence[str]) -> list[bool]:
    """Mark the posts of every fourth event in order of their names.

    >>> events_apart(["a", "d", "b", "c"])
    [False, True, False, False]
    """
    chosen = set(sorted(set(events))[3::4])
    return [event in chosen for event in events]


def parted(every: Sequence[Example], part: Sequence[int]) -> Parts:
    """Hold each part out in turn.

    >>> a, b = Example("a", "x", "en", ""), Example("b", "x", "en", "")
    >>> [(seen[0].text, unseen[0].text) for seen, unseen in parted([a, b], [0, 1])]
    [('b', 'a'), ('a', 'b')]
    """
    for own in sorted(set(part)):
        yield (
            [each for each, other in zip(every, part, strict=True) if other != own],
            [each for each, other in zip(every, part, strict=True) if other == own],
        )


def _learned(task: Task, seen: Sequence[Example], unseen: Sequence[Example]) -> list[Reading]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [json.dumps({"text": each.text, "label": each.label, "lang": each.lang}) for each in seen]
        (folder / "seen").write_text("\n".join(lines), "utf-8")
        train(task.value, folder / "seen", folder / "model", seed=1)
        _, weights = parse((folder / "model").read_bytes(), "model")
    return judge(Table(weights), [Labelled(each.text, each.label, lang=each.lang) for each in unseen])


@cache
def measured(name: str) -> Scores:
    """Train and measure one of TRAINED."""
    task, parts = TRAINED[name]
    gold, answers = list[str](), list[Reading]()
    for seen, unseen in parts():
        gold += [each.label for each in unseen]
        answers += _learned(task, seen, unseen)
    return measure(gold, answers)


def svm(name: str) -> Found:
    """Return the macro-F1 of TF-IDF and a linear SVM on the same parts."""
    gold, said = list[str](), list[Reading]()
    for seen, unseen in TRAINED[name][1]():
        gold += [each.label for each in unseen]
        said += by_svm(seen, unseen)
    return (("TF-IDF, linear SVM", measure(gold, said).macro_f1),)


TRAINED = {
    "tweeteval_four_emotions": (Task.EMOTION, _four_emotions),
    "complaints": (Task.COMPLAINT, _complaints),
    "crisislex_informative": (Task.INFORMATIVE, _informative),
}
