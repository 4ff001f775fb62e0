"""Polynomial hashes of slices of a code-point array, for all slices at once.

A slice c0 c1 … cn hashes to Σ ci·P^(n-i) modulo 2^32. Products and sums wrap by intention.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["U32", "mix", "slices", "text_hash", "windows"]

U32 = np.uint32
_P = 0x01000193  # an odd number, hence with an inverse modulo 2^32
_P_INVERSE = pow(_P, -1, 1 << 32)
_SALT = 0x7FEB352D  # set off by length, so that n-grams of different lengths do not meet


def mix(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Scatter hashes over 20 bits (the finaliser of MurmurHash3, cut short)."""
    out = hashed ^ (hashed >> U32(16))
    out *= U32(0x85EBCA6B)
    out ^= out >> U32(13)
    out *= U32(0xC2B2AE35)
    out >>= U32(12)
    return out


def windows(
    code: NDArray[np.uint32], post: NDArray[np.uint32], low: int, high: int
) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Return (posts, hashes) of all windows of `low` to `high` codes that lie in one post, a pair a length."""
    found = []
    rolled = code.copy()
    for n in range(1, high + 1):
        if n > 1:
            rolled = rolled[:-1] * U32(_P) + code[n - 1 :]
        if n < low or not len(rolled):
            continue
        inside = post[: len(rolled)] == post[n - 1 :]
        found.append((post[: len(rolled)][inside], rolled[inside] + U32(n * _SALT & 0xFFFFFFFF)))
    return found


def slices(code: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the hash of each slice code[start:end].

    >>> int(slices(np.array([104, 105], np.uint32), np.array([0]), np.array([2]))[0]) == text_hash("hi")
    True
    """
    up, down = _powers(1 << max(len(code), 1).bit_length())
    sums = np.zeros(len(code) + 1, np.uint32)
    np.cumsum(code * down[: len(code)], out=sums[1:], dtype=np.uint32)
    return (sums[ends] - sums[starts]) * up[ends]


def text_hash(text: str) -> int:
    """Return the hash of a text's code points, as slices() gives it."""
    total = 0
    for sign in text:
        total = (total * _P + ord(sign)) & 0xFFFFFFFF
    return total * _P & 0xFFFFFFFF


@cache
def _powers(size: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return P^i and P^-i for i below `size`."""
    up, down = np.full(size, _P, np.uint32), np.full(size, _P_INVERSE, np.uint32)
    up[0] = down[0] = 1
    return np.cumprod(up, dtype=np.uint32), np.cumprod(down, dtype=np.uint32)
