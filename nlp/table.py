"""A table of pruned weights: buckets, their idf, and an int8 weight an output; scores for a batch in whole numbers.

Within a block an n-gram that occurs k times in a post weighs t = round(4 (1 + ln k)); its feature is
x = t·idf / √Σ (t·idf)², over the rows of the table. idf and weight are folded into one int8 with a scale for each
block and output, so that a score is scale · Σ t·q / √norm: all sums are of integers, hence the same in any batch.
Three outputs ride in one int64, 21 bits each; CAP keeps each sum within ±2^20.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from nlp.features import BLOCK, BUCKETS, Hits

__all__ = ["HeadSpec", "Table", "Weights", "term_weights"]

_TF = np.array([0] + [round(4 * (1 + math.log(k))) for k in range(1, 4096)], np.int64)
_FIELD, _LANES = 21, 3
_HALF, _FULL = 1 << (_FIELD - 1), 1 << _FIELD


class HeadSpec(Struct, frozen=True):
    """One head of a table: its name, its labels in column order, and how scores become probabilities."""

    name: str
    labels: tuple[str, ...]
    temperature: float
    bias: tuple[float, ...]
    doubt: float = 0.0


class Weights(Struct, frozen=True):
    """What a file of weights holds, as arrays: rows sorted by bucket, columns in the order of the heads' labels.

    bucket: uint32 [rows]; idf: uint8 [rows], in sixteenths; weight: int8 [rows, outputs];
    scale: float64 [2, outputs], for characters and words.
    """

    bucket: NDArray[np.uint32]
    idf: NDArray[np.uint8]
    weight: NDArray[np.int8]
    scale: NDArray[np.float64]
    heads: tuple[HeadSpec, ...]


def term_weights(count: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return t for occurrences in a post.

    >>> term_weights(np.array([1, 2, 3, 10])).tolist()
    [4, 7, 8, 13]
    """
    return np.asarray(_TF[np.minimum(count, len(_TF) - 1)], np.int64)


class Table:
    """Weights made ready for scoring."""

    def __init__(self, weights: Weights) -> None:
        self.heads = weights.heads
        self._known = np.zeros(BUCKETS, np.bool_)
        self._known[weights.bucket] = True
        self._row = np.zeros(BUCKETS, np.int32)
        self._row[weights.bucket] = np.arange(len(weights.bucket), dtype=np.int32)
        self._idf = weights.idf.astype(np.int64)
        self._scale = weights.scale
        self._bias = np.array([bias for head in weights.heads for bias in head.bias], np.float64)
        self._packed = _pack(weights.weight)

    def scores(self, hits: Hits, posts: int) -> NDArray[np.float64]:
        """Return the raw scores of at most 2^11 posts, float64 [posts, outputs]."""
        key, t = self._counted(hits)
        edge = np.searchsorted(key, np.arange(2 * posts + 1, dtype=np.uint64) * BLOCK)
        row = self._row.take(key & np.uint32(BUCKETS - 1))
        norm = _span_sums((t * self._idf.take(row)) ** 2, edge)
        shrink = 1.0 / np.sqrt(np.maximum(norm, 1).astype(np.float64))
        packed = self._packed.take(row, axis=0)
        packed *= t[:, None]
        sums = _unpack(_span_sums(packed, edge))[:, : len(self._bias)]
        parts = (sums * shrink[:, None]).reshape(posts, 2, -1) * self._scale
        return parts[:, 0] + parts[:, 1] + self._bias

    def split(self, scores: NDArray[np.float64]) -> list[tuple[HeadSpec, NDArray[np.float64]]]:
        """Give each head its columns of the scores."""
        ends = np.cumsum([len(head.labels) for head in self.heads])
        return [(head, scores[:, end - len(head.labels) : end]) for head, end in zip(self.heads, ends, strict=True)]

    def _counted(self, hits: Hits) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return each known n-gram of each post once, as post · BUCKETS + bucket in rising order, and its t."""
        known = self._known.take(hits.bucket)
        key = hits.post[known] * np.uint32(BUCKETS) + hits.bucket[known]
        key.sort()
        new = np.ones(len(key), np.bool_)
        new[1:] = key[1:] != key[:-1]
        at = np.flatnonzero(new)
        return key[at], term_weights(np.diff(at, append=len(key)))


def _pack(weight: NDArray[np.int8]) -> NDArray[np.int64]:
    """Lay three outputs into each int64, [rows, lanes]."""
    rows, outputs = weight.shape
    wide = np.zeros((rows, -(-outputs // _LANES) * _LANES), np.int64)
    wide[:, :outputs] = weight
    shift = np.arange(_LANES, dtype=np.int64) * _FIELD
    return np.ascontiguousarray((wide.reshape(rows, -1, _LANES) << shift).sum(axis=2))


def _unpack(packed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Take the sums of three outputs out of each int64, [spans, outputs]."""
    out = np.empty((*packed.shape, _LANES), np.float64)
    for place in range(_LANES):
        low = ((packed + _HALF) & (_FULL - 1)) - _HALF
        out[:, :, place] = low
        packed = (packed - low) >> _FIELD
    return out.reshape(len(packed), -1)


def _span_sums(values: NDArray[np.int64], edge: NDArray[np.intp]) -> NDArray[np.int64]:
    """Sum the values (or rows) between neighbouring edges; an empty span sums to nothing."""
    found = np.zeros((len(edge) - 1, *values.shape[1:]), np.int64)
    full = edge[1:] > edge[:-1]  # spans touch, so each full one ends where the next full one starts
    if full.any():
        found[full] = np.add.reduceat(values, edge[:-1][full], axis=0)
    return found
