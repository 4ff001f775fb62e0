"""PORT: a batch of posts in, as many analyses out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from answerable.post import Analysis, Post

__all__ = ["Analyser"]


class Analyser(Protocol):
    """Reads posts. The same post gives the same Analysis in any batch, on any day, in any process."""

    @property
    def versions(self) -> str:
        """Short digest of gazetteer, taxonomy and models; stands in every Analysis."""
        ...

    def analyse(self, posts: Sequence[Post]) -> list[Analysis]:
        """Return one Analysis a post, in order."""
        ...
