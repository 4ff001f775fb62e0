"""PORT: state that moves with a partition, kept together with what it emits and the offset it reached."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from answerable.errors import Rejected
from stream.log import Message

__all__ = ["Closed", "Overtaken", "Restored", "StateStore"]


class Overtaken(Rejected):
    """Somebody else has gone on from where this batch begins; whoever still owns the partition restores it."""


class Closed(Struct, frozen=True):
    """What one input batch did: offsets [from, to), changed keys (None = deleted), messages to emit by topic."""

    partition: int
    from_offset: int
    to_offset: int
    changes: dict[str, bytes | None]
    emits: tuple[tuple[str, Message], ...]


class Restored(Struct, frozen=True):
    """A partition's state: every live key, and the offset from which to go on reading."""

    offset: int
    items: dict[str, bytes]


class StateStore(Protocol):
    """A store in which a batch's changes, what it emits and its input offset are kept together or not at all.

    The offset is where the last closed batch ends. A store beside the log commits it for the group, too; on a
    server the caller commits it through its subscription, once `close_batch` has returned, and until then what
    was emitted may be emitted again, with equal bytes.
    """

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        """Take over a partition: return its state, emitting again what a dead owner closed but did not commit."""
        ...

    def passed(self, topic: str, group: str, partition: int, since: int, to: int) -> int | None:
        """Return where the next batch begins after messages in [since, to) were set aside or dropped unread.

        That is `to` in a store beside the log, `since` on a server. None where the state may have changed
        meanwhile: then it is restored.
        """
        ...

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Keep the batch and emit its messages.

        Raises Unavailable where that is not certain now; the caller closes the same batch again, which keeps it
        once. Raises Rejected (Overtaken, on a server), with nothing kept, where the batch does not begin at the
        offset reached, or another owner has taken the partition over.
        """
        ...
