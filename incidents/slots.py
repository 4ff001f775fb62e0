"""Signatures in order of arrival, and which of them share a key: flat arrays, some 180 bytes a post.

Keys and slots lie sorted in one array of 64-bit numbers (key << 32 | slot); the newest wait in a small table
that is compared row by row, and are sorted in when it is full.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from nlp.signature import BANDS, KEY, MOST, SIZE, Hashes

__all__ = ["Slots"]

_NEWEST = 128
_WIDE = np.uint64(32)
_SLOT = np.uint64(0xFFFFFFFF)
_Places = NDArray[np.int64]
_Keys = NDArray[np.uint32]
_NOBODY: _Places = np.empty(0, np.int64)


class Slots:
    """Posts by slot: id and signature (empty once forgotten), own time, exact key."""

    def __init__(self) -> None:
        self._first = 0
        self.posts: list[str] = []
        self._signatures: list[bytes] = []
        self.published: NDArray[np.int64] = np.empty(0, np.int64)
        self._arrived: NDArray[np.int64] = np.empty(0, np.int64)
        self.exact: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._sorted: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._newest: _Keys = np.empty((0, BANDS + 1), np.uint32)
        self._waiting = 0

    @property
    def oldest(self) -> int | None:
        """When the oldest post arrived that was not forgotten."""
        first = next((slot for slot in range(self._first, len(self.posts)) if self.posts[slot]), None)
        return None if first is None else int(self._arrived[first])

    def add(self, post: str, published_at: int, at: int, signature: bytes, keys: _Keys) -> None:
        """Put a post in the next slot."""
        slot = len(self.posts)
        if slot == self.exact.size:
            self._grow(slot // 32 + 16)
        if self._waiting == _NEWEST:
            self._sort_in()
        if self._waiting == len(self._newest):
            self._newest = np.concatenate([self._newest, np.zeros((max(8, self._waiting), BANDS + 1), np.uint32)])
        self._newest[self._waiting] = 0
        self._newest[self._waiting, : keys.size] = keys
        self._waiting += 1
        self.posts.append(post)
        self._signatures.append(signature)
        self.published[slot], self._arrived[slot] = published_at, at
        self.exact[slot] = int.from_bytes(signature[:KEY], "little")

    def _grow(self, more: int) -> None:
        self.published = np.concatenate([self.published, np.empty(more, np.int64)])
        self._arrived = np.concatenate([self._arrived, np.empty(more, np.int64)])
        self.exact = np.concatenate([self.exact, np.empty(more, np.uint64)])

    def _sort_in(self) -> None:
        rows, columns = np.nonzero(self._newest[: self._waiting])
        slots = (rows + (len(self.posts) - self._waiting)).astype(np.uint64)
        fresh = (self._newest[rows, columns].astype(np.uint64) << _WIDE) | slots
        fresh.sort()
        old = self._sorted[(self._sorted & _SLOT) >= self._first] if self._first else self._sorted
        self._sorted = np.insert(old, np.searchsorted(old, fresh), fresh)
        self._waiting = 0

    def sharing(self, keys: _Keys, most: int = sys.maxsize) -> _Places:
        """Return the slots that share one of the first keys, in order of arrival; of each key the newest."""
        wide = keys.astype(np.uint64) << _WIDE
        lows, highs = self._sorted.searchsorted(wide), self._sorted.searchsorted(wide | _SLOT)
        hits = np.flatnonzero(self._newest[: self._waiting, : keys.size] == keys)
        number = hits.size + int(np.add.reduce(highs - lows))
        if not number:
            return _NOBODY
        if number > most:
            hits, lows = _newest_of(most, hits, keys.size, lows, highs)
        slots = set((hits // keys.size + (len(self.posts) - self._waiting)).tolist())
        for place in np.flatnonzero(lows < highs).tolist():
            slots.update((self._sorted[lows[place] : highs[place]] & _SLOT).tolist())
        found = np.array(sorted(slots), np.int64)
        return found[found >= self._first] if self._first else found

    def hashes(self, slots: _Places) -> tuple[NDArray[np.int64], Hashes]:
        """Return how many hashes each slot has, and the hashes themselves, filled up with 0xFFFF to MOST a row."""
        rows = [self._signatures[slot][KEY:] for slot in slots.tolist()]
        rows = [row if len(row) <= SIZE - KEY else b"" for row in rows]
        sizes = np.array([len(row) // 2 for row in rows], np.int64)
        filled = b"".join([row.ljust(SIZE - KEY, b"\xff") for row in rows])
        return sizes, np.frombuffer(filled, "<u2").reshape(len(rows), MOST)

    def expire(self, before: int) -> list[str]:
        """Let go of what arrived by then; return those posts."""
        end = self._first + int(np.searchsorted(self._arrived[self._first : len(self.posts)], before, side="right"))
        gone = [post for post in self.posts[self._first : end] if post]
        self._signatures[self._first : end] = [b""] * (end - self._first)
        self._first = end
        if 2 * self._first > len(self.posts):
            self._close_up()
        return gone

    def _close_up(self) -> None:
        """Move the slots that are left to the beginning."""
        self._sort_in()
        first = self._first
        self.posts, self._signatures = self.posts[first:], self._signatures[first:]
        size = len(self.posts)
        self.published, self._arrived = self.published[first:][:size].copy(), self._arrived[first:][:size].copy()
        self.exact = self.exact[first:][:size].copy()
        self._sorted = self._sorted[(self._sorted & _SLOT) >= first] - np.uint64(first)
        self._first = 0

    def forget(self, slot: int) -> None:
        """Let go of one slot."""
        self.posts[slot], self._signatures[slot] = "", b""
        self.exact[slot] = 0
        begin = len(self.posts) - self._waiting
        if slot >= begin:
            self._newest[slot - begin] = 0
        else:
            self._sorted = self._sorted[(self._sorted & _SLOT) != np.uint64(slot)]


def _newest_of(most: int, hits: _Places, keys: int, lows: _Places, highs: _Places) -> tuple[_Places, _Places]:
    """Keep the last `most` of each key: of the hits in the newest rows first, of the sorted ranges what is left."""
    columns = hits[::-1] % keys
    order = np.argsort(columns, kind="stable")
    rank = np.arange(hits.size) - np.searchsorted(columns[order], columns[order])
    kept = hits[::-1][order[rank < most]]
    room = most - np.bincount(kept % keys, minlength=keys)
    return kept, np.maximum(lows, highs - room)
