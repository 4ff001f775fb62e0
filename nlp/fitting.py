"""Fits linear heads on hashed n-grams, prunes them to the rows that matter, and rounds them to int8.

Needs scikit-learn, which only training uses: `pip install 'answerable[train]'`. The features in
training are the very integers of nlp/table.py, so what is fitted is what is shipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.post import Reading
from nlp.features import BLOCK
from nlp.given import Given
from nlp.heads import probabilities, readings
from nlp.matrix import Array, features, idf_of, joined, need
from nlp.table import HeadSpec, Weights

__all__ = ["FOLDS", "Fitted", "Recipe", "Target", "fit_table", "folds_for", "rounded"]

FOLDS = 5
_FOLDS_OF_MANY = 3
_SMOOTH = 0.1
_MANY = 20_000
_DOUBTS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.06)
_HELP = 0.1  # n-grams weigh a few tenths each: helpers may not drown them


class Recipe(Struct, frozen=True):
    """How a head is fitted: C, how far columns are scaled by their log-count ratio (0 to 1), by which loss."""

    cost: float = 0.2
    blend: float = 0.0
    loss: Literal["hinge", "logistic"] = "hinge"


class Target(Struct, frozen=True):
    """What one head learns: `rows` of the corpus, each with the index of its label.

    Texts of one `group` stay in one fold. Of several `recipes` cross-validation takes the best. At most
    `keep` rows of the table are chosen for this head's sake. The scores of `helpers`, heads that come before
    it, enter as further columns; a head that is not `shipped` only helps.
    """

    name: str
    labels: tuple[str, ...]
    rows: Array
    label: Array
    group: Array
    recipes: tuple[Recipe, ...] = (Recipe(),)
    keep: int = 60_000
    helpers: tuple[str, ...] = ()
    shipped: bool = True


class Base(Struct, frozen=True):
    """What folds build on: all columns, their idf, which of them other heads keep, and the helpers' scores."""

    idf: NDArray[np.uint8]
    columns: Array
    others: NDArray[np.bool_]
    extra: Array


class Fitted(Struct, frozen=True):
    """Weights; for each head the out-of-fold scores that its temperature was chosen on, and its recipe."""

    weights: Weights
    scores: dict[str, Array]
    label: dict[str, Array]
    recipe: dict[str, Recipe]

    def answers(self, head: HeadSpec) -> tuple[list[str], list[Reading]]:
        """Return the labels of a head's texts, and its out-of-fold answers."""
        gold = [head.labels[k] for k in self.label[head.name].tolist()]
        return gold, readings(head, self.scores[head.name])


def fit(x: Any, label: Array, labels: int, recipe: Recipe, seed: int) -> tuple[Array, Array]:
    """Fit one-vs-rest linear SVMs or logistic regressions, classes balanced: weights [labels, columns] and biases.

    With a blend, columns are first scaled towards the absolute log-count ratio of the class (NBSVM, Wang and Manning
    2012); the scale is folded back into the weights.
    """
    weight, bias = np.zeros((labels, x.shape[1])), np.zeros(labels)
    for k in range(labels if labels > 2 else 1):
        own = label == k
        scale = 1 - recipe.blend + recipe.blend * _ratio(x, own) if recipe.blend else np.ones(x.shape[1])
        model = _model(recipe, seed)
        model.fit(x.multiply(scale).tocsr() if recipe.blend else x, own)
        weight[k], bias[k] = model.coef_[0] * scale, model.intercept_[0]
    if labels == 2:
        weight[1], bias[1] = -weight[0], -bias[0]
    return weight, bias


def _model(recipe: Recipe, seed: int) -> Any:
    common = {"C": recipe.cost, "class_weight": "balanced", "random_state": seed, "tol": 0.03}
    if recipe.loss == "hinge":
        return need("sklearn.svm").LinearSVC(**common)
    return need("sklearn.linear_model").LogisticRegression(solver="liblinear", dual=True, **common)


