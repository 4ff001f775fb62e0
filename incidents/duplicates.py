"""Near-duplicates within 72 hours: the exact key first, then signature bands, then the estimate.

Sets grow by union; the smallest id represents. (Broder 1997; Cohen, Kaplan 2007 for the signature.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incidents.slots import Slots
from nlp.signature import KEY, MOST, alike, bands, enough

__all__ = ["Twins"]

_CROWD = 32


class Twins:
    """Signatures of the last `window` seconds by exact key and by band, and the sets found so far.

    Two posts can be near-duplicates where their own times lie within the window. `members` maps a
    representative to its whole set. What is found depends on the posts that are there and their order of
    arrival alone, not on what was there before.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._slots = Slots()
        self.members: dict[str, list[str]] = {}
        self._last: tuple[bytes, NDArray[np.uint32]] = (b"", np.empty(0, np.uint32))

    @property
    def oldest(self) -> int | None:
        """When the oldest signature arrived."""
        return self._slots.oldest

    def find(self, signature: bytes, published_at: int) -> str | None:
        """Return the post most like this one, the newest of several; None where none is alike enough."""
        if not signature:
            return None
        slots, key = self._slots, int.from_bytes(signature[:KEY], "little")
        found = slots.sharing(self._keys(signature), _CROWD)
        found = found[np.abs(slots.published[found] - published_at) <= self._window]
        same = found[slots.exact[found] == key]
        if same.size:
            return slots.posts[int(same[-1])]
        best = self._most_alike(signature, found) if found.size else None
        return None if best is None else slots.posts[best]

    def _most_alike(self, signature: bytes, found: NDArray[np.int64]) -> int | None:
        slots, mine = self._slots, np.frombuffer(signature, "<u2", offset=KEY)
        sizes, hashes = slots.hashes(found)
        likeness = alike(mine, hashes)
        likeness[likeness < _ENOUGH[np.maximum(sizes, mine.size)]] = 0.0
        best = likeness.size - 1 - int(np.argmax(likeness[::-1]))
        return int(found[best]) if likeness[best] else None

    def _keys(self, signature: bytes) -> NDArray[np.uint32]:
        """Return a signature's keys; those of the last one asked for are at hand."""
        if self._last[0] != signature:
            self._last = signature, bands(signature)
        return self._last[1]

    def add(self, post: str, published_at: int, signature: bytes, at: int) -> None:
        """Let later posts find this one; `at` never falls."""
        if signature:
            self._slots.add(post, published_at, at, signature, self._keys(signature))

    def expire(self, now: int) -> list[str]:
        """Let go of what arrived a window ago or earlier; return those posts."""
        return self._slots.expire(now - self._window)

    def forget(self, post: str, signature: bytes) -> None:
        """Let go of one post, so that nothing finds it any more."""
        if not signature:
            return
        for slot in self._slots.sharing(self._keys(signature)[:1]).tolist():
            if self._slots.posts[slot] == post:
                self._slots.forget(slot)

    def unite(self, one: str, other: str) -> tuple[str, list[str]]:
        """Unite two representatives' sets; return the smaller id and who changes to it."""
        keep, lose = min(one, other), max(one, other)
        if keep == lose:
            return keep, []
        lost = self.members.pop(lose, [lose])
        self.members.setdefault(keep, [keep]).extend(lost)
        return keep, lost


_ENOUGH = np.array([enough(shingles) for shingles in range(MOST + 1)])
