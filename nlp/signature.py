"""Near-duplicate signatures: the least hashes of a text's shingles, with bands to look candidates up by.

Texts are folded, look-alike letters are made alike, and everything but letters and digits is dropped, so that
separators, width and case do not matter. Shingles are three characters in every language: in a short post a
changed letter spoils one word of ten, but only three shingles. A signature is the exact key (8 bytes) and the 64
least 16-bit hashes of the shingles, at most 136 bytes in all. Up to 64 shingles that is all of them, so that short
texts are compared exactly; texts under 12 characters carry the exact key alone.
Broder (1997), On the resemblance of documents; Cohen, Kaplan (2007), bottom-k sketches.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xxhash
from numpy.typing import NDArray

from nlp.clean import folded

__all__ = ["BANDS", "KEY", "LEAST", "MOST", "SIZE", "alike", "bands", "enough", "estimate", "of_folded", "signature"]

LEAST, MOST, BANDS, KEY = 12, 64, 16, 8
SIZE = KEY + 2 * MOST
_BATCH, _ROWS = 64, 3
_WIDTH = 3  # characters of a shingle
_SPOILT = 3 * _WIDTH  # shingles that three changed letters spoil
_LEAST_ALIKE, _MOST_ALIKE = 0.5, 0.65
_NONE, _LAST = 0xFFFF, 0xFFFE  # what fills a row of hashes up; no hash has this value
_REPOST = re.compile(  # a name is a mention, or what the border painted over
    r"^(?:rt\s?[@*][\w*]*:?|转发微博|转发|[(\[【]转发?[)\]】]|转:|转自[^:]{0,12}:|回复[@*][\w*]*:|fwd?:"
    r"|via [@*][\w*]*:?|repost:?|[^/]{0,4}//[@*][^:]{0,20}:)[\s:,]*"
)
_ALIKE = str.maketrans("авеікмнорстухѕјӏԁɡѵαβερτυνκιοχɑıԛԝһ0", "abeikmhopctyxsjldgvabeptuvkioxaiqwho")
_M1, _M2, _M3 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9)
_S16, _S29, _S32, _S48 = np.uint32(16), np.uint64(29), np.uint64(32), np.uint64(48)

Hashes = NDArray[np.uint16]


def _table() -> NDArray[np.uint32]:
    """Map code points to what the signature sees of them: letters and digits as they are, 0 for the rest."""
    codes = np.zeros(sys.maxunicode + 1, np.uint32)
    for code in (*range(0x30, 0xD800), *range(0xF900, 0x10000)):
        if chr(code).isalnum():
            codes[code] = code
    codes[0x20000:0x40000] = np.arange(0x20000, 0x40000)
    for code, other in _ALIKE.items():
        codes[code] = other
    return codes


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> _S32)) * _M1
    values = (values ^ (values >> _S29)) * _M2
    return np.asarray(values ^ (values >> _S32), np.uint64)


def _orders() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return factors and summands of as many orders of the hashes as there are rows of bands."""
    drawn = _mix(np.arange(1, 2 * BANDS * _ROWS + 1, dtype=np.uint64)).astype(np.uint32)
    return drawn[::2] | np.uint32(1), drawn[1::2]


_CODES = _table()
_FACTORS, _SUMMANDS = _orders()
_ONES = np.ones(MOST, np.int32)
_BAND, _NUMBERS = np.uint32(31), np.arange(1, BANDS + 2, dtype=np.uint32)
_PLACES = np.arange(1, BANDS + 1, dtype=np.uint64) * _M3
_WEIGHTS = _mix(np.arange(1, BANDS * _ROWS + 1, dtype=np.uint64)) | np.uint64(1)


def signature(text: str, lang: str = "") -> bytes:
    """Return the signature of a text; equal texts have equal signatures, an empty text has none.

    `lang` is what the caller knows of its language; today one width of shingle serves them all.

    >>> [len(signature(text)) for text in ("澜汀市临河区昨天开始停水，请尽快恢复", "停水了", "!")]
    [38, 8, 0]
    """
    return of_folded([folded(text).text])[0]


def of_folded(texts: Sequence[str]) -> list[bytes]:
    """Return the signatures of a batch of folded texts; each is what it would be alone."""
    seen = [_letters(text) for text in texts]
    marks = [xxhash.xxh3_64_digest(codes.tobytes()) if codes.size else b"" for codes in seen]
    which = [i for i, codes in enumerate(seen) if codes.size >= LEAST]
    for low in range(0, len(which), _BATCH):
        part = which[low : low + _BATCH]
        for i, row in zip(part, _least([seen[i] for i in part]), strict=True):
            marks[i] += row
    return marks


