"""How many posts of an area name no place that the gazetteer knows: where many do, it lacks names."""

from __future__ import annotations

from answerable.metrics import PLACELESS
from answerable.pulse import Placeless

__all__ = ["Located", "too_many"]

_REMEMBERED = 2_000  # posts of an area; then both counts are halved, so that last month weighs little
_LEAST = 100
_TOO_MANY = 0.3


class Located:
    """Counts by area; what is long ago fades."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}

    def note(self, area: str, located: bool) -> None:
        """Note that a post of an area was read, and whether a place was found for it.

        >>> located = Located()
        >>> for number in range(200):
        ...     located.note("lt", number % 4 > 0)
        >>> located.counts()
        (Placeless(area='lt', posts=200, without=50),)
        """
        posts, without = self._counts.get(area, (0, 0))
        posts, without = posts + 1, without + (not located)
        if posts >= _REMEMBERED:
            posts, without = posts // 2, without // 2
        self._counts[area] = posts, without
        PLACELESS.labels(area).set(without / posts)

    def counts(self) -> tuple[Placeless, ...]:
        """Return the areas with enough posts to tell, by name."""
        enough = ((area, *counts) for area, counts in sorted(self._counts.items()) if counts[0] >= _LEAST)
        return tuple(Placeless(area, posts, without) for area, posts, without in enough)


def too_many(one: Placeless) -> bool:
    """Tell whether so many posts find no place that the gazetteer must lack names.

    >>> too_many(Placeless("lt", 200, 60)), too_many(Placeless("lt", 200, 61))
    (False, True)
    """
    return one.without > _TOO_MANY * one.posts
