"""PORT: an append-only log of topics in partitions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

__all__ = ["Batch", "Log", "Message", "Recorded", "Subscription"]


class Message(Struct, frozen=True):
    """One keyed message; equal keys go to the same partition of a topic."""

    key: str
    value: bytes


class Batch(Struct, frozen=True):
    """Consecutive messages of one partition; `first` is the offset of the first of them.

    An empty batch with `gained` or `lost` set tells that the partition came to this subscription or
    went from it; state for a lost partition must be dropped at once.
    """

    partition: int
    first: int
    messages: tuple[Message, ...] = ()
    gained: bool = False
    lost: bool = False

    @property
    def next(self) -> int:
        """The offset to commit once every message of the batch was handled."""
        return self.first + len(self.messages)


class Subscription(Protocol):
    """One member of a consumer group on one topic, starting at the earliest uncommitted message."""

    def poll(self, limit: int, timeout: float) -> list[Batch]:
        """Return at most one batch a partition, at most `limit` messages in all, [] after `timeout` seconds.

        What was gained or lost is told by itself, before messages. A `limit` of 0 gives no messages but
        keeps the membership alive, for whoever holds a batch back.
        """
        ...

    def commit(self, partition: int, offset: int) -> None:
        """Record durably that every message before `offset` was handled.

        Raises Unavailable if it cannot now, Rejected if the partition has gone to another member.
        """
        ...

    def close(self) -> None:
        """Leave the group; the partitions go to the members that remain."""
        ...


class Log(Protocol):
    """A durable log. Order holds within a partition; appended means on disk.

    append: returns when every message is durable, in the order given; raises Unavailable otherwise (a full
    disk, an unreachable server), and then the caller appends the same again: a log on a server may have kept
    some, so that readers meet them twice. `partition` None = by key, −1 = to every partition.
    """

    def append(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        """Append messages durably."""
        ...

    def subscribe(self, topic: str, group: str) -> Subscription:
        """Join a consumer group on a topic."""
        ...

    def partitions(self, topic: str) -> int:
        """Say how many partitions a topic has."""
        ...

    def close(self) -> None:
        """Release what the log holds."""
        ...


class Recorded(Protocol):
    """What a log has kept, read by place; nothing is committed and no group is joined."""

    def read(self, topic: str, partition: int, offset: int, limit: int = 1) -> tuple[Message, ...]:
        """Return messages from an offset on; () where that one was dropped or is not written yet."""
        ...

    def ends(self, topic: str) -> list[tuple[int, int]]:
        """Return for each partition the offset of the oldest message kept, and the one that the next will have."""
        ...

    def backlog(self, topic: str, group: str) -> int:
        """Count the messages that a group has not handled yet."""
        ...
