"""Whether people may see an incident: enough residents, one matter, and something public at stake."""

from __future__ import annotations

from enum import StrEnum

from incidents.policy import Policy
from incidents.records import Group

__all__ = ["Held", "alike", "enough", "held"]

_MATTER = 0.2
_ALIKE = 0.05
_ALIKE_SLOW = 0.2


class Held(StrEnum):
    """Why a group of posts is held back; the words stand in every count of held groups."""

    FEW = "few_people"
    MIXED = "no_one_matter"
    PRIVATE = "nothing_public"


def enough(group: Group, policy: Policy) -> bool:
    """Tell whether k authors spoke on one day, or enough (author, day) pairs did in all."""
    return group.strongest >= policy.k_authors or group.residents >= policy.k_token_days


def alike(cohesion: float, posts: int) -> float:
    """Return the mean cosine of two different posts from the length of the mean of their unit vectors.

    >>> alike(1.0, 5)
    1.0
    """
    return (posts * cohesion * cohesion - 1) / (posts - 1) if posts > 1 else 1.0


def held(group: Group, policy: Policy, likeness: float) -> Held | None:
    """Say what holds a group back, None where nothing does.

    What gathers slowly, over days, has to be more alike than what comes at once. Something public is a
    place, an institution, a demand, trouble with a service or harm, in a fifth of the posts.
    """
    if not enough(group, policy):
        return Held.FEW
    if likeness < (_ALIKE if group.strongest >= policy.k_authors else _ALIKE_SLOW):
        return Held.MIXED
    if group.matter < _MATTER * group.posts:
        return Held.PRIVATE
    return None
