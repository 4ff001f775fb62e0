"""Everything that a log holds of a topic, from the oldest message kept to the newest."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from stream.log import Message, Recorded

__all__ = ["Placed", "recorded"]

_READ = 2000


class Placed(Struct, frozen=True):
    """A message with its place."""

    partition: int
    offset: int
    message: Message


def recorded(log: Recorded, topic: str) -> Iterator[Placed]:
    """Yield each message of a topic, partition by partition, as far as the topic reached at the call."""
    for partition, (offset, end) in enumerate(log.ends(topic)):
        while offset < end and (messages := log.read(topic, partition, offset, min(_READ, end - offset))):
            for number, message in enumerate(messages, offset):
                yield Placed(partition, number, message)
            offset += len(messages)
