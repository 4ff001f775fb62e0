"""How alike is alike enough, by language and by kind of source: measured on labelled streams of each."""

from __future__ import annotations

import math

from msgspec import Struct

from answerable.post import Kind
from incidents.policy import SLOW

__all__ = ["Threshold", "threshold"]


class Threshold(Struct, frozen=True, kw_only=True):
    """From what likeness on posts join groups, and groups merge.

    join: cosine of a post with a group. stop: average likeness of two groups, one of them a single post; of larger
    ones more is asked, `growth` for every e-fold of the smaller, up to `most` times as much: a stray post may
    attach on little, two crowds are one only when they speak alike. top: terms that stand for a group.
    alone: how much more of the one strongest shared word is held back from groups of one or two posts where
    many posts stand alone: among chatter a shared word is chance.
    """

    join: float = 0.25
    stop: float = 0.24
    growth: float = 0.0
    most: float = 1.0
    top: int = 24
    alone: float = 0.0

    def asked(self, posts: int) -> float:
        """Return how many times the stop is asked of two groups, the smaller of which has so many posts.

        >>> [round(_POSTS.asked(posts), 2) for posts in (1, 2, 10, 1000)]
        [1.0, 1.49, 2.61, 3.0]
        """
        return min(self.most, 1 + self.growth * math.log(posts)) if posts > 1 else 1.0


_CHINESE = Threshold()
_LETTERS = {"zh": _CHINESE, "en": Threshold(stop=0.11)}
_LETTERS_ELSE = Threshold(stop=0.05)
_POSTS = Threshold(join=0.35, stop=0.04, growth=0.7, most=3.0, top=40, alone=1.25)


def threshold(lang: str, kind: Kind) -> Threshold:
    """Return what holds for posts of a language from a kind of source.

    >>> threshold("fr", Kind.MICROBLOG).join, threshold("zh", Kind.LETTER).join
    (0.35, 0.25)
    """
    if kind in SLOW:
        return _LETTERS.get(lang, _LETTERS_ELSE)
    return _CHINESE if lang == "zh" else _POSTS