def _ratio(x: Any, own: Array) -> Array:
    """Return each column's absolute log-count ratio over its mean; 1 for helpers' columns, which are no counts."""
    ours, theirs = (np.asarray(x[part].sum(axis=0)).ravel() + _SMOOTH for part in (own, ~own))
    counts = x.min(axis=0).toarray().ravel() >= 0
    ratio = np.ones(x.shape[1])
    ours, theirs = ours[counts], theirs[counts]
    ratio[counts] = np.abs(np.log(ours / ours.sum()) - np.log(theirs / theirs.sum()))
    ratio[counts] /= max(ratio[counts].mean(), 1e-9)
    return ratio


def folds_for(texts: int) -> int:
    """Return into how many folds so many texts are parted."""
    return FOLDS if texts < _MANY else _FOLDS_OF_MANY


def _folds(target: Target, seed: int) -> list[tuple[Array, Array]]:
    select = need("sklearn.model_selection")
    split = select.StratifiedGroupKFold(folds_for(len(target.label)), shuffle=True, random_state=seed)
    return list(split.split(target.label, target.label, target.group))


def out_of_fold(x: Any, counts: Any, base: Base, target: Target, recipe: Recipe, seed: int) -> Array:
    """Return scores of texts by models that never saw their group; [rows, labels].

    `x` are the target's texts over all columns. The rows of the table are chosen anew in each fold, beside
    those that stand in it for other heads' sake: a choice by all labels would flatter the scores.
    """
    scores = np.zeros((len(target.label), len(target.labels)))
    for train, test in _folds(target, seed):
        label = target.label[train]
        chosen = base.others | _worthy(x[train], target, label, recipe, seed)
        slim = joined(features(counts, base.idf, base.columns[chosen]), base.extra)
        weight, bias = fit(slim[train], label, len(target.labels), recipe, seed)
        scores[test] = slim[test] @ weight.T + bias
    return scores


def best_recipe(x: Any, target: Target, seed: int) -> Recipe:
    """Return the recipe with the best macro-F1 over the folds (two where texts are many); of equals the first."""
    if len(target.recipes) == 1:
        return target.recipes[0]
    folds = _folds(target, seed)[: FOLDS if len(target.label) < _MANY else 2]
    reached = []
    for recipe in target.recipes:
        said, held = [], []
        for train, test in folds:
            weight, bias = fit(x[train], target.label[train], len(target.labels), recipe, seed)
            said.append((x[test] @ weight.T + bias).argmax(axis=1))
            held.append(target.label[test])
        reached.append(_macro_f1(np.concatenate(said), np.concatenate(held), len(target.labels)))
    return target.recipes[int(np.argmax(reached))]


def _macro_f1(said: Array, label: Array, labels: int) -> float:
    hit, claimed, held = (np.bincount(each, minlength=labels) for each in (label[said == label], said, label))
    return float(np.mean(2 * hit / np.maximum(claimed + held, 1)))


def calibration(scores: Array, label: Array) -> tuple[float, float]:
    """Return the temperature and the doubt that make the labels likeliest."""
    tried = [(*_best_temperature(scores, label, doubt), doubt) for doubt in _DOUBTS]
    _, temperature, doubt = min(tried)
    return temperature, doubt


def _best_temperature(scores: Array, label: Array, doubt: float) -> tuple[float, float]:
    """Return the least surprise and its temperature, by golden section on the logarithm."""
    low, high, ratio = np.log(0.02), np.log(5.0), (np.sqrt(5) - 1) / 2
    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if _surprise(scores, label, np.exp(a), doubt) < _surprise(scores, label, np.exp(b), doubt):
            high = b
        else:
            low = a
    warmth = float(round(np.exp((low + high) / 2), 4))
    return _surprise(scores, label, warmth, doubt), warmth


def _surprise(scores: Array, label: Array, temperature: float, doubt: float) -> float:
    share = probabilities(scores, temperature, doubt)[np.arange(len(label)), label]
    return float(-np.log(np.maximum(share, 1e-12)).mean())


