"""What a dead letter points at, told without a word of its content."""

from __future__ import annotations

import re

from msgspec import Struct, structs

from answerable import incident, post, pulse
from answerable.errors import DecodeError
from answerable.incident import IncidentUpdate, LedgerEvent, Membership
from answerable.post import AnalysedPost, Correction, Forget, Post, Tick
from answerable.pulse import Pulse
from stream.deadletter import DeadLetter
from stream.log import Message, Recorded
from stream.topics import POSTS_ANALYSED, POSTS_RAW, PULSES

__all__ = ["Pointed", "Said", "look", "message_of", "read"]

Said = Post | AnalysedPost | Forget | Correction | Tick | IncidentUpdate | Membership | LedgerEvent | Pulse
_PLACE = re.compile(r"`(\$[^`]*)`|\((byte \d+)\)|required field `(\w+)`")


class Pointed(Struct, frozen=True):
    """The message behind a dead letter: `size` in bytes, None where retention has dropped it.

    `kind` is post, analysed, forget, correction, tick, update, membership, ledger or pulse, None where it cannot be
    read; then `place` says at which field or byte, as far as that is known. `id` is the internal id of a post or an
    incident, or the area of memberships.
    """

    size: int | None = None
    kind: str | None = None
    id: str | None = None
    source: str | None = None
    published_at: int | None = None
    error: str | None = None
    place: str | None = None


def message_of(letter: DeadLetter, log: Recorded) -> Message | None:
    """Return the message that a letter points at, None where the log no longer holds it."""
    found = log.read(letter.topic, letter.partition, letter.offset)
    return found[0] if found else None


def read(topic: str, message: Message) -> Said:
    """Read a message as its topic's readers do; raise DecodeError."""
    match topic:
        case _ if topic in (POSTS_RAW, POSTS_ANALYSED):
            return post.decode(message.value)
        case _ if topic == PULSES:
            return pulse.decode(message.value)
        case _:
            return incident.decode(message.value)


def look(letter: DeadLetter, log: Recorded) -> Pointed:
    """Say what a letter points at."""
    message = message_of(letter, log)
    if message is None:
        return Pointed()
    size = len(message.value)
    try:
        said = read(letter.topic, message)
    except DecodeError as error:
        return Pointed(size, error=type(error).__name__, place=_place(str(error)))
    return structs.replace(_named(said), size=size, kind=str(type(said).__struct_config__.tag or "pulse"))


def _named(said: Said) -> Pointed:
    match said:
        case AnalysedPost(post=one) | (Post() as one):
            return Pointed(id=one.id, source=one.source, published_at=one.published_at)
        case Forget():
            return Pointed(id=said.id, published_at=said.published_at)
        case Membership():
            return Pointed(id=said.area)
        case Correction() | IncidentUpdate() | LedgerEvent():
            return Pointed(id=said.incident)
        case Tick() | Pulse():
            return Pointed()


def _place(text: str) -> str | None:
    """Return where reading failed; whatever else the text says may be content.

    >>> _place("no record: Invalid enum value 'a name' - at `$.post.kind`")
    '$.post.kind'
    >>> _place("no record: MessagePack data is malformed: invalid opcode (byte 7)")
    'byte 7'
    >>> _place("no record: Object missing required field `text`")
    'text'
    """
    found = _PLACE.search(text)
    return next(filter(None, found.groups())) if found else None
