"""The log on Kafka: topics in partitions on a cluster, consumer groups, and reading by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.sections import Kafka
from stream.kafka_admin import Admin
from stream.kafka_client import MESSAGE_BYTES, Clients
from stream.kafka_reader import Reader
from stream.kafka_subscription import KafkaSubscription
from stream.kafka_writer import Placed, Writer
from stream.lanes import EVERY
from stream.log import Message
from stream.topics import partition_of

__all__ = ["KafkaLog"]


class KafkaLog:
    """A Log and its Recorded side on a Kafka cluster; safe to use from any thread.

    `partitions` says how many partitions a topic has, for life; topics not named have one. Nothing is
    connected before first use. The first use of a topic raises SettingsError where it is missing or was made
    with another number of partitions. What was appended survives what the topic's replicas survive.
    """

    def __init__(self, config: Kafka, partitions: Mapping[str, int]) -> None:
        self._clients = Clients(config)
        self._counts = dict(partitions)
        self._writer, self._reader, self._admin = Writer(self._clients), Reader(self._clients), Admin(self._clients)
        self._checked: set[tuple[str, int]] = set()
        self._members: list[KafkaSubscription] = []

    def append(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        """Append messages; where that raises Unavailable some may be kept, and the caller appends all again."""
        self.write([place for message in messages for place in self.placed(topic, message, partition)])

    def subscribe(self, topic: str, group: str) -> KafkaSubscription:
        """Return a member of a consumer group, which joins at its first poll."""
        check = partial(self.check, topic, self.partitions(topic))
        self._members.append(KafkaSubscription(self._clients, topic, group, check))
        return self._members[-1]

    def partitions(self, topic: str) -> int:
        """Say how many partitions a topic has."""
        return self._counts.get(topic, 1)

    def close(self) -> None:
        """Close the connections, also those of subscriptions, which nobody polls any more."""
        for member in self._members:
            with suppress(Unavailable):
                member.close()
        self._writer.close()
        self._reader.close()
        self._admin.close()

    def read(self, topic: str, partition: int, offset: int, limit: int = 1) -> tuple[Message, ...]:
        """Return messages from an offset on; () where that one was dropped or is not written yet."""
        found: list[Message] = []
        first, end = self.span(topic, partition)
        while first <= offset < end and len(found) < limit:
            page = self.page(topic, partition, offset, end, limit - len(found))
            if not page or page[0][0] != offset:
                break
            found += [message for _, message in page]
            offset = page[-1][0] + 1
        return tuple(found)

    def ends(self, topic: str) -> list[tuple[int, int]]:
        """Return the oldest offset kept and the next one of each partition."""
        self.check(topic, self.partitions(topic))
        return self._reader.spans(self._clients.named(topic), list(range(self.partitions(topic))))

    def backlog(self, topic: str, group: str) -> int:
        """Count the messages that a group has not handled yet."""
        committed = self.committed(topic, group)
        return sum(end - max(first, committed.get(p, first)) for p, (first, end) in enumerate(self.ends(topic)))

    def check(self, topic: str, count: int) -> None:
        """Raise SettingsError where a topic is missing or has another number of partitions."""
        if (topic, count) in self._checked:
            return
        name = self._clients.named(topic)
        found = self._admin.counts([name]).get(name)
        if found is None:
            raise SettingsError(
                f"{name} is not on the server", key="kafka.bootstrap", repair="run `answerable migrate`"
            )
        if found != count:
            raise SettingsError(
                f"{name} was made with {found} partitions, which is for life; {count} are asked for",
                key="stream.partitions", repair=f"set stream.partitions = {found}",
            )  # fmt: skip
        self._checked.add((topic, count))

    def named(self, topic: str) -> str:
        """Return a topic's name on the cluster."""
        return self._clients.named(topic)

    def placed(self, topic: str, message: Message, partition: int | None) -> list[Placed]:
        """Pair a message with where it goes: by its key, to the partition named, or to EVERY one.

        Raises Rejected for a message above 4 MB.
        """
        if len(message.key.encode()) + len(message.value) > MESSAGE_BYTES:
            raise Rejected(f"a message of {len(message.value)} bytes is too long for {topic}")
        count, name = self.partitions(topic), self._clients.named(topic)
        self.check(topic, count)
        if partition == EVERY:
            return [Placed(name, each, message) for each in range(count)]
        where = partition_of(message.key, count) if partition is None else partition
        if not 0 <= where < count:
            raise Rejected(f"{topic} has no partition {where}, only 0 to {count - 1}")
        return [Placed(name, where, message)]

    def write(self, placed: Sequence[Placed]) -> list[int]:
        """Append messages to their places, in order; return the offset of each."""
        return self._writer.write(placed)

    def span(self, topic: str, partition: int) -> tuple[int, int]:
        """Return the oldest offset kept and the next one of one partition."""
        return self._reader.spans(self._clients.named(topic), [partition])[0]

    def page(self, topic: str, partition: int, offset: int, end: int, limit: int = 500) -> list[tuple[int, Message]]:
        """Return messages with their offsets, from `offset` or the oldest kept, all before `end`."""
        return self._reader.page(self._clients.named(topic), partition, offset, end, limit)

    def committed(self, topic: str, group: str) -> Mapping[int, int]:
        """Return the offset that a group has committed in each partition where it has."""
        return self._admin.committed(self._clients.named(f"{group}.{topic}"), self._clients.named(topic))

    def drop_before(self, topic: str, partition: int, offset: int) -> None:
        """Drop a partition's messages before an offset."""
        self._admin.drop_before(self._clients.named(topic), partition, offset)
