"""The glue between the log and the folds: a batch in, one closed batch of state, offset and messages out."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from answerable.errors import Rejected, Unavailable
from answerable.sections import Incidents
from incidents import policy
from incidents.folds import Folds, read
from stream.log import Batch
from stream.state import Closed, Overtaken, StateStore

__all__ = ["Tracker"]


class _Partition(Struct):
    """The folds of one partition, the offset reached, and a batch that could not be closed yet."""

    offset: int
    folds: Folds
    unclosed: Closed | None = None


class Tracker:
    """Folds the areas of the partitions it owns.

    A batch is folded once; where closing it fails, handling the same batch again closes what was folded.
    Messages before the offset reached are passed over, so that a batch may come twice; what lies between it
    and a batch was set aside by the worker, or dropped by age. A batch with a message that cannot be read is
    refused with Rejected before anything is folded.
    """

    def __init__(
        self, store: StateStore, topic: str, group: str, config: Incidents,
        district_of: Callable[[str, str], str | None] = lambda place, area: None,
    ) -> None:  # fmt: skip
        self._store, self._topic, self._group = store, topic, group
        self._policy = policy.of(config)
        self._district_of = district_of
        self._partitions: dict[int, _Partition] = {}

    def gained(self, partition: int) -> None:
        """Take over a partition with the state its last owner closed."""
        restored = self._store.restore(self._topic, self._group, partition)
        folds = Folds(self._policy, self._district_of, restored.items)
        self._partitions[partition] = _Partition(restored.offset, folds)

    def lost(self, partition: int) -> None:
        """Drop everything about a partition that went to another owner."""
        self._partitions.pop(partition, None)

    def handle(self, batch: Batch) -> None:
        """Fold a batch and close it; raise Unavailable where the store cannot keep it, nothing being lost."""
        if batch.lost:
            self.lost(batch.partition)
            return
        if batch.gained or batch.partition not in self._partitions:
            self.gained(batch.partition)
        state = self._partitions[batch.partition]
        if state.unclosed is not None:
            self._close(state, state.unclosed)
        if batch.first > state.offset:
            state = self._past(state, batch)
        fresh = batch.messages[max(0, state.offset - batch.first) :]
        if not fresh:
            return
        records = [read(message) for message in fresh]
        try:
            emits = state.folds.fold(records)
        except BaseException:
            self.lost(batch.partition)
            raise
        self._close(state, Closed(batch.partition, state.offset, batch.next, state.folds.changes(), tuple(emits)))

    def _past(self, state: _Partition, batch: Batch) -> _Partition:
        """Go past messages that were set aside or dropped, with the folds at hand where nobody else went on."""
        begin = self._store.passed(self._topic, self._group, batch.partition, state.offset, batch.first)
        if begin is None:
            self.gained(batch.partition)
            return self._partitions[batch.partition]
        state.offset = begin
        return state

    def _close(self, state: _Partition, closed: Closed) -> None:
        state.unclosed = closed
        try:
            self._store.close_batch(self._topic, self._group, closed)
        except Rejected as reason:  # what was folded is void; a partition that is still ours is restored next time
            self.lost(closed.partition)
            if isinstance(reason, Overtaken):
                raise Unavailable(str(reason)) from None
            raise
        state.offset, state.unclosed = closed.to_offset, None
