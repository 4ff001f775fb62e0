"""A head of one table of weights, taken out so that it can help to fit another."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from nlp.features import BLOCK
from nlp.table import Weights

__all__ = ["Given", "given_by"]


class Given(Struct, frozen=True):
    """A head fitted elsewhere that helps here: its rows' buckets and idf, weights [labels, rows], and biases."""

    name: str
    bucket: NDArray[Any]
    idf: NDArray[np.uint8]
    weight: NDArray[Any]
    bias: NDArray[Any]

    def over(self, columns: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Lay the weights over rising buckets that hold all of the rows: weights [labels, columns], and biases."""
        weight = np.zeros((len(self.bias), len(columns)))
        weight[:, np.searchsorted(columns, self.bucket)] = self.weight
        return weight, self.bias


def given_by(weights: Weights, name: str, most: int) -> Given:
    """Take a head out of a table of weights, with the `most` rows that weigh most for it."""
    first = 0
    for head in weights.heads:
        if head.name == name:
            break
        first += len(head.labels)
    else:
        raise LookupError(f"no head for {name} is in the table")
    own = slice(first, first + len(head.labels))
    folded = weights.weight[:, own] * weights.scale[(weights.bucket >= BLOCK).astype(np.intp), own]
    rows = np.sort(np.argsort(-np.abs(folded).max(axis=1), kind="stable")[:most])
    weight = (folded[rows] / weights.idf[rows, None]).T
    return Given(name, weights.bucket[rows].astype(np.int64), weights.idf[rows], weight, np.array(head.bias))
