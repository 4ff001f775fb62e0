"""PORT: hand a finished mail to the outside."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from msgspec import Struct

__all__ = ["Envelope", "Notifier", "Outcome"]


class Envelope(Struct, frozen=True):
    """A finished mail: the outbox's number, the recipient's address, a file name stem, the message's bytes."""

    number: int
    to: str
    name: str
    content: bytes


class Outcome(Enum):
    """What became of a mail."""

    SENT = auto()
    LATER = auto()
    NEVER = auto()


class Notifier(Protocol):
    """Sends mails: sent, try later, or never. The same number sent twice is the same Message-ID."""

    def send(self, envelope: Envelope) -> Outcome:
        """Try once to hand over one mail."""
        ...
