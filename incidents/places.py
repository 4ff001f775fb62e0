"""Which place a group speaks of: names that several places share, and what speaks of other districts."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

from answerable.post import PlaceMention

__all__ = ["apart", "elsewhere", "settled"]

ELSEWHERE = 0.7
_SURE = 0.5  # where nothing told places of one name apart, p is less


def elsewhere(some: Mapping[str, int], others: Mapping[str, int]) -> float:
    """Return what a likeness is worth by the districts that both name: 1 for the same, ELSEWHERE for none in common.

    Between them it goes by the cosine of how many name each, so that a matter of one district takes nothing from
    everywhere for having been named beside another once.

    >>> elsewhere({"east": 1}, {"west": 1}), elsewhere({"east": 1}, {}), elsewhere({"east": 1}, {"east": 9})
    (0.7, 1.0, 1.0)
    >>> round(elsewhere({"east": 1}, {"west": 4, "east": 3}), 2)
    0.88
    """
    if not some or not others:
        return 1.0
    common = sum(votes * others.get(place, 0) for place, votes in some.items())
    squares = sum(votes * votes for votes in some.values()) * sum(votes * votes for votes in others.values())
    return ELSEWHERE + (1 - ELSEWHERE) * common / (math.sqrt(squares) or 1.0)


def apart(some: Collection[str], others: Collection[str]) -> bool:
    """Tell whether each names a place that the other does not: one form filled in for two streets is no copy.

    >>> apart(["city", "mill-lane"], ["city", "quay"]), apart(["city"], ["city", "quay"])
    (True, False)
    """
    return any(place not in others for place in some) and any(place not in some for place in others)


def settled(mentions: Iterable[PlaceMention], votes: Mapping[str, int]) -> tuple[str, ...]:
    """Return the places meant, each once: of a name that several places share, the one that most of the group name.

    Where nobody else names one of them, it is the one that the post's source lies in, or none.

    >>> doubtful = PlaceMention("east", 0, 2, "Mill Lane", 0.45, ("west",))
    >>> settled([doubtful], {"west": 2, "quay": 9}), settled([doubtful], {})
    (('west',), ())
    """
    meant = []
    for one in mentions:
        known = max((one.id, *one.others), key=lambda place: votes.get(place, 0))
        if not one.others or known in votes or one.p >= _SURE:
            meant.append(known if known in votes else one.id)
    return tuple(dict.fromkeys(meant))