def _letters(text: str) -> NDArray[np.uint32]:
    """Return what a signature sees of a text: its letters and digits, without a repost's prefix."""
    while (prefix := _REPOST.match(text)) is not None:
        text = text[prefix.end() :]
    codes = _CODES[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]
    return codes.compress(codes != 0)


def _least(texts: Sequence[NDArray[np.uint32]]) -> list[bytes]:
    """Return the least distinct hashes of each text, rising, of texts that are long enough."""
    wide = np.concatenate(texts).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts), dtype=np.uint32), [codes.size for codes in texts])
    shingles = wide[: wide.size - _WIDTH + 1].copy()
    for shift in range(1, _WIDTH):
        shingles *= _M3
        shingles += wide[shift : shift + shingles.size]
    whole = owners[: shingles.size] == owners[_WIDTH - 1 :]  # none reaches into the next text
    hashes = np.minimum(_mix(shingles[whole]) >> _S48, _LAST).astype(np.uint32)
    hashes += owners[: shingles.size][whole] << _S16
    hashes.sort()
    hashes = hashes[np.concatenate([[True], hashes[1:] != hashes[:-1]])]
    ends = np.searchsorted(hashes, np.arange(len(texts) + 1, dtype=np.uint32) << _S16).tolist()
    low = hashes.astype("<u2")
    return [low[a : min(b, a + MOST)].tobytes() for a, b in pairwise(ends)]


def _of(sig: bytes) -> Hashes:
    """Return a signature's hashes; none where it has the exact key alone, or is of another make."""
    return np.frombuffer(sig, "<u2", offset=KEY) if KEY < len(sig) <= SIZE else np.empty(0, np.uint16)


def estimate(a: bytes, b: bytes) -> float:
    """Estimate the Jaccard similarity of two texts' shingles: 1.0 for equal texts, exact up to 64 shingles.

    Of longer texts the standard error is about .05.

    >>> one = signature("The street light on Harbour Road has been out for a week now")
    >>> two = signature("RT @x: The street light on Harbour Road, has been out for a week n0w!")
    >>> other = signature("Missed trash collection on Mill Lane again this Tuesday")
    >>> estimate(one, two), estimate(one, other) < 0.1
    (1.0, True)
    """
    if a[:KEY] == b[:KEY]:
        return 1.0 if a else 0.0
    mine, row = _of(a), _of(b)
    if not mine.size or not row.size:
        return 0.0
    others = np.full((1, MOST), _NONE, np.uint16)
    others[0, : row.size] = row
    return float(alike(mine, others)[0])


def alike(mine: Hashes, others: Hashes) -> NDArray[np.float64]:
    """Estimate the similarity of a text's hashes to each row [n, 64] of others, filled up with 0xFFFF.

    Where a side holds only its least hashes, both are looked at as far as that one reaches.
    """
    reach = np.minimum(others[:, -1], mine[-1] if mine.size == MOST else _LAST)
    there = others <= reach[:, None]
    mark = np.zeros(_NONE + 1, np.bool_)
    mark[mine] = True
    both = (there & mark[others]) @ _ONES
    own = mine.searchsorted(reach, side="right")
    return np.asarray(both / np.maximum(own + there @ _ONES - both, 1), np.float64)


def enough(shingles: int) -> float:
    """Return from which similarity on two texts are near-duplicates, by the shingles of the longer.

    Three changed letters leave (n − 9) / (n + 9) of n shingles alike; what is unlike by nature hardly ever
    reaches .5.

    >>> enough(20), round(enough(34), 2), enough(64)
    (0.5, 0.58, 0.65)
    """
    return max(_LEAST_ALIKE, min(_MOST_ALIKE, (shingles - _SPOILT) / (shingles + _SPOILT)))


def bands(sig: bytes) -> NDArray[np.uint32]:
    """Return look-up keys, none 0: two texts are worth comparing when they share one; the exact key comes first.

    16 bands of 3 min-hashes: a pair of similarity .7 shares one with probability .999, of .3 with .35. A key's
    last five bits say which band it is of, so that what shares a key does not depend on how keys are laid out.
    """
    mine = _of(sig)
    keys = np.empty(bool(sig) + (BANDS if mine.size else 0), np.uint64)
    if sig:
        keys[0] = int.from_bytes(sig[:KEY], "little")
    if mine.size:
        least = np.minimum.reduce(mine.astype(np.uint32)[:, None] * _FACTORS + _SUMMANDS) * _WEIGHTS
        keys[1:] = _mix(least[::3] + least[1::3] + least[2::3] + _PLACES)
    return ((keys >> _S32).astype(np.uint32) & ~_BAND) | _NUMBERS[: keys.size]
