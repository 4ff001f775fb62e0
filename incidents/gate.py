"""Whether people may see an incident: enough residents, one matter, and something public at stake.

No list of words stands behind it: what is public is told by what analysis read of each post (a place of the area, an
office, a demand, trouble, harm, a civic topic), what is one matter by how alike the posts are, and stay.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

from answerable.post import Kind
from incidents.idf import UNIT
from incidents.indicators import recent_danger
from incidents.memory import Memory
from incidents.policy import SLOW, Policy
from incidents.records import Group, unpack

__all__ = ["Held", "alike", "backed", "beyond", "enough", "held", "one_office", "public", "steady"]

_MATTER = 5  # one post in so many
_TOPIC, _TOPIC_ADDRESSED = 250, 500  # thousandths of a post's topic, on average
_ALIKE = 0.05
_ALIKE_SLOW = 0.15
_NAME = 3  # words that the name of an estate or a street comes to at most
_BEYOND = 0.035
_OFFICES = 5  # votes from which on no office having half of them tells of several matters
_STEADY, _STEADY_FROM, _STEADY_SPAN = 0.6, 10, 50


class Held(StrEnum):
    """Why a group of posts is held back; the words stand in every count of held groups."""

    FEW = "few_people"
    MIXED = "no_one_matter"
    PRIVATE = "nothing_public"


def held(memory: Memory, group: Group) -> Held | None:
    """Say what holds a group back, None where nothing does; what was shown once is held back no more.

    What gathers slowly, over days, has to be more alike than what comes at once, in more than a name, and mostly one
    office's.
    """
    if group.shown:
        return None
    if not enough(group, memory.policy):
        return Held.FEW
    standing = group.posts - group.vanished - group.kinds.get(Kind.OFFICIAL.value, 0)
    likeness = alike(memory.sums.cohesion(group.id, standing), standing)
    slow = group.strongest < memory.policy.k_authors
    if likeness < (_ALIKE_SLOW if slow else _ALIKE) or (slow and not one_office(group)):
        return Held.MIXED
    if not public(group):
        return Held.PRIVATE
    vectors = _vectors(memory, group)
    one = steady(vectors, likeness) and not (slow and beyond(vectors) < _BEYOND)
    return None if one else Held.MIXED


def enough(group: Group, policy: Policy) -> bool:
    """Tell whether k authors spoke on one day, or enough (author, day) pairs did in all.

    Where never two spoke on one day, and those who did wrote five posts in three days, it may all be one person.
    """
    if group.strongest >= policy.k_authors:
        return True
    silent = sum(group.kinds.get(kind.value, 0) for kind in (Kind.NEWS, Kind.OFFICIAL))
    alone = group.strongest == 1 and 3 * (group.posts - silent) >= 5 * group.residents
    return group.residents >= policy.k_token_days and not alone


def alike(cohesion: float, posts: int) -> float:
    """Return the mean cosine of two different posts from the length of the mean of their unit vectors.

    >>> alike(1.0, 5)
    1.0
    """
    return (posts * cohesion * cohesion - 1) / (posts - 1) if posts > 1 else 1.0


def public(group: Group) -> bool:
    """Tell whether something public is at stake.

    A fifth of the posts has a place, an office, a demand, trouble or harm in it, and the posts are about a civic
    topic or name one place together. Letters, calls and reports are addressed to an office: one of the two is enough.
    """
    voices = max(1, group.residents)
    topic = 1000 * voices if group.topic else sum(group.topics.values())
    matter = _MATTER * group.matter >= group.posts
    if _addressed(group):
        return matter or topic >= _TOPIC_ADDRESSED * voices
    together = _MATTER * max(group.places.values(), default=0) >= voices or _danger(group) * 2 >= voices
    return matter and (topic >= _TOPIC * voices or together)


def one_office(group: Group) -> bool:
    """Tell whether one office has half of the votes for offices, or a person set one; under five votes tell nothing.

    One writer's turn of phrase, or one word that many matters share, gathers letters to offices of all kinds.
    """
    votes = sum(group.offices.values())
    return bool(group.office) or votes < _OFFICES or 2 * max(group.offices.values()) >= votes


def backed(group: Group, now: int) -> bool:
    """Tell whether danger that few tell of, or that stands in talk, is to be passed on as a warning.

    It names a place of the area or accuses an office, is addressed to one, or a second resident tells of it, and
    a fifth of those who speak do.
    """
    if group.places or group.accused or _addressed(group):
        return True
    most = max((told for _, told in recent_danger(group, now)), default=0)
    return most > 1 and _MATTER * most >= group.residents


def steady(vectors: Sequence[bytes], likeness: float) -> bool:
    """Tell whether later posts are like earlier ones, as posts of that mean likeness are; few posts always are.

    The cosine of the two halves' sums is to be three fifths of m·a / (1 + (m - 1)·a), which m posts a half of
    likeness a would give if their order told nothing.
    """
    if len(vectors) < _STEADY_FROM or likeness <= 0:
        return True
    half = min(len(vectors) // 2, _STEADY_SPAN)
    expected = half * likeness / (1 + (half - 1) * likeness)
    return _cosine(_sum(vectors[:half]), _sum(vectors[-half:])) >= _STEADY * expected


def beyond(vectors: Sequence[bytes]) -> float:
    """Return the mean cosine of two different posts without the three words that add most to it.

    Letters that have no more in common than an estate's name, or one word for a kind of trouble, are many matters.

    >>> from incidents.records import pack
    >>> alike, other = pack([(1, 600), (2, 800)]), pack([(1, 600), (3, 800)])
    >>> beyond([alike, other]), beyond([pack([(term, 500) for term in range(4)])] * 2)
    (0.0, 0.25)
    """
    sums: dict[int, int] = {}
    squares: dict[int, int] = {}
    for vector in vectors:
        for term, weight in unpack(vector):
            sums[term] = sums.get(term, 0) + weight
            squares[term] = squares.get(term, 0) + weight * weight
    parts = sorted(total * total - squares[term] for term, total in sums.items())
    posts = len(vectors)
    return sum(parts[:-_NAME]) / (posts * (posts - 1) * UNIT * UNIT) if posts > 1 else 1.0


def _vectors(memory: Memory, group: Group) -> list[bytes]:
    """Return the terms of a group's first and last posts, in order of arrival."""
    posts = sorted(memory.members.get(group.id, []), key=lambda post: memory.records[post].seq)
    if len(posts) > 2 * _STEADY_SPAN:
        posts = [*posts[:_STEADY_SPAN], *posts[-_STEADY_SPAN:]]
    return [vector for post in posts if (vector := memory.records[post].vector)]


def _sum(vectors: Sequence[bytes]) -> dict[int, int]:
    total: dict[int, int] = {}
    for vector in vectors:
        for term, weight in unpack(vector):
            total[term] = total.get(term, 0) + weight
    return total


def _cosine(one: dict[int, int], other: dict[int, int]) -> float:
    dot = sum(weight * other.get(term, 0) for term, weight in one.items())
    lengths = (sum(w * w for w in one.values()), sum(w * w for w in other.values()))
    return dot / math.sqrt(lengths[0] * lengths[1]) if all(lengths) else 0.0


def _addressed(group: Group) -> bool:
    """Tell whether half of the posts are letters, calls or reports."""
    return 2 * sum(group.kinds.get(kind.value, 0) for kind in SLOW) >= group.posts


def _danger(group: Group) -> int:
    return max((told for told, _ in group.danger.values()), default=0)
