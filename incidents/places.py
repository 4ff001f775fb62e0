"""One topic in two places is two matters: what speaks of other districts is less alike."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["apart", "elsewhere"]

ELSEWHERE = 0.85


def elsewhere(some: Collection[str], others: Collection[str]) -> float:
    """Return what a likeness is worth where both name districts and none in common, 1 otherwise.

    >>> elsewhere(["east"], ["west"]), elsewhere(["east"], []), elsewhere(["east"], ["west", "east"])
    (0.85, 1.0, 1.0)
    """
    if not some or not others:
        return 1.0
    return 1.0 if any(place in others for place in some) else ELSEWHERE


def apart(some: Collection[str], others: Collection[str]) -> bool:
    """Tell whether each names a place that the other does not: one form filled in for two streets is no copy.

    >>> apart(["city", "mill-lane"], ["city", "quay"]), apart(["city"], ["city", "quay"])
    (True, False)
    """
    return any(place not in others for place in some) and any(place not in some for place in others)
