"""Appends to Kafka and waits until everything is acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from answerable.errors import AnswerableError
from stream.kafka_client import Clients, in_our_words
from stream.kafka_library import KafkaProducer
from stream.log import Message

__all__ = ["Placed", "Writer"]


class Placed(NamedTuple):
    """A message and the place where it goes; `topic` is the name on the cluster."""

    topic: str
    partition: int
    message: Message


class Writer:
    """One producer, opened on first use; safe to use from any thread, one write at a time.

    A producer whose write failed is thrown away with all that it still had to send, so that nothing of it
    arrives behind the caller's next attempt.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._lock = threading.Lock()
        self._producer: KafkaProducer | None = None

    def write(self, placed: Sequence[Placed]) -> list[int]:
        """Append messages in order; return the offset of each once all are acknowledged.

        Raises Unavailable after at most `timeout_s`; some may be kept then.
        """
        if not placed:
            return []
        with self._lock:
            try:
                return self._written(placed)
            except AnswerableError:
                self._discard()
                raise

    def close(self) -> None:
        """Close the producer; nothing is on its way any more."""
        with self._lock:
            self._discard()

    def _written(self, placed: Sequence[Placed]) -> list[int]:
        if self._producer is None:
            self._producer = self._clients.producer()
        with in_our_words(f"{self._clients.where} has not acknowledged"):
            futures = [
                self._producer.send(topic, value=message.value, key=message.key.encode(), partition=partition)
                for topic, partition, message in placed
            ]
            self._producer.flush(self._clients.config.timeout_s)
            return [future.get(timeout=0).offset for future in futures]

    def _discard(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        # Its own close() first waits for what is on its way, and never ends the sender where that waits in vain.
        sender = producer._sender
        sender.force_close()
        sender.join(5.0)
        producer.close(timeout=0)
