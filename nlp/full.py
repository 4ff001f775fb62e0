"""The full tier: the fast one, then slower models on the posts that need them, one post at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import structs

from answerable.post import Analysis, Post, Reading
from nlp.admission import admitted
from nlp.analyser import Analyser
from nlp.features import normalise
from nlp.pins import Pin, digest_of

__all__ = ["FullAnalyser", "SlowReader", "blended"]

_PLACES = 4  # of a probability, as in the fast heads


class SlowReader(Protocol):
    """A model that answers one head in some languages; the same text gives the same answer."""

    @property
    def pin(self) -> Pin:
        """What it answers, in which languages, with which bytes, and its share in an answer."""
        ...

    def read(self, text: str) -> Mapping[str, float]:
        """Return the probability of each of our labels that it knows."""
        ...


def blended(fast: Reading, slow: Mapping[str, float], weight: float) -> Reading:
    """Mix two answers label by label; of equal labels the first wins.

    >>> blended(Reading("a", {"a": 0.6, "b": 0.4}), {"b": 1.0}, 0.5)
    Reading(label='b', p={'a': 0.3, 'b': 0.7})
    """
    mixed = {label: round((1 - weight) * p + weight * slow.get(label, 0.0), _PLACES) for label, p in fast.p.items()}
    return Reading(max(mixed, key=lambda label: mixed[label]), mixed)


class FullAnalyser:
    """Reads posts with the fast tier, and again where it is in doubt; what it reads once it reads alone.

    Its bytes are the same for any batch, and for any machine of one family of processors.
    """

    def __init__(self, fast: Analyser, readers: Sequence[SlowReader], doubt: float) -> None:
        self._fast, self._doubt = fast, doubt
        self._readers = {(one.pin.head, lang): one for one in readers for lang in one.pin.languages}
        parts = (fast.versions, f"{doubt:g}", *sorted(digest_of(one.pin) for one in readers))
        self._versions = hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()

    @property
    def versions(self) -> str:
        """Short digest of the fast tier's versions, the models and the doubt."""
        return self._versions

    def analyse(self, posts: Sequence[Post]) -> list[Analysis]:
        """Return one Analysis a post, in order."""
        return [self._again(*pair) for pair in zip(posts, self._fast.analyse(posts), strict=True)]

    def _again(self, post: Post, analysis: Analysis) -> Analysis:
        return structs.replace(
            analysis,
            sentiment=self._answer("sentiment", post, analysis, analysis.sentiment),
            emotion=self._answer("emotion", post, analysis, analysis.emotion),
            versions=self._versions,
        )

    def _answer(self, head: str, post: Post, analysis: Analysis, fast: Reading) -> Reading:
        reader = self._readers.get((head, analysis.lang))
        if reader is None or not admitted(post, analysis, fast, self._doubt):
            return fast
        return blended(fast, reader.read(normalise(post.body)), reader.pin.weight)
