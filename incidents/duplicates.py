"""Near-duplicates within 72 hours: the exact key first, then signature bands, then the estimate.

Sets grow by union; the smallest id represents. (Broder 1997; Li, Owen, Zhang 2012 for the signature.)
"""

from __future__ import annotations

from collections import deque

from nlp.signature import bands, estimate

__all__ = ["Twins"]

_ENOUGH = 0.7
_CROWD = 64


class Twins:
    """Signatures of the last `window` seconds by exact key and by band, and the sets found so far.

    Two posts can be near-duplicates where their own times lie within the window. `members` maps a
    representative to its whole set.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._exact: dict[bytes, dict[str, int]] = {}
        self._banded: dict[tuple[int, bytes | int], dict[bytes, None]] = {}
        self._order: deque[tuple[int, str, bytes]] = deque()
        self.members: dict[str, list[str]] = {}
        self._last: tuple[bytes, tuple[tuple[int, bytes | int], ...]] = (b"", ())

    @property
    def oldest(self) -> int | None:
        """When the oldest signature arrived."""
        return self._order[0][0] if self._order else None

    def find(self, signature: bytes, published_at: int) -> str | None:
        """Return the post most like this one, None where none reaches Jaccard .7."""
        if not signature:
            return None
        exact = self._within(signature, published_at)
        if exact is not None:
            return exact
        best: tuple[float, str] | None = None
        for other in self._candidates(signature):
            alike = estimate(signature, other)
            if alike < _ENOUGH or (best is not None and alike < -best[0]):
                continue
            post = self._within(other, published_at)
            if post is not None and (best is None or (-alike, post) < best):
                best = (-alike, post)
        return best[1] if best else None

    def _within(self, signature: bytes, published_at: int) -> str | None:
        """Return the newest arrival of exactly this signature whose own time is near enough."""
        for post, at in reversed(self._exact.get(signature, {}).items()):
            if abs(at - published_at) <= self._window:
                return post
        return None

    def _candidates(self, signature: bytes) -> dict[bytes, None]:
        found: dict[bytes, None] = {}
        for key in self._keys(signature):
            crowd = self._banded.get(key)
            if crowd is not None:
                found.update(zip(reversed(crowd), [None] * _CROWD, strict=False))
        return found

    def _keys(self, signature: bytes) -> tuple[tuple[int, bytes | int], ...]:
        """Return a signature's bands with their places; those of the last one asked for are at hand."""
        if self._last[0] != signature:
            self._last = signature, tuple(enumerate(bands(signature)))
        return self._last[1]

    def add(self, post: str, published_at: int, signature: bytes, at: int) -> None:
        """Let later posts find this one; the latest arrival of a signature comes last in its bands."""
        if not signature:
            return
        self._exact.setdefault(signature, {})[post] = published_at
        self._order.append((at, post, signature))
        for key in self._keys(signature):
            crowd = self._banded.setdefault(key, {})
            crowd.pop(signature, None)
            crowd[signature] = None

    def expire(self, now: int) -> list[str]:
        """Let go of what arrived a window ago or earlier; return those posts."""
        gone = []
        while self._order and self._order[0][0] + self._window <= now:
            _, post, signature = self._order.popleft()
            self.forget(post, signature)
            gone.append(post)
        return gone

    def forget(self, post: str, signature: bytes) -> None:
        """Let go of one post, so that nothing finds it any more."""
        same = self._exact.get(signature)
        if same is None or same.pop(post, None) is None or same:
            return
        del self._exact[signature]
        for key in enumerate(bands(signature)):
            crowd = self._banded[key]
            del crowd[signature]
            if not crowd:
                del self._banded[key]

    def unite(self, one: str, other: str) -> tuple[str, list[str]]:
        """Unite two representatives' sets; return the smaller id and who changes to it."""
        keep, lose = min(one, other), max(one, other)
        if keep == lose:
            return keep, []
        lost = self.members.pop(lose, [lose])
        self.members.setdefault(keep, [keep]).extend(lost)
        return keep, lost
