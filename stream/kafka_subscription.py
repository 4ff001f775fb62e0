"""One member of a consumer group on Kafka."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from answerable import log
from answerable.errors import Rejected, Unavailable
from stream.kafka_client import Clients, in_our_words
from stream.kafka_joining import Member
from stream.kafka_library import OffsetAndMetadata, TopicPartition, errors
from stream.kafka_moves import Moves
from stream.kafka_waiting import Waiting
from stream.log import Batch, Message

__all__ = ["KafkaSubscription"]

_AHEAD = 1000  # messages read ahead of what is asked for, all partitions together
_SLICE_MS = 250
_SHARE_MS = 100
_LEAVE_MS = 3000
_MOVING = (
    errors.CommitFailedError,
    errors.RebalanceInProgressError,
    errors.IllegalGenerationError,
    errors.UnknownMemberIdError,
)


class KafkaSubscription:
    """Reads the partitions that the group's coordinator gives it; used by one thread at a time.

    The group is joined at the first poll. A partition that arrives stays paused until that has been told; one
    that goes loses at once what was read ahead of it. `checked` is called before joining and raises
    where the topic is not as it should be.
    """

    def __init__(self, clients: Clients, topic: str, group: str, checked: Callable[[], None]) -> None:
        self._clients, self._checked = clients, checked
        self._topic, self._group = clients.named(topic), clients.named(f"{group}.{topic}")
        self._log = log.get("stream").bind(topic=topic, group=group)
        self._consumer: Member | None = None
        self._moves = Moves(self._pause)
        self._held: set[int] = set()  # told as gained and not gone since
        self._waiting = Waiting()
        self._closed = False

    def poll(self, limit: int, timeout: float) -> list[Batch]:
        """Return what moved, or at most one batch a partition; [] after `timeout` seconds."""
        until = time.monotonic() + timeout
        while not self._closed:
            left = until - time.monotonic()
            settled = self._turn(limit, min(_SLICE_MS, max(0, int(left * 1000))))
            # nothing could be committed while partitions are shared out anew, so nothing is given then
            batches = self._told() or (self._waiting.take(limit) if settled else [])
            if batches or left <= 0:
                return batches
        return []

    def commit(self, partition: int, offset: int) -> None:
        """Record the group's offset; raise Rejected for a partition that this member does not hold any more."""
        place, until = TopicPartition(self._topic, partition), time.monotonic() + self._clients.config.timeout_s
        while partition in self._held:
            if self._committed(place, offset, until):
                return
            self._turn(0, _SHARE_MS)  # take part in the sharing out, then see whether the partition is kept
            if time.monotonic() > until:
                raise Unavailable(f"{self._clients.where} is still sharing out the partitions of {self._topic}")
        raise Rejected(f"partition {partition} of {self._topic} has gone to another member of {self._group}")

    def close(self) -> None:
        """Leave the group; closing twice is allowed."""
        self._closed = True
        self._held.clear()
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with in_our_words(f"{self._clients.where} did not hear that a member left {self._group}"):
                consumer.close(autocommit=False, timeout_ms=min(_LEAVE_MS, self._clients.timeout_ms))

    def _committed(self, place: TopicPartition, offset: int, until: float) -> bool:
        """Commit; return False where the group's partitions are being shared out anew."""
        left = max(1, int((until - time.monotonic()) * 1000))
        with in_our_words(f"{self._clients.where} has not kept how far {self._group} has come"):
            try:
                self._opened().commit({place: OffsetAndMetadata(offset, "", -1)}, timeout_ms=left)
            except _MOVING:
                return False
        return True

    def _opened(self) -> Member:
        if self._consumer is None:
            self._checked()
            consumer = self._clients.member(self._group)
            consumer.subscribe([self._topic], listener=self._moves)
            with in_our_words(f"{self._clients.where} does not tell its topics"):
                # a member that shares out partitions before it knows them gives nobody any, and leaves it at that
                consumer.partitions_for_topic(self._topic)
            self._consumer = consumer
        return self._consumer

    def _pause(self, partitions: list[int]) -> None:
        if self._consumer is not None:
            self._consumer.pause(*self._places(partitions))

    def _places(self, partitions: Iterable[int]) -> list[TopicPartition]:
        return [TopicPartition(self._topic, partition) for partition in sorted(partitions)]

    def _turn(self, limit: int, wait_ms: int) -> bool:
        """Let the client do what is due, and take what it has fetched of the partitions that want more.

        Waits only where nothing could be given. Returns whether the partitions are shared out.
        """
        consumer = self._opened()
        if self._waiting.total and limit and consumer.settled:
            wait_ms = 0
        full = self._waiting.total >= limit
        wanted = {partition for partition in self._held if not full and self._waiting.count(partition) < limit}
        with in_our_words(f"{self._clients.where} cannot be read"):
            assigned = consumer.assignment()
            consumer.pause(*(place for place in assigned if place.partition not in wanted))
            consumer.resume(*(place for place in assigned if place.partition in wanted))
            found = consumer.poll(timeout_ms=wait_ms, max_records=max(_AHEAD, limit))
        for partition in self._moves.gone:
            self._held.discard(partition)
            self._waiting.drop(partition)
        for place, records in found.items():
            if place.partition in self._held:
                messages = [(record.offset, Message(record.key.decode(), record.value)) for record in records]
                self._waiting.add(place.partition, messages)
        return consumer.settled

    def _told(self) -> list[Batch]:
        """Tell what went, then what came; what could not be told for lack of the server is told next time."""
        if self._moves.gone:
            gone, self._moves.gone = self._moves.gone, []
            return [Batch(partition, 0, lost=True) for partition in gone]
        if not self._moves.arrived:
            return []
        batches = [Batch(p, first, gained=True) for p, first in self._begins(self._moves.arrived)]
        self._held.update(self._moves.arrived)
        self._moves.arrived = []
        return batches

    def _begins(self, partitions: list[int]) -> list[tuple[int, int]]:
        """Return from where each partition is read: the committed offset, or the oldest message that is kept."""
        consumer, timeout = self._opened(), self._clients.timeout_ms
        begins: list[tuple[int, int]] = []
        with in_our_words(f"{self._clients.where} does not tell how far {self._group} has come"):
            firsts = consumer.beginning_offsets(self._places(partitions), timeout_ms=timeout)
            ends = consumer.end_offsets(self._places(partitions), timeout_ms=timeout)
            for place in self._places(partitions):
                position = consumer.position(place, timeout_ms=timeout)
                if position is None:
                    raise errors.KafkaTimeoutError
                if not firsts[place] <= position <= ends[place]:
                    self._warn(place.partition, position, firsts[place])
                    position = firsts[place]
                    consumer.seek(place, position)
                begins.append((place.partition, position))
        return begins

    def _warn(self, partition: int, committed: int, first: int) -> None:
        self._log.warning(
            "what this stage handled last is not in the log any more; it goes on with the oldest message kept, and"
            " what lay between is lost to it: look why it stood still, or whether the topic was made anew",
            partition=partition, committed=committed, oldest=first, lost=max(0, first - committed),
        )  # fmt: skip
