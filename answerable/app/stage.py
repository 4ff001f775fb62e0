"""A stage: a topic read by a group, and what is done with its batches."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from answerable.metrics import NEWEST, POSTS
from stream.log import Batch

__all__ = ["Seen", "Stage"]


class Stage(Struct, frozen=True):
    """`handle` gets a batch of `topic` and the time now; `name` is the consumer group and stands in dead letters."""

    topic: str
    name: str
    handle: Callable[[Batch, int], object]


class Seen:
    """When the newest post was published that each stage of this process has handled since the start."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}

    def note(self, stage: str, times: list[int]) -> None:
        """Note that a stage has handled posts of these times of publication."""
        if times:
            self._newest[stage] = max(self._newest.get(stage, 0), *times)
            NEWEST.labels(stage).set(self._newest[stage])
            POSTS.labels(stage).inc(len(times))

    def newest(self, stages: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
        """Return (stage, time) for those stages that have handled anything, in the order given.

        >>> seen = Seen(); seen.note("index", [60, 120])
        >>> seen.newest(("crawl", "index"))
        (('index', 120),)
        """
        return tuple((stage, self._newest[stage]) for stage in stages if stage in self._newest)
