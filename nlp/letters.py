"""What each code point is to the heads: how it folds, and which kind of sign it is.

Tables over the planes that people write in; what lies beyond them reads as one Han sign.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["DROP", "FOLD", "KIND", "UPPER", "Letter"]

_SIZE = 0x20000
_WRITTEN = (
    (0, 0x3400),
    (0xA000, 0xAC00),
    (0xD7B0, 0xD800),
    (0xF900, 0x10000),
    (0x1D400, 0x1D800),
    (0x1F000, 0x1FB00),
)
_INVISIBLE = (
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    0xAD,
    0xFEFF,
    *range(0xFE00, 0xFE10),
)
_ARABIC_MARKS = (0x640, *range(0x64B, 0x653))  # stretching and vowel signs that most people leave out
_ARABIC_LIKE = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"}  # written for each other
_STRAIGHT = {"’": "'", "‘": "'", "“": '"', "”": '"', "…": "."}

DROP = 0  # what a code point folds to when n-grams pass over it


class Letter(IntEnum):
    """Kinds of signs; from SINGLE on each sign is a word of its own."""

    SPACE = 0
    WORD = 1
    PUNCTUATION = 2
    SINGLE = 3
    HAN = 4


def _fold(sign: str) -> int:
    if unicodedata.category(sign) == "Nd":
        return ord("0")
    sign = _STRAIGHT.get(sign, _ARABIC_LIKE.get(sign, sign))
    wide = unicodedata.normalize("NFKC", sign)
    low = (wide if len(wide) == 1 else sign).lower()
    return ord("0") if low.isdecimal() else ord(low[0])


def _kind(sign: str) -> Letter:
    category = unicodedata.category(sign)
    if sign.isspace() or category == "Cc":
        return Letter.SPACE
    if category[0] in "LMN" or sign == "_":
        return Letter.WORD
    return Letter.SINGLE if category in ("So", "Sk") else Letter.PUNCTUATION


def _tables() -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.bool_]]:
    fold = np.arange(_SIZE, dtype=np.uint32)
    kind = np.full(_SIZE, Letter.WORD, np.uint8)
    upper = np.zeros(_SIZE, np.bool_)
    for low, high in _WRITTEN:
        for code in range(low, high):
            sign = chr(code)
            fold[code], kind[code], upper[code] = _fold(sign), _kind(sign), sign.isupper()
    fold[kind == Letter.SPACE] = ord(" ")
    for low, high in ((0x3040, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00), (_SIZE - 1, _SIZE)):
        kind[low:high] = Letter.HAN
    fold[[*_INVISIBLE, *_ARABIC_MARKS]] = DROP
    return fold, kind, upper


FOLD, KIND, UPPER = _tables()
