"""What is asked of Kafka beside messages: how topics are cut, how far groups have come, dropping what is old."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from stream.kafka_client import Clients, in_our_words
from stream.kafka_library import KafkaAdminClient, TopicPartition, errors

__all__ = ["Admin"]

_AGAIN_S = 0.1


class Admin:
    """One admin client, opened on first use; safe to use from any thread. Names are those on the cluster.

    Every method raises Unavailable where the server does not answer.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._client: KafkaAdminClient | None = None

    def counts(self, topics: list[str]) -> Mapping[str, int]:
        """Return how many partitions each topic has; those that do not exist are left out."""
        found = self._asked("does not tell its topics", lambda client: client.describe_topics(topics))
        return {topic["name"]: len(topic["partitions"]) for topic in found if topic["partitions"]}

    def committed(self, group: str, topic: str) -> Mapping[int, int]:
        """Return the offset that a group has committed in each partition where it has."""
        found = self._asked(
            f"does not tell how far {group} has come", lambda client: client.list_group_offsets({group: None})[group]
        )
        own = {place.partition: kept.offset for place, kept in found.items() if place.topic == topic}
        return {partition: offset for partition, offset in own.items() if offset >= 0}

    def drop_before(self, topic: str, partition: int, offset: int) -> None:
        """Drop a partition's messages before an offset; the server frees their space segment by segment."""
        until = {TopicPartition(topic, partition): offset}
        self._asked("does not drop what is old", lambda client: client.delete_records(until))

    def close(self) -> None:
        """Close the client."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _asked(self, what: str, ask: Callable[[KafkaAdminClient], Any]) -> Any:
        """Ask until the answer is there; a client that failed knows old brokers, and is thrown away."""
        until = time.monotonic() + self._clients.config.timeout_s
        with self._lock:
            while True:
                if self._client is None:
                    self._client = self._clients.admin()
                with in_our_words(f"{self._clients.where} {what}"):
                    try:
                        return ask(self._client)
                    except errors.KafkaError as error:
                        self._client.close()
                        self._client = None
                        if not error.retriable or time.monotonic() > until:
                            raise
                time.sleep(_AGAIN_S)
