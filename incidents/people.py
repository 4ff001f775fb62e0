"""Who was counted under what, told by tokens that live 48 hours and are never joined across days."""

from __future__ import annotations

__all__ = ["People", "merge_day"]

_Key = tuple[str, int]


class People:
    """Live tokens by group, facet and day; a token stays as long as any of its posts does.

    A facet is what an author can be counted under once a day: "" for speaking at all, or a demand, a kind
    of harm.

    >>> people = People()
    >>> people.add("g", "", 20000, "t"), people.add("g", "", 20000, "t")
    (True, False)
    """

    def __init__(self) -> None:
        self._tokens: dict[str, dict[_Key, dict[str, int]]] = {}

    def add(self, group: str, facet: str, day: int, token: str) -> bool:
        """Count a token; return whether it is new under that facet and day."""
        tokens = self._tokens.setdefault(group, {}).setdefault((facet, day), {})
        count = tokens.get(token, 0)
        tokens[token] = count + 1
        return not count

    def drop(self, group: str, facet: str, day: int, token: str) -> None:
        """Let a post's token go."""
        facets = self._tokens[group]
        tokens = facets[facet, day]
        tokens[token] -= 1
        if tokens[token]:
            return
        del tokens[token]
        if not tokens:
            del facets[facet, day]
        if not facets:
            del self._tokens[group]

    def live(self, group: str, day: int) -> int:
        """How many distinct tokens of a day still live in a group."""
        return len(self._tokens.get(group, {}).get(("", day), ()))

    def has(self, group: str, facet: str, day: int, token: str) -> bool:
        """Tell whether a token is counted under a facet and day."""
        return token in self._tokens.get(group, {}).get((facet, day), ())

    def merge(self, group: str, into: str) -> dict[_Key, int]:
        """Move a group's tokens; return how many of each facet and day were counted in both."""
        moved = self._tokens.pop(group, {})
        if not moved:
            return {}
        target = self._tokens.setdefault(into, {})
        both: dict[_Key, int] = {}
        for key, tokens in moved.items():
            known = target.setdefault(key, {})
            both[key] = sum(1 for token in tokens if token in known)
            for token, count in tokens.items():
                known[token] = known.get(token, 0) + count
        return both


def merge_day(one: tuple[int, int], live: tuple[int, int], both: int, other: tuple[int, int]) -> tuple[int, int]:
    """Add two groups' (least, most) of a day: live tokens exactly, expired ones as if they were the same people.

    `live` are the live tokens of the first and the second group, `both` those that live in both.

    >>> merge_day((5, 5), (2, 1), 1, (3, 3))
    (5, 7)
    """
    expired = max(one[0] - live[0], other[0] - live[1])
    return expired + live[0] + live[1] - both, one[1] + other[1] - both
