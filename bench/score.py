"""How well groups match labelled incidents: B³ and best-match F1, as pure functions of two labellings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from msgspec import Struct

__all__ = ["Score", "b_cubed", "best_match"]


class Score(Struct, frozen=True):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def _score(precision: float, recall: float) -> Score:
    total = precision + recall
    return Score(precision, recall, 2 * precision * recall / total if total else 0.0)


def b_cubed(truth: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Return B³ over the items that have a label (Bagga and Baldwin 1998).

    >>> b_cubed({"a": "x", "b": "x", "c": "y"}, {"a": "1", "b": "1", "c": "1"}).recall
    1.0
    """
    both = Counter((truth[item], found[item]) for item in truth)
    classes, groups = Counter(truth.values()), Counter(found[item] for item in truth)
    precision = sum(n * n / groups[group] for (_, group), n in both.items()) / len(truth)
    recall = sum(n * n / classes[label] for (label, _), n in both.items()) / len(truth)
    return _score(precision, recall)


def best_match(truth: Mapping[str, str], found: Mapping[str, str], *, strict: bool = False) -> dict[str, Score]:
    """Return for each label the group that matches it best by F1.

    `strict` counts members without a label as wrong; otherwise they do not count.
    """
    members: defaultdict[str, set[str]] = defaultdict(set)
    for item, group in found.items():
        if strict or item in truth:
            members[group].add(item)
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for item, label in truth.items():
        wanted[label].add(item)
    return {label: _best(items, {found[item] for item in items}, members) for label, items in sorted(wanted.items())}


def _best(items: set[str], groups: set[str], members: Mapping[str, set[str]]) -> Score:
    scores = [
        _score(len(items & members[group]) / len(members[group]), len(items & members[group]) / len(items))
        for group in sorted(groups)
    ]
    return max(scores, key=lambda score: score.f1)
