"""A small tracker on Kafka in a process of its own: `python -m tests.stream.kafka_victim HOST:PORT PREFIX`."""

from __future__ import annotations

import sys

from stream.kafka import KafkaLog
from stream.kafka_deadletters import KafkaDeadLetters
from stream.kafka_state import KafkaStateStore
from stream.log import Batch, Message
from stream.state import Closed
from stream.worker import Worker
from tests.contracts.kafka import settings

TOPIC, GROUP, OUT, PARTITION = "posts.analysed", "track", "incidents", 2
SIZE, SNAPSHOT = 5, 4


def follow(log: KafkaLog) -> None:
    """Copy every message to `incidents` and count them in the state, until nothing is left."""
    store = KafkaStateStore(log, batches=SNAPSHOT)
    reached: dict[int, int] = {}
    counts: dict[int, int] = {}

    def handle(batch: Batch) -> None:
        if batch.gained:
            restored = store.restore(TOPIC, GROUP, batch.partition)
            reached[batch.partition] = restored.offset
            counts[batch.partition] = int(restored.items.get("count", b"0"))
        fresh = batch.messages[max(0, reached[batch.partition] - batch.first) :]
        if fresh:
            count = counts[batch.partition] + len(fresh)
            emits = tuple((OUT, message) for message in fresh)
            changes: dict[str, bytes | None] = {"count": str(count).encode()}
            store.close_batch(
                TOPIC, GROUP, Closed(batch.partition, reached[batch.partition], batch.next, changes, emits)
            )
            reached[batch.partition], counts[batch.partition] = batch.next, count

    subscription = log.subscribe(TOPIC, GROUP)
    worker = Worker(subscription, handle, KafkaDeadLetters(log), TOPIC, "track", sleep=lambda _: None)
    while log.backlog(TOPIC, GROUP):
        worker.step(SIZE, 0.5, now=0)
    worker.close()


def numbered(first: int, count: int) -> list[Message]:
    """Return messages with numbers in them."""
    return [Message(str(n), str(n).encode()) for n in range(first, first + count)]


if __name__ == "__main__":
    opened = KafkaLog(settings(sys.argv[2], sys.argv[1]), {TOPIC: 4})
    follow(opened)
    opened.close()
