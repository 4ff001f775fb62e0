"""The mark by which a forgotten post is known, without its id."""

from __future__ import annotations

import hashlib

__all__ = ["tombstone"]


def tombstone(key: bytes, post: str) -> bytes:
    """Return the keyed hash (BLAKE2b, 16 bytes) of a post's id; `key` is kept apart from where marks lie.

    >>> tombstone(b"key", "bd388e3814467dfa6244be47").hex()
    '6bb05028fc13f2c2d6ffdc0e161e83ee'
    """
    own = hashlib.blake2b(key, digest_size=32).digest()
    return hashlib.blake2b(post.encode("utf-8", "replace"), digest_size=16, key=own).digest()
