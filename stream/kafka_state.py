"""State that moves with its partition, kept in a Kafka topic of claims, closed batches and snapshots."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import NoReturn

from msgspec import Struct

from answerable import log
from answerable.errors import Unavailable
from stream.kafka import KafkaLog
from stream.kafka_records import Claim, Emits, Piece, Snapshot, StateFold, claimed, cut, encoded
from stream.kafka_writer import Placed
from stream.log import Message
from stream.marks import mark
from stream.state import Closed, Overtaken, Restored
from stream.topics import state_of

__all__ = ["KafkaStateStore"]

_BATCHES, _TIMES, _LEAST = 256, 4, 1_000_000  # a snapshot after so many batches, or so many times the state's bytes


class _Lane(Struct, frozen=True):
    """One partition of one group's state; `topic` is the one that the group reads."""

    topic: str
    group: str
    partition: int

    @property
    def name(self) -> str:
        return state_of(self.group)


class _Owned(Struct):
    """What an owner knows of its lane since it took it over."""

    owner: str
    end: int  # where the lane's next record goes, if nobody else writes
    reached: int
    last: Closed | None  # the batch that was closed last before the lane was taken over
    batches: int  # since the newest snapshot, as the bytes are
    bytes: int
    size: int  # of the state, in bytes, when it was last folded
    snapshots: list[int]  # where they begin, the newest last
    overtaken: bool = False


class KafkaStateStore:
    """A StateStore on the log's own cluster, without transactions; a partition is used by one thread at a time.

    Its offset is where the last closed batch ends: whoever reads the partition commits that through the
    subscription, after `close_batch` has returned. What lies between a batch's appending and its commit is
    emitted again by the next owner, with equal bytes. What was closed survives what the topic's replicas survive.
    """

    def __init__(self, log: KafkaLog, batches: int = _BATCHES) -> None:
        self._log, self._batches = log, batches
        self._owned: dict[_Lane, _Owned] = {}

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        """Claim a partition, fold what is closed, and emit again what was not committed yet."""
        fold = self._taken(_Lane(topic, group, partition))
        return Restored(fold.offset, fold.items)

    def passed(self, topic: str, group: str, partition: int, since: int, to: int) -> int | None:
        """Return `since` where this owner closed the last batch there; the next one closes over the gap."""
        owned = self._owned.get(_Lane(topic, group, partition))
        return since if owned is not None and not owned.overtaken and owned.reached == since else None

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Append the batch, then emit its messages; the caller commits.

        After Unavailable the same batch is closed again, or the partition restored. Raises Overtaken where the
        batch does not begin at the offset reached, or another owner has claimed the partition since: nothing of
        it counts then, and the caller restores if the partition is still its own.
        """
        lane = _Lane(topic, group, closed.partition)
        if lane not in self._owned:
            self._taken(lane)
        owned = self._owned[lane]
        if owned.last == closed:
            return  # an earlier call got so far; taking over has emitted its messages
        if owned.overtaken:
            self._give_up(lane)
        if closed.from_offset != owned.reached:
            raise Overtaken(
                f"{group} has reached {owned.reached} in partition {closed.partition} of {topic},"
                f" and this batch begins at {closed.from_offset}"
            )
        try:
            self._close(lane, owned, closed)
        except Unavailable:  # whether it was written is known once the lane is taken over again
            self._owned.pop(lane, None)
            raise
        if owned.batches >= self._batches or owned.bytes >= max(_LEAST, _TIMES * owned.size):
            self._tidy(lane, owned)

    def _taken(self, lane: _Lane) -> StateFold:
        self._owned.pop(lane, None)
        owner = secrets.token_hex(8)
        (place,) = self._append(lane, "claim", [Claim(owner)])
        fold = self._folded(lane, 0, place + 1)
        mark("state claimed")
        committed = self._log.committed(lane.topic, lane.group).get(lane.partition, 0)
        for to_offset, emits in fold.emits:
            if to_offset > committed:
                self._log.write(self._placed(emits))
        self._owned[lane] = _Owned(
            owner, place + 1, fold.offset, fold.last, fold.batches, fold.bytes, fold.size, fold.snapshots
        )
        return fold

    def _folded(self, lane: _Lane, begin: int, end: int) -> StateFold:
        """Fold the lane's records from an offset, or the oldest kept, up to another."""
        fold = StateFold()
        for place, value in self._records(lane, begin, end):
            fold.read(place, value)
        return fold

    def _records(self, lane: _Lane, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
        while page := self._log.page(lane.name, lane.partition, begin, end):
            yield from ((place, message.value) for place, message in page)
            begin = page[-1][0] + 1

    def _append(self, lane: _Lane, key: str, records: Sequence[Claim | Piece]) -> list[int]:
        self._log.check(lane.name, self._log.partitions(lane.topic))
        name = self._log.named(lane.name)
        return self._log.write([Placed(name, lane.partition, Message(key, encoded(record))) for record in records])

    def _placed(self, emits: Emits) -> list[Placed]:
        return [place for topic, message in emits for place in self._log.placed(topic, message, None)]

    def _close(self, lane: _Lane, owned: _Owned, closed: Closed) -> None:
        emits = self._placed(closed.emits)  # what can never be emitted is refused before the batch is closed
        pieces = list(cut(owned.owner, secrets.token_hex(4), closed))
        if self._kept(lane, owned, "batch", pieces) is None:
            self._give_up(lane)
        mark("state batch closed")
        self._log.write(emits)
        mark("updates emitted")
        owned.reached, owned.last = closed.to_offset, None
        owned.batches += 1
        owned.bytes += sum(len(piece.body) for piece in pieces)

    def _kept(self, lane: _Lane, owned: _Owned, key: str, pieces: Sequence[Piece]) -> int | None:
        """Append pieces; return where they begin, or None where somebody else's claim came before their end."""
        offsets = self._append(lane, key, pieces)
        begin, owned.end = owned.end, offsets[-1] + 1
        if offsets != list(range(begin, owned.end)):
            owned.overtaken = claimed(value for _, value in self._records(lane, begin, owned.end))
        return None if owned.overtaken else offsets[0]

    def _give_up(self, lane: _Lane) -> NoReturn:
        del self._owned[lane]
        raise Overtaken(f"partition {lane.partition} of {lane.topic} has a newer owner in {lane.group}")

    def _tidy(self, lane: _Lane, owned: _Owned) -> None:
        """Write a snapshot and drop what lies before the last two; the batch before it is safe already."""
        try:
            fold = self._folded(lane, owned.snapshots[-1] if owned.snapshots else 0, owned.end)
            pieces = list(cut(owned.owner, secrets.token_hex(4), Snapshot(fold.offset, fold.items)))
            begin = self._kept(lane, owned, "snapshot", pieces)
            if begin is None:
                return  # the next batch hears of it
            mark("snapshot written")
            owned.snapshots = [*owned.snapshots[-1:], begin]
            owned.batches, owned.bytes, owned.size = 0, 0, fold.size
            if len(owned.snapshots) > 1:
                self._log.drop_before(lane.name, lane.partition, owned.snapshots[0])
        except Unavailable as reason:
            self._owned.pop(lane, None)
            log.get("stream").warning(
                "a snapshot could not be written; the state is safe and another is tried later",
                topic=lane.name, partition=lane.partition, reason=str(reason),
            )  # fmt: skip
