"""How right a head is, and how well it knows: the figures of `answerable eval --json`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from answerable.post import Reading

__all__ = ["ClassScores", "Scores", "measure"]

_BINS = 15
_PLACES = 6


class ClassScores(Struct, frozen=True):
    """One label's figures; `n` is how many texts carry it."""

    precision: float
    recall: float
    f1: float
    n: int


class Scores(Struct, frozen=True):
    """Figures over a file. Means run over the labels that the file holds; `ece` is over 15 bins of the top label."""

    n: int
    accuracy: float
    macro_f1: float
    macro_recall: float
    ece: float
    classes: dict[str, ClassScores]


def measure(gold: Sequence[str], answers: Sequence[Reading]) -> Scores:
    """Compare answers with labels.

    >>> yes, no = Reading("a", {"a": 0.9, "b": 0.1}), Reading("b", {"a": 0.2, "b": 0.8})
    >>> scores = measure(["a", "b", "b", "b"], [yes, no, no, yes])
    >>> scores.accuracy, scores.classes["b"].recall, scores.classes["a"].precision, round(scores.ece, 3)
    (0.75, 0.666667, 0.5, 0.3)
    """
    said = [answer.label for answer in answers]
    classes = {label: _class(label, gold, said) for label in sorted({*gold, *said})}
    held = [scores for scores in classes.values() if scores.n]
    return Scores(
        n=len(gold),
        accuracy=_share(sum(a == b for a, b in zip(gold, said, strict=True)), len(gold)),
        macro_f1=_mean([scores.f1 for scores in held]),
        macro_recall=_mean([scores.recall for scores in held]),
        ece=_ece(gold, answers),
        classes=classes,
    )


def _class(label: str, gold: Sequence[str], said: Sequence[str]) -> ClassScores:
    hit = sum(a == b == label for a, b in zip(gold, said, strict=True))
    n, claimed = gold.count(label), said.count(label)
    return ClassScores(_share(hit, claimed), _share(hit, n), _share(2 * hit, n + claimed), n)


def _share(part: int, whole: int) -> float:
    return round(part / whole, _PLACES) if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), _PLACES) if values else 0.0


def _ece(gold: Sequence[str], answers: Sequence[Reading]) -> float:
    """Weigh, bin by bin of the claimed probability, how far it lies from the share that was right."""
    gaps = [0.0] * _BINS
    for label, answer in zip(gold, answers, strict=True):
        sure = answer.p[answer.label]
        gaps[min(int(sure * _BINS), _BINS - 1)] += (answer.label == label) - sure
    return round(sum(map(abs, gaps)) / len(answers), _PLACES) if answers else 0.0
