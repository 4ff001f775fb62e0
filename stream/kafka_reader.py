"""Reads Kafka by place: no group is joined and nothing is committed."""

from __future__ import annotations

import threading
import time

from answerable.errors import Unavailable
from stream.kafka_client import Clients, in_our_words
from stream.kafka_library import KafkaConsumer, TopicPartition
from stream.log import Message

__all__ = ["Reader"]

_SLICE_MS = 500


class Reader:
    """One consumer without a group, opened on first use; safe to use from any thread. Names are those on the cluster.

    Every method raises Unavailable where the server does not answer within `timeout_s`.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._consumer: KafkaConsumer | None = None
        self._at: tuple[str, int, int] | None = None  # where the next read goes on without a seek

    def spans(self, topic: str, partitions: list[int]) -> list[tuple[int, int]]:
        """Return for each partition the offset of the oldest message kept, and the one that the next will have."""
        places = [TopicPartition(topic, partition) for partition in partitions]
        with self._lock, in_our_words(f"{self._clients.where} cannot be read"):
            consumer, timeout = self._opened(), self._clients.timeout_ms
            firsts = consumer.beginning_offsets(places, timeout_ms=timeout)
            ends = consumer.end_offsets(places, timeout_ms=timeout)
        return [(firsts[place], ends[place]) for place in places]

    def page(self, topic: str, partition: int, offset: int, end: int, limit: int) -> list[tuple[int, Message]]:
        """Return up to `limit` messages from `offset` on, all before `end`, each with its offset.

        They begin later where older ones were dropped; [] only where `offset` is not before `end`.
        """
        if offset >= end or limit <= 0:
            return []
        place, until = TopicPartition(topic, partition), time.monotonic() + self._clients.config.timeout_s
        with self._lock, in_our_words(f"{self._clients.where} cannot be read"):
            consumer = self._opened()
            if self._at != (topic, partition, offset):
                consumer.assign([place])
                consumer.seek(place, offset)
            self._at = None
            while time.monotonic() < until:
                records = consumer.poll(timeout_ms=_SLICE_MS, max_records=limit).get(place, [])
                if records:
                    self._at = (topic, partition, records[-1].offset + 1)
                    return [
                        (record.offset, Message(record.key.decode(), record.value))
                        for record in records if record.offset < end
                    ]  # fmt: skip
        raise Unavailable(f"{self._clients.where} cannot be read: it did not answer in time")

    def close(self) -> None:
        """Close the consumer."""
        with self._lock:
            if self._consumer is not None:
                self._consumer.close(autocommit=False, timeout_ms=1000)
            self._consumer = None

    def _opened(self) -> KafkaConsumer:
        if self._consumer is None:
            self._consumer = self._clients.reader()
        return self._consumer
