"""Near-duplicate signatures: one-permutation MinHash over characters, with bands to look candidates up by.

Texts are folded, look-alike letters are made alike, and everything but letters and digits is dropped, so that
separators, width and case do not matter. Shingles are three characters in every language: in a short post a
changed letter spoils one word of ten, but only three shingles. A signature is the exact key (8 bytes) and 128
bins of 16 bits, 264 bytes in all; texts under 12 characters carry the exact key alone.
Li, Owen, Zhang (2012), One Permutation Hashing; Shrivastava (2017), Optimal Densification.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

from nlp.clean import folded

__all__ = ["LEAST", "SIZE", "bands", "estimate", "of_folded", "signature"]

LEAST = 12
_BINS, _KEY, _BATCH = 128, 8, 64
_WIDTH = 3  # characters of a shingle
SIZE = _KEY + 2 * _BINS
_REPOST = re.compile(
    r"^(?:rt\s?@[\w*]+:?|转发微博|转发|转:|转自[^:]{0,12}:|\[转\]|【转】|fwd?:"
    r"|via @[\w*]+:?|repost:?|//@[^:]{0,20}:)\s*"
)
_ALIKE = str.maketrans("авеікмнорстухѕјӏԁɡѵαβερτυνκιοχ0", "abeikmhopctyxsjldgvabeptuvkioxo")
_M1, _M2, _M3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_S32, _S29, _S57, _LOW = np.uint64(32), np.uint64(29), np.uint64(57), np.uint64(0xFFFF)
_EMPTY = np.uint32(0x10000)


def _table() -> NDArray[np.uint32]:
    """Map code points to what the signature sees of them: letters and digits as they are, 0 for the rest."""
    codes = np.zeros(sys.maxunicode + 1, np.uint32)
    for code in (*range(0x30, 0xD800), *range(0xF900, 0x10000)):
        if chr(code).isalnum():
            codes[code] = code
    codes[0x20000:0x40000] = np.arange(0x20000, 0x40000)
    for code, alike in _ALIKE.items():
        codes[code] = alike
    return codes


def _donors() -> NDArray[np.intp]:
    """For each bin the order in which it borrows from the others when it is empty: fixed permutations."""
    seeds = np.arange(_BINS * _BINS, dtype=np.uint64).reshape(_BINS, _BINS)
    return np.argsort(_mix(seeds + _M3), axis=1, kind="stable")


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> _S32)) * _M1
    values = (values ^ (values >> _S29)) * _M2
    return np.asarray(values ^ (values >> _S32), np.uint64)


_CODES = _table()
_DONORS = _donors()


def signature(text: str, lang: str = "") -> bytes:
    """Return the signature of a text; equal texts have equal signatures, an empty text has none.

    `lang` is what the caller knows of its language; today one width of shingle serves them all.

    >>> [len(signature(text)) for text in ("澜汀市临河区昨天开始停水，请尽快恢复", "停水了", "!")]
    [264, 8, 0]
    """
    return of_folded([folded(text).text])[0]


def of_folded(texts: Sequence[str]) -> list[bytes]:
    """Return the signatures of a batch of folded texts; each is what it would be alone."""
    seen = [_letters(text) for text in texts]
    marks = [xxhash.xxh3_64_digest(codes.tobytes()) if codes.size else b"" for codes in seen]
    which = [i for i, codes in enumerate(seen) if codes.size >= LEAST]
    for low in range(0, len(which), _BATCH):
        part = which[low : low + _BATCH]
        for i, row in zip(part, _bins([seen[i] for i in part]), strict=True):
            marks[i] += row.tobytes()
    return marks


def _letters(text: str) -> NDArray[np.uint32]:
    """Return what a signature sees of a text: its letters and digits, without a repost's prefix."""
    while (prefix := _REPOST.match(text)) is not None:
        text = text[prefix.end() :]
    codes = _CODES[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]
    return codes.compress(codes != 0)


def _bins(texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.uint16]:
    """Return the bins [texts, 128] of texts that are long enough."""
    wide = np.concatenate(texts).astype(np.uint64)
    sizes = np.array([codes.size for codes in texts])
    owners = np.repeat(np.arange(len(texts)), sizes)
    shingles = wide[: wide.size - _WIDTH + 1].copy()
    for shift in range(1, _WIDTH):
        shingles *= _M3
        shingles += wide[shift : shift + shingles.size]
    whole = owners[: shingles.size] == owners[_WIDTH - 1 :]  # none reaches into the next text
    hashes, owners = _mix(shingles[whole]), owners[: shingles.size][whole]
    least = np.full(len(texts) * _BINS, _EMPTY, np.uint32)
    places = owners * _BINS + (hashes >> _S57).astype(np.intp)
    np.minimum.at(least, places, (hashes & _LOW).astype(np.uint32))
    return _densified(least.reshape(-1, _BINS)).astype("<u2")


def _densified(least: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Let empty bins borrow from full ones, each in its own fixed order."""
    empty = least == _EMPTY
    rows, columns = np.nonzero(empty)
    for turn in range(_BINS):  # most bins find a donor in the first few turns
        if not rows.size:
            break
        donor = _DONORS[columns, turn]
        full = ~empty[rows, donor]
        least[rows[full], columns[full]] = least[rows[full], donor[full]]
        rows, columns = rows[~full], columns[~full]
    return least


def estimate(a: bytes, b: bytes) -> float:
    """Estimate the Jaccard similarity of two texts' shingles, 1.0 for equal texts; standard error about .04.

    >>> one = signature("The street light on Harbour Road has been out for a week now")
    >>> two = signature("RT @x: The street light on Harbour Road, has been out for a week n0w!")
    >>> other = signature("Missed trash collection on Mill Lane again this Tuesday")
    >>> estimate(one, two), estimate(one, other) < 0.1
    (1.0, True)
    """
    if a[:_KEY] == b[:_KEY]:
        return 1.0 if a else 0.0
    if len(a) != SIZE or len(b) != SIZE:
        return 0.0
    same = np.frombuffer(a, "<u2", offset=_KEY) == np.frombuffer(b, "<u2", offset=_KEY)
    return float(np.count_nonzero(same)) / _BINS


def bands(sig: bytes) -> tuple[int, ...]:
    """Return look-up keys: two texts are worth comparing when they share one; the exact key is the first.

    32 bands of 4 bins: a pair of similarity .7 shares one with probability .9998, of .3 with .23.
    """
    if not sig:
        return ()
    exact = int.from_bytes(sig[:_KEY], "little")
    if len(sig) != SIZE:
        return (exact,)
    rows = np.frombuffer(sig, "<u8", offset=_KEY)
    return (exact, *_mix(rows + _M1 * np.arange(1, rows.size + 1, dtype=np.uint64)).tolist())
