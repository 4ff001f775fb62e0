"""A fixed rule that holds texts out for measuring, so that copies of one message fall on one side.

A text's key is the least hash among its 8-letter windows (letters and signs only, folded): texts that share most of
their wording share their key most of the time (min-wise hashing, Broder 1997). A tenth of the keys is held out. What
is left is then cleared of texts that say again what a held-out one says.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.features import normalise
from nlp.letters import DROP, FOLD, KIND, Letter
from nlp.rolling import U32, windows

__all__ = ["HELD_OUT", "clear_of_copies", "held_out", "keys"]

HELD_OUT = 10  # one key in so many is held out
_WIDTH = 8
_COPY = 0.6  # share of a text's windows that the held-out texts hold: from here on it is a copy


def keys(texts: Sequence[str]) -> NDArray[np.uint32]:
    """Return each text's key; copies with small changes mostly share it.

    >>> a, b = keys(["The lamp on Mill Lane is broken again!", "the lamp on mill lane is broken again"])
    >>> bool(a == b)
    True
    """
    return np.array([_scatter(shingles(text)).min() for text in texts], np.uint32)


def held_out(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Mark the texts that are kept for measuring.

    >>> held_out(["the street lamp is out", "no water since noon"]).tolist()
    [False, True]
    """
    return np.asarray(_scatter(keys(texts) ^ U32(0x5BD1E995)) % HELD_OUT == 0, np.bool_)


def clear_of_copies(texts: Sequence[str], held: Sequence[str]) -> NDArray[np.bool_]:
    """Mark the texts that repeat no held-out text: less than 60 % of their windows stand in one.

    >>> clear_of_copies(["the lamp on Mill Lane is out", "a dog barks"], ["The lamp on Mill Lane is out!"]).tolist()
    [False, True]
    """
    empty = [np.zeros(0, np.uint32)]
    known = np.unique(np.concatenate([shingles(text) for text in held] or empty))
    found = [shingles(text) for text in texts]
    size = np.fromiter(map(len, found), np.int64, len(found))
    again = np.isin(np.concatenate(found or empty), known)
    shared = np.bincount(np.repeat(np.arange(len(found)), size), weights=again, minlength=len(found))
    return np.asarray(shared < _COPY * size, np.bool_)


def shingles(text: str) -> NDArray[np.uint32]:
    """Hash a text's 8-letter windows; a shorter text is one window."""
    raw = np.minimum(np.frombuffer(normalise(text).encode("utf-32-le"), np.uint32), len(FOLD) - 1)
    letter = (KIND[raw] == Letter.WORD) | (KIND[raw] == Letter.HAN) | (KIND[raw] == Letter.SINGLE)
    code = FOLD[raw[letter]]
    code = code[code != DROP]
    width = max(min(_WIDTH, len(code)), 1)
    found = windows(code, np.zeros(len(code), np.uint32), width, width)
    return found[0][1] if found else np.zeros(1, np.uint32)


def _scatter(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    out = (hashed ^ (hashed >> U32(16))) * U32(0x85EBCA6B)
    out = (out ^ (out >> U32(13))) * U32(0xC2B2AE35)
    return out ^ (out >> U32(16))
