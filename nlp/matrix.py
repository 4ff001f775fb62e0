"""Texts as rows of numbers for fitting, weighed by the very integers of nlp/table.py.

Needs scikit-learn and scipy, which only training uses: `pip install 'answerable[train]'`.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from answerable.errors import SettingsError
from nlp.features import BLOCK, BUCKETS, Hits, Scheme, hash_texts
from nlp.table import term_weights

__all__ = ["Array", "count_matrix", "features", "idf_of", "joined", "need"]

Array = NDArray[Any]
_CHUNK = 256
_IDF_STEP = 16.0


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


def joined(x: Any, extra: Array) -> Any:
    """Set the helpers' scores beside the n-grams."""
    return need("scipy.sparse").hstack([x, extra], format="csr") if extra.shape[1] else x
