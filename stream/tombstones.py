"""Which posts were forgotten for good: a topic that is never emptied, and everybody's copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from answerable.errors import SettingsError
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
        self._fingerprint = tombstone(key, "").hex()
        self._marks: set[bytes] = set()
        self._next = 0

    def agree(self) -> None:
        """Hold the key against that of whoever used this log first; with another, marks would say nothing.

        Raises SettingsError where it is another.
        """
        (first, end), *_ = self._log.ends(TOMBSTONES)
        if first == end:
            self._log.append(TOMBSTONES, [Message(self._fingerprint, b"")])
        founder = self._log.read(TOMBSTONES, 0, first)[0]
        if founder.key != self._fingerprint:
            raise SettingsError(
                "tombstones.key in the data folder is not the one with which this log was begun",
                key="general.data_dir", repair="copy tombstones.key from a machine of this deployment (mode 0600)",
            )  # fmt: skip

    def add(self, posts: Sequence[str]) -> None:
        """Set a stone for each post id, durably."""
        if posts:
            self._log.append(TOMBSTONES, [Message(self._fingerprint, tombstone(self._key, post)) for post in posts])

    def among(self, posts: Iterable[str]) -> frozenset[str]:
        """Return those of the posts that were forgotten."""
        self._follow()
        if not self._marks:
            return frozenset()
        return frozenset(post for post in posts if tombstone(self._key, post) in self._marks)

    def _follow(self) -> None:
        (_, end), *_ = self._log.ends(TOMBSTONES)
        while self._next < end and (messages := self._log.read(TOMBSTONES, 0, self._next, _READ)):
            self._marks.update(message.value for message in messages if message.value)
            self._next += len(messages)
