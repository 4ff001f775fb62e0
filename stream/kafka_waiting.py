"""Messages read ahead of what was asked for, partition by partition."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from stream.log import Batch, Message

__all__ = ["Waiting"]


class Waiting:
    """Queues of (offset, message), one a partition, that are served in turn.

    >>> waiting = Waiting()
    >>> waiting.add(0, [(7, Message("a", b"")), (8, Message("a", b"")), (12, Message("a", b""))])
    >>> waiting.add(1, [(3, Message("b", b""))])
    >>> [(batch.partition, batch.first, len(batch.messages)) for batch in waiting.take(10)]
    [(0, 7, 2), (1, 3, 1)]
    >>> [(batch.partition, batch.first, len(batch.messages)) for batch in waiting.take(10)]
    [(0, 12, 1)]
    """

    def __init__(self) -> None:
        self._queues: dict[int, deque[tuple[int, Message]]] = {}
        self._last = -1
        self.total = 0

    def count(self, partition: int) -> int:
        """Say how many messages of a partition wait."""
        return len(self._queues.get(partition, ()))

    def add(self, partition: int, messages: Iterable[tuple[int, Message]]) -> None:
        """Put messages behind those of their partition."""
        queue = self._queues.setdefault(partition, deque())
        before = len(queue)
        queue.extend(messages)
        self.total += len(queue) - before

    def drop(self, partition: int) -> None:
        """Let go of a partition."""
        self.total -= len(self._queues.pop(partition, ()))

    def take(self, limit: int) -> list[Batch]:
        """Return at most one batch a partition and at most `limit` messages; the partition served last comes last.

        A batch ends before a gap in the offsets.
        """
        batches: list[Batch] = []
        for partition in sorted(self._queues, key=lambda p: (p <= self._last, p)):
            queue = self._queues[partition]
            run: list[tuple[int, Message]] = []
            while queue and len(run) < limit and (not run or queue[0][0] == run[-1][0] + 1):
                run.append(queue.popleft())
            if run:
                batches.append(Batch(partition, run[0][0], tuple(message for _, message in run)))
                self._last = partition
                self.total -= len(run)
                limit -= len(run)
        return batches
