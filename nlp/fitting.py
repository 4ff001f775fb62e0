"""Fits linear heads on hashed n-grams, prunes them to the rows that matter, and rounds them to int8.

Needs scikit-learn, which only training uses: `pip install 'answerable[train]'`. The features in
training are the very integers of nlp/table.py, so what is fitted is what is shipped.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.errors import SettingsError
from nlp.features import BLOCK, BUCKETS, Hits, Scheme, hash_texts
from nlp.table import HeadSpec, Weights, term_weights

__all__ = ["FOLDS", "Fitted", "Target", "count_matrix", "fit_table", "need"]

Array = NDArray[Any]
FOLDS = 5
_CHUNK = 256
_IDF_STEP = 16.0


class Target(Struct, frozen=True):
    """What one head learns: `rows` of the corpus, each with the index of its label.

    Texts of one `group` stay in one fold. Of several `costs` (the SVM's C) cross-validation takes the best. At most
    `keep` rows of the table are chosen for this head's sake.
    """

    name: str
    labels: tuple[str, ...]
    rows: Array
    label: Array
    group: Array
    costs: tuple[float, ...] = (0.2,)
    keep: int = 60_000


class Fitted(Struct, frozen=True):
    """Weights; for each head the out-of-fold scores that its temperature was chosen on, and its cost."""

    weights: Weights
    scores: dict[str, Array]
    cost: dict[str, float]


def need(module: str) -> Any:
    """Import a training library; raise SettingsError naming the extra where it is absent."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise SettingsError(
            f"training needs {module.partition('.')[0]}", repair="pip install 'answerable[train]'"
        ) from None


def count_matrix(texts: Sequence[str], schemes: Sequence[Scheme]) -> Any:
    """Count n-grams: a CSR matrix [texts, BUCKETS]."""
    sparse = need("scipy.sparse")
    parts, order = [], []
    for scheme in Scheme:
        members = [i for i, own in enumerate(schemes) if own is scheme]
        for low in range(0, len(members), _CHUNK):
            chosen = members[low : low + _CHUNK]
            hits = hash_texts([texts[i] for i in chosen], scheme)
            parts.append(_counted(sparse, hits, len(chosen)))
            order.extend(chosen)
    return sparse.vstack(parts, format="csr")[np.argsort(order)]


def _counted(sparse: Any, hits: Hits, posts: int) -> Any:
    key = hits.post.astype(np.int64) * BUCKETS + hits.bucket
    key, count = np.unique(key, return_counts=True)
    edge = np.searchsorted(key, np.arange(posts + 1) * BUCKETS)
    return sparse.csr_matrix((count.astype(np.int32), (key % BUCKETS).astype(np.int32), edge), shape=(posts, BUCKETS))


def idf_of(counts: Any, least: int) -> NDArray[np.uint8]:
    """Return idf in sixteenths for each bucket, 0 where fewer than `least` texts hold it."""
    df = np.bincount(counts.indices, minlength=BUCKETS)
    idf = np.log((1 + counts.shape[0]) / (1 + df)) + 1
    return np.where(df >= least, np.clip(np.rint(idf * _IDF_STEP), 1, 255), 0).astype(np.uint8)


def features(counts: Any, idf: NDArray[np.uint8], columns: Array) -> Any:
    """Weigh counts as nlp/table.py does, over the given buckets only: each block of a text has length one."""
    sparse = need("scipy.sparse")
    x = counts[:, columns]
    value = term_weights(x.data) * idf[columns[x.indices]].astype(np.int64)
    row = np.repeat(np.arange(x.shape[0]), np.diff(x.indptr))
    span = 2 * row + (columns[x.indices] >= BLOCK)
    norm = np.sqrt(np.bincount(span, weights=value.astype(np.float64) ** 2, minlength=2 * x.shape[0]))
    return sparse.csr_matrix((value / norm[span], x.indices, x.indptr), shape=x.shape)


def fit(x: Any, label: Array, labels: int, cost: float, seed: int) -> tuple[Array, Array]:
    """Fit one-vs-rest linear SVMs, classes balanced; return weights [labels, columns] and biases."""
    svm = need("sklearn.svm")
    weight, bias = np.zeros((labels, x.shape[1])), np.zeros(labels)
    for k in range(labels if labels > 2 else 1):
        model = svm.LinearSVC(C=cost, class_weight="balanced", random_state=seed, tol=0.03)
        model.fit(x, label == k)
        weight[k], bias[k] = model.coef_[0], model.intercept_[0]
    if labels == 2:
        weight[1], bias[1] = -weight[0], -bias[0]
    return weight, bias


