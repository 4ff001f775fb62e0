"""A small pipeline in a process of its own, so that a test can kill it: `python -m tests.stream.victim VERB FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

from stream.deadletter import SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Batch, Message
from stream.state import Closed
from stream.worker import Worker

SOURCE, GROUP, OUT = "source", "copy", "out"
POISON = b"13"
BATCHES, SIZE = 8, 10


def produce(log: SqliteLog) -> None:
    """Append batches; say `ok N` once batch N is durable."""
    for number in range(BATCHES):
        messages = [Message("k", str(n).encode()) for n in range(number * SIZE, (number + 1) * SIZE)]
        log.append(SOURCE, messages)
        sys.stdout.write(f"ok {number}\n")
        sys.stdout.flush()


def consume(log: SqliteLog) -> None:
    """Copy every message to `out` and count them in the state, but for the poison."""

    def handle(batch: Batch) -> None:
        if any(message.value == POISON for message in batch.messages):
            raise ValueError("poison")
        if batch.messages:
            count = int(log.restore(SOURCE, GROUP, 0).items.get("count", b"0")) + len(batch.messages)
            emits = tuple((OUT, message) for message in batch.messages)
            closed = Closed(0, batch.first, batch.next, {"count": str(count).encode()}, emits)
            log.close_batch(SOURCE, GROUP, closed)

    subscription = log.subscribe(SOURCE, GROUP)
    worker = Worker(subscription, handle, SqliteDeadLetters(log.database), SOURCE, "copy", sleep=lambda _: None)
    while log.backlog(SOURCE, GROUP):
        worker.step(SIZE, 0.0, now=0)


if __name__ == "__main__":
    verb, file = sys.argv[1:]
    opened = SqliteLog(Path(file), {})
    {"produce": produce, "consume": consume}[verb](opened)
    opened.close()
