"""Which posts were forgotten for good: a topic that is never emptied, and everybody's copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from answerable.tombstone import tombstone
from stream.log import Log, Message, Recorded
from stream.topics import TOMBSTONES

__all__ = ["Tombstones"]

_READ = 10_000


class _Log(Log, Recorded, Protocol):
    pass


class Tombstones:
    """Marks of forgotten posts, 16 bytes each; every method may raise Unavailable.

    What one process adds, another knows at its next `among`. Marks added twice are one.
    """

    def __init__(self, log: _Log, key: bytes) -> None:
        self._log, self._key = log, key
        self._marks: set[bytes] = set()
        self._next = 0

    def add(self, posts: Sequence[str]) -> None:
        """Set a stone for each post id, durably."""
        if posts:
            self._log.append(TOMBSTONES, [Message("", tombstone(self._key, post)) for post in posts])

    def among(self, posts: Iterable[str]) -> frozenset[str]:
        """Return those of the posts that were forgotten."""
        self._follow()
        if not self._marks:
            return frozenset()
        return frozenset(post for post in posts if tombstone(self._key, post) in self._marks)

    def _follow(self) -> None:
        (_, end), *_ = self._log.ends(TOMBSTONES)
        while self._next < end and (messages := self._log.read(TOMBSTONES, 0, self._next, _READ)):
            self._marks.update(message.value for message in messages)
            self._next += len(messages)