def out_of_fold(counts: Any, idf: NDArray[np.uint8], target: Target, cost: float, seed: int) -> Array:
    """Return scores of texts by models that never saw their group, rows chosen anew in each fold; [rows, labels]."""
    select = need("sklearn.model_selection")
    scores = np.zeros((counts.shape[0], len(target.labels)))
    split = select.StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    every = np.flatnonzero(idf)
    x = features(counts, idf, every)
    for train, test in split.split(scores, target.label, target.group):
        columns = np.flatnonzero(_worthy(x[train], target, target.label[train], cost, seed))
        slim = features(counts, idf, every[columns]) if len(columns) < len(every) else x
        weight, bias = fit(slim[train], target.label[train], len(target.labels), cost, seed)
        scores[test] = slim[test] @ weight.T + bias
    return scores


def best_cost(counts: Any, idf: NDArray[np.uint8], target: Target, seed: int) -> tuple[float, Array]:
    """Return the cost with the best cross-validated macro-F1 (of equals the smallest), and its scores."""
    tried = [(cost, out_of_fold(counts, idf, target, cost, seed)) for cost in target.costs]
    return max(tried, key=lambda pair: (_macro_f1(pair[1].argmax(axis=1), target.label), -pair[0]))


def _macro_f1(said: Array, label: Array) -> float:
    hit, claimed, held = (
        np.bincount(each, minlength=label.max() + 1) for each in (label[said == label], said, label)
    )
    return float(np.mean(2 * hit / np.maximum(claimed + held, 1)))


def best_temperature(scores: Array, label: Array) -> float:
    """Return the temperature that makes the labels likeliest, by golden section on its logarithm."""
    low, high, ratio = np.log(0.02), np.log(5.0), (np.sqrt(5) - 1) / 2
    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if _surprise(scores / np.exp(a), label) < _surprise(scores / np.exp(b), label):
            high = b
        else:
            low = a
    return float(round(np.exp((low + high) / 2), 4))


def _surprise(scaled: Array, label: Array) -> float:
    top = scaled.max(axis=1)
    total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
    return float((total - scaled[np.arange(len(label)), label]).mean())


def fit_table(counts: Any, targets: Sequence[Target], seed: int, least: int = 2) -> Fitted:
    """Fit all heads of a table on one set of rows; pruned by a first fit, then fitted again."""
    idf = idf_of(counts, least)
    every = np.flatnonzero(idf)
    x = features(counts, idf, every)
    tried = [(target, *best_cost(counts[target.rows], idf, target, seed)) for target in targets]
    worthy = [_worthy(x[target.rows], target, target.label, cost, seed) for target, cost, _ in tried]
    columns = every[np.logical_or.reduce(worthy)]
    x = features(counts, idf, columns)
    heads, weights = [], []
    for target, cost, scores in tried:
        weight, bias = fit(x[target.rows], target.label, len(target.labels), cost, seed)
        warmth = best_temperature(scores, target.label)
        heads.append(HeadSpec(target.name, target.labels, warmth, tuple(map(float, bias.round(6)))))
        weights.append(weight)
    return Fitted(
        weights=_rounded(columns, idf, np.concatenate(weights), tuple(heads)),
        scores={target.name: scores for target, _, scores in tried},
        cost={target.name: cost for target, cost, _ in tried},
    )


def _worthy(x: Any, target: Target, label: Array, cost: float, seed: int) -> NDArray[np.bool_]:
    """Mark the columns that move this head's scores most, by a fit on all of them."""
    if x.shape[1] <= target.keep:
        return np.ones(x.shape[1], np.bool_)
    weight, _ = fit(x, label, len(target.labels), cost, seed)
    worth = np.abs(weight).max(axis=0) * np.sqrt(np.asarray(x.multiply(x).sum(axis=0)).ravel())
    chosen = np.zeros(x.shape[1], np.bool_)
    chosen[np.argsort(-worth, kind="stable")[: target.keep]] = True
    return chosen


def _rounded(columns: Array, idf: NDArray[np.uint8], weight: Array, heads: tuple[HeadSpec, ...]) -> Weights:
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