def fit_table(
    counts: Any, targets: Sequence[Target], seed: int, least: int = 2, given: Given | None = None
) -> Fitted:
    """Fit all heads of a table on one set of rows; pruned by a first fit, then fitted again.

    The rows of a head that is `given` stay, with their idf, and targets may name it among their helpers.
    """
    idf = idf_of(counts, least)
    if given is not None:
        idf[given.bucket] = given.idf
    every = np.flatnonzero(idf)
    kept = np.isin(every, given.bucket) if given is not None else np.zeros(len(every), np.bool_)
    whole = features(counts, idf, every)
    recipes = {target.name: best_recipe(whole[target.rows], target, seed) for target in targets}
    shipped = [target for target in targets if target.shipped]
    worthy = {each.name: _worthy(whole[each.rows], each, each.label, recipes[each.name], seed) for each in shipped}
    columns = every[np.logical_or.reduce([kept, *worthy.values()])]
    x = features(counts, idf, columns)
    found = {given.name: given.over(columns)} if given is not None else dict[str, tuple[Array, Array]]()
    heads, scores = [], {}
    for target in targets:
        helping, recipe, own = _helping(found, target, x), recipes[target.name], x[target.rows]
        extra = np.asarray(own @ helping[0].T + helping[1])
        weight, bias = fit(joined(own, extra), target.label, len(target.labels), recipe, seed)
        found[target.name] = _folded(weight, bias, helping, len(columns))
        if target.shipped:
            others = np.logical_or.reduce([kept, *(worthy[n] for n in worthy if n != target.name)])
            base = Base(idf, every, others, extra)
            scores[target.name] = out_of_fold(whole[target.rows], counts[target.rows], base, target, recipe, seed)
            heads.append(_spec(target, found[target.name][1], scores[target.name]))
    weights = np.concatenate([found[target.name][0] for target in shipped])
    labels = {target.name: target.label for target in shipped}
    return Fitted(rounded(columns, idf, weights, tuple(heads)), scores, labels, recipes)


def _spec(target: Target, bias: Array, scores: Array) -> HeadSpec:
    warmth, doubt = calibration(scores, target.label)
    return HeadSpec(target.name, target.labels, warmth, tuple(map(float, bias.round(6))), doubt)


def _helping(found: dict[str, tuple[Array, Array]], target: Target, x: Any) -> tuple[Array, Array]:
    """Return the helpers' weights and biases, scaled so that their scores vary by HELP over the target's texts."""
    if not target.helpers:
        return np.zeros((0, x.shape[1])), np.zeros(0)
    weight = np.concatenate([found[name][0] for name in target.helpers])
    scores = x[target.rows] @ weight.T
    scale = _HELP / scores.std(axis=0)
    return weight * scale[:, None], -scores.mean(axis=0) * scale


def _folded(weight: Array, bias: Array, helping: tuple[Array, Array], columns: int) -> tuple[Array, Array]:
    """Fold the helpers into one matrix: what they say is linear in the same columns."""
    through = weight[:, columns:]
    return weight[:, :columns] + through @ helping[0], bias + through @ helping[1]


def _worthy(x: Any, target: Target, label: Array, recipe: Recipe, seed: int) -> NDArray[np.bool_]:
    """Mark the columns that move this head's scores most, by a fit on all of them."""
    if x.shape[1] <= target.keep:
        return np.ones(x.shape[1], np.bool_)
    weight, _ = fit(x, label, len(target.labels), recipe, seed)
    worth = np.abs(weight).max(axis=0) * np.sqrt(np.asarray(x.multiply(x).sum(axis=0)).ravel())
    chosen = np.zeros(x.shape[1], np.bool_)
    chosen[np.argsort(-worth, kind="stable")[: target.keep]] = True
    return chosen


def rounded(columns: Array, idf: NDArray[np.uint8], weight: Array, heads: tuple[HeadSpec, ...]) -> Weights:
    """Fold idf into the weights and round them to int8, with a scale for each block and output."""
    folded = (weight * idf[columns]).T
    scale = np.zeros((2, folded.shape[1]))
    whole = np.zeros(folded.shape, np.int8)
    for block in (0, 1):
        part = (columns >= BLOCK) == bool(block)
        top = np.abs(folded[part]).max(axis=0, initial=1e-9)
        scale[block] = top / 127
        whole[part] = np.rint(folded[part] / scale[block])
    return Weights(columns.astype(np.uint32), idf[columns], whole, scale, heads)
