"""How many people a burst of posts is worth: authors by their shares, less what was said in step."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from msgspec import Struct

from answerable.clock import HOUR, MINUTE

__all__ = ["AMPLIFIED", "SEEN", "Voice", "Weighed", "weigh"]

_SLOT = 10 * MINUTE
_EACH = 3
SEEN = 5 * _SLOT  # so long until whoever keeps talking was heard twice
_HURRIED = 0.3  # posts by somebody who spoke within the hour before: people .1, 20 accounts that keep talking .5
_ONCE = 15  # so many who spoke once are a crowd: 20 accounts that keep talking hardly ever leave so many
_FEW = 2.0
AMPLIFIED = 0.4  # people and honest petitions hardly ever reach it, floods do (bench/amplification.py)


class Voice(Struct, frozen=True, array_like=True):
    """One recent post: its time, a number for its author, its set of near-duplicates ("" = none)."""

    at: int
    author: str
    wording: str


class Weighed(Struct, frozen=True):
    """Effective authors; the share of posts whose wording three or more share; how much came in step.

    `posts` and `authors` are how many were weighed.
    """

    effective: float
    shared_wording: float
    synchrony: float
    posts: int = 0
    authors: int = 0

    @property
    def amplified(self) -> bool:
        """Whether this looks louder than it is: few voices that press, or copies in step. Never a reason to close."""
        return self.synchrony >= AMPLIFIED


def weigh(voices: Sequence[Voice], now: int | None = None) -> Weighed:
    """Weigh posts at `now`, or at the last of them.

    An author counts once per ten minutes and at most three times, n copies as 1 + log₂ n.

    Effective authors are exp(entropy of the shares) × (distinct wordings over slots) × (1 − synchrony).
    Synchrony is the greater of two shares: posts beyond three an author, and copies made within ten minutes
    of another copy beyond the first three.

    What may be few accounts in turn counts as two at most: posts in the first fifty minutes, later those of which
    three tenths are by somebody heard within the hour before, and amplified ones; of these the authors who spoke
    just once count, less those who spoke more often. Fifteen who spoke just once are a crowd.

    >>> weigh([Voice(0, "a", ""), Voice(7, "b", ""), Voice(9, "b", "")]).effective
    2.0
    """
    slots: dict[tuple[str, int], Voice] = {}
    for voice in voices:
        slots.setdefault((voice.author, voice.at // _SLOT), voice)
    if not slots:
        return Weighed(0.0, 0.0, 0.0)
    authors: dict[str, int] = {}
    copies: dict[str, int] = {}
    for voice in slots.values():
        authors[voice.author] = min(_EACH, authors.get(voice.author, 0) + 1)
        copies[voice.wording] = copies.get(voice.wording, 0) + 1
    alone = copies.pop("", 0)
    worth = alone + sum(1 + math.log2(count) for count in copies.values())
    synchrony = max(_pressing(len(voices), len(authors)), _in_step(slots.values()))
    effective = _diversity(list(authors.values())) * worth / len(slots) * (1 - synchrony)
    once = _once(voices)
    if once < _ONCE and (synchrony >= AMPLIFIED or _hurried(voices)):
        effective = min(effective, max(_FEW, 2.0 * once - len(authors)))
    if once < _ONCE and _young(voices, now):
        effective = min(effective, _FEW)
    return Weighed(
        round(effective, 3), round(_shared(voices), 3), round(synchrony, 3), len(voices), len(authors)
    )  # fmt: skip


def _diversity(shares: list[int]) -> float:
    total = sum(shares)
    entropy = math.fsum(-share / total * math.log(share / total) for share in sorted(shares))
    return math.exp(entropy)


def _pressing(posts: int, authors: int) -> float:
    return max(0.0, 1 - _EACH * authors / posts)


def _young(voices: Sequence[Voice], now: int | None) -> bool:
    """Tell whether nobody could be heard twice yet."""
    times = [voice.at for voice in voices]
    return (max(times) if now is None else now) - min(times) < SEEN


def _hurried(voices: Sequence[Voice]) -> bool:
    return _again(voices) >= _HURRIED * len(voices)


def _again(voices: Sequence[Voice]) -> int:
    """Count posts within an hour of another by the same author before them."""
    order = sorted((voice.author, voice.at) for voice in voices)
    return sum(one[0] == other[0] and other[1] - one[1] < HOUR for one, other in pairwise(order))


def _once(voices: Sequence[Voice]) -> int:
    return sum(1 for posts in Counter(voice.author for voice in voices).values() if posts == 1)


def _in_step(slots: Collection[Voice]) -> float:
    """Return the share of posts that are copies within ten minutes of more than two other copies."""
    crowds: dict[tuple[str, int], int] = {}
    for voice in slots:
        if voice.wording:
            key = voice.wording, voice.at // _SLOT
            crowds[key] = crowds.get(key, 0) + 1
    return sum(crowd - 3 for crowd in crowds.values() if crowd > 3) / len(slots)


def _shared(voices: Sequence[Voice]) -> float:
    sizes: dict[str, int] = {}
    for voice in voices:
        if voice.wording:
            sizes[voice.wording] = sizes.get(voice.wording, 0) + 1
    return sum(size for size in sizes.values() if size >= 3) / len(voices)
