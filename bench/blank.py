"""One `analyse` process that reads nothing: the stream without the work of reading.

python -m bench.blank --settings F
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from answerable.app.analysing import Analysing
from answerable.app.parts import Part
from answerable.app.stage import Stage
from answerable.app.station import Station
from answerable.post import Analysis, Post, Reading
from answerable.settings import load
from stream.tombstones import Tombstones

__all__ = ["Blank"]

_NOTHING = Analysis(
    lang="en", sentiment=Reading("neutral", {"neutral": 1.0}), emotion=Reading("none", {"none": 1.0})
)  # fmt: skip


class Blank:
    """An Analyser that finds the same nothing in every post."""

    versions = "blank"

    def analyse(self, posts: Sequence[Post]) -> list[Analysis]:
        """Return as many analyses as posts."""
        return [_NOTHING] * len(posts)


class _Reading(Station):
    def stages(self) -> list[Stage]:
        stones = Tombstones(self.streams.log, b"bench")
        return [*Analysing(self.streams.log, Blank(), stones, lambda posts: {}, self.seen).stages()]


if __name__ == "__main__":
    with closing(_Reading(load(Path(sys.argv[2]), {}), frozenset({Part.ANALYSE}))) as station:
        while not station.stop.is_set():
            station.pipeline.step(station.now(), 0.5)
