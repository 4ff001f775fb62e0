"""Keyed hashes of posts that must not come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from answerable.tombstone import tombstone

__all__ = ["Tombstones"]


class Tombstones:
    """Knows which posts were forgotten, without knowing their ids; `key` is kept apart from the file."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def add(self, connection: sqlite3.Connection, posts: Iterable[tuple[str, int]]) -> None:
        """Set a stone for each (id, time of forgetting), inside the caller's transaction."""
        rows = [(self._mark(post), at) for post, at in posts]
        connection.executemany("INSERT OR IGNORE INTO tombstones (mark, at) VALUES (?, ?)", rows)

    def among(self, connection: sqlite3.Connection, posts: Iterable[str]) -> frozenset[str]:
        """Return those of the posts that were forgotten."""
        found = connection.execute
        return frozenset(
            post
            for post in posts
            if found("SELECT 1 FROM tombstones WHERE mark = ?", (self._mark(post),)).fetchone() is not None
        )

    def name(self, post: str) -> str:
        """Return the hash that stands for a post, 32 hex digits.

        >>> Tombstones(b"key").name("p") == Tombstones(b"other key").name("p")
        False
        """
        return self._mark(post).hex()

    def _mark(self, post: str) -> bytes:
        return tombstone(self._key, post)
