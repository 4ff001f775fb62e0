"""PORT: state that moves with a partition, kept together with what it emits and the offset it reached."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from stream.log import Message

__all__ = ["Closed", "Restored", "StateStore"]


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
    """A store in which a batch's changes, what it emits and its input offset are kept together or not at all."""

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        """Take over a partition: return its state, emitting again what a dead owner closed but did not emit."""
        ...

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Keep the batch, emit its messages, commit its offset; raise Unavailable with nothing kept otherwise.

        A batch whose `from_offset` is not the offset reached is refused with Rejected.
        """
        ...
