"""The mark by which a forgotten post is known, without its id."""

from __future__ import annotations

import hashlib
from functools import lru_cache

__all__ = ["tombstone"]


def tombstone(key: bytes, post: str) -> bytes:
    """Return the keyed hash (BLAKE2b, 16 bytes) of a post's id; `key` is kept apart from where marks lie.

    >>> tombstone(b"key", "bd388e3814467dfa6244be47").hex()
    '6bb05028fc13f2c2d6ffdc0e161e83ee'
    """
    return hashlib.blake2b(post.encode("utf-8", "replace"), digest_size=16, key=_own(key)).digest()


@lru_cache(maxsize=8)
def _own(key: bytes) -> bytes:
    """Bring a key of any length to 32 bytes."""
    return hashlib.blake2b(key, digest_size=32).digest()
