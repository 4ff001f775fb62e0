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
        self._numbers: dict[bytes, int] = {}
        self._signatures: dict[int, bytes] = {}
        self._banded: dict[int, int | dict[int, None]] = {}  # a number stands alone in most bands, and costs no dict
        self._order: deque[tuple[int, str, bytes]] = deque()
        self.members: dict[str, list[str]] = {}
        self._next = 0
        self._last: tuple[bytes, tuple[int, ...]] = (b"", ())

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
        for number in self._candidates(signature):
            other = self._signatures[number]
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

    def _candidates(self, signature: bytes) -> dict[int, None]:
        """Return the numbers of signatures that share a band, the latest of a crowd."""
        found: dict[int, None] = {}
        for key in self._keys(signature):
            crowd = self._banded.get(key)
            if isinstance(crowd, int):
                found[crowd] = None
            elif crowd is not None:
                found.update(zip(reversed(crowd), [None] * _CROWD, strict=False))
        return found

    def _keys(self, signature: bytes) -> tuple[int, ...]:
        """Return a signature's bands; those of the last one asked for are at hand."""
        if self._last[0] != signature:
            self._last = signature, bands(signature)
        return self._last[1]

    def add(self, post: str, published_at: int, signature: bytes, at: int) -> None:
        """Let later posts find this one; the latest arrival of a signature comes last in its bands."""
        if not signature:
            return
        self._exact.setdefault(signature, {})[post] = published_at
        self._order.append((at, post, signature))
        number = self._numbers.get(signature)
        if number is None:
            number = self._numbers[signature] = self._next
            self._signatures[number] = signature
            self._next += 1
        banded = self._banded
        for key in self._keys(signature):
            crowd = banded.setdefault(key, number)
            if isinstance(crowd, dict):
                crowd.pop(number, None)
                crowd[number] = None
            elif crowd != number:
                banded[key] = {crowd: None, number: None}

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
        number = self._numbers.pop(signature)
        del self._signatures[number]
        for key in bands(signature):
            crowd = self._banded.get(key)
            if isinstance(crowd, dict):
                crowd.pop(number, None)
            if not isinstance(crowd, dict) or not crowd:
                self._banded.pop(key, None)

    def unite(self, one: str, other: str) -> tuple[str, list[str]]:
        """Unite two representatives' sets; return the smaller id and who changes to it."""
        keep, lose = min(one, other), max(one, other)
        if keep == lose:
            return keep, []
        lost = self.members.pop(lose, [lose])
        self.members.setdefault(keep, [keep]).extend(lost)
        return keep, lost
