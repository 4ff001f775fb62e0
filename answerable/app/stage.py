"""A stage: a topic read by a group, and what is done with its batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec import Struct

from answerable.app.located import Located
from answerable.metrics import NEWEST, POSTS
from answerable.pulse import Stretch
from stream.log import Batch

__all__ = ["Seen", "Stage"]


class Stage(Struct, frozen=True):
    """`handle` gets a batch of `topic` and the time now; `name` is the consumer group and stands in dead letters.

    `limit` is the most messages that it is given in one step.
    """

    topic: str
    name: str
    handle: Callable[[Batch, int], object]
    limit: int = 500


class Seen:
    """What this process has handled since the start: the newest time by stage, and places found by area."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}
        self._handled: Counter[str] = Counter()
        self.located = Located()

    def note(self, stage: str, times: list[int]) -> None:
        """Note that a stage has handled posts of these times of publication."""
        if times:
            self._newest[stage] = max(self._newest.get(stage, 0), *times)
            NEWEST.labels(stage).set(self._newest[stage])
            POSTS.labels(stage).inc(len(times))
            self._handled[stage] += len(times)

    def stretches(self) -> tuple[Stretch, ...]:
        """Return the stages that have handled anything.

        >>> seen = Seen(); seen.note("index", [60, 120])
        >>> seen.stretches()
        (Stretch(stage='index', newest_at=120, handled=2),)
        """
        return tuple(Stretch(stage, at, self._handled[stage]) for stage, at in self._newest.items())
