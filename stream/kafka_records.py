"""What a state topic holds, and how its records are folded: claims, closed batches, snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from stream.log import Message
from stream.state import Closed

__all__ = ["Claim", "Emits", "Piece", "Snapshot", "StateFold", "claimed", "cut", "encoded"]

_PIECE = 400_000

Emits = tuple[tuple[str, Message], ...]


class Snapshot(Struct, frozen=True, tag="snapshot"):
    """A partition's whole state at an input offset; everything before it was emitted."""

    offset: int
    items: dict[str, bytes]


class Claim(Struct, frozen=True, tag="claim"):
    """From here on only this owner's records count."""

    owner: str


class Piece(Struct, frozen=True, tag="piece"):
    """Piece `number` of an encoded batch or snapshot (`whole`: which one); the last one closes it."""

    owner: str
    whole: str
    number: int
    last: bool
    body: bytes


class _Batch(Struct, frozen=True, tag="batch"):
    closed: Closed


_record = msgspec.msgpack.Decoder(Claim | Piece)
_whole = msgspec.msgpack.Decoder(_Batch | Snapshot)


def encoded(record: Claim | Piece) -> bytes:
    """Return a record's bytes."""
    return msgspec.msgpack.encode(record)


def claimed(values: Iterable[bytes]) -> bool:
    """Tell whether there is a claim among records.

    >>> claimed([encoded(Piece("o", "w", 0, True, b"")), encoded(Claim("p"))])
    True
    """
    return any(isinstance(_record.decode(value), Claim) for value in values)


def cut(owner: str, whole: str, value: Closed | Snapshot, size: int = _PIECE) -> Iterator[Piece]:
    """Cut an encoded batch or snapshot into pieces of at most `size` bytes.

    >>> [(piece.number, piece.last, len(piece.body)) for piece in cut("o", "w", Snapshot(3, {"a": bytes(50)}), 40)]
    [(0, False, 40), (1, False, 40), (2, True, 4)]
    """
    body = msgspec.msgpack.encode(_Batch(value) if isinstance(value, Closed) else value)
    starts = range(0, len(body), size)
    for number, start in enumerate(starts):
        yield Piece(owner, whole, number, number == len(starts) - 1, body[start : start + size])


class StateFold:
    """Folds a state topic's records in their order: what holds is what the newest owner could build upon.

    Records of an owner whose claim was followed by another's are passed over, as are pieces out of order and
    batches that do not begin at the offset reached. Where the oldest record kept is no claim it begins a
    snapshot that was good when older records were dropped, so its owner counts.
    """

    def __init__(self) -> None:
        self.owner = ""
        self.offset = 0
        self.items: dict[str, bytes] = {}
        self.last: Closed | None = None  # of the batches after the newest snapshot, as the next three are
        self.emits: list[tuple[int, Emits]] = []  # what each emits, with the offset where it ends
        self.batches = 0
        self.bytes = 0
        self.snapshots: list[int] = []  # where each snapshot's first piece lies
        self._pieces: list[Piece] = []
        self._began = 0

    @property
    def size(self) -> int:
        """The bytes of the live items."""
        return sum(len(key) + len(value) for key, value in self.items.items())

    def read(self, place: int, value: bytes) -> None:
        """Take the record at an offset of the state topic."""
        record = _record.decode(value)
        if isinstance(record, Claim) or not self.owner:
            self.owner, self._pieces = record.owner, []
        if isinstance(record, Piece) and record.owner == self.owner:
            self._gather(place, record)

    def _gather(self, place: int, piece: Piece) -> None:
        if piece.number == 0:
            self._pieces, self._began = [], place
        follows = not self._pieces or self._pieces[-1].whole == piece.whole
        if piece.number != len(self._pieces) or not follows:
            self._pieces = []
            return
        self._pieces.append(piece)
        if piece.last:
            body = b"".join(one.body for one in self._pieces)
            self._pieces = []
            self._close(_whole.decode(body), len(body))

    def _close(self, whole: _Batch | Snapshot, size: int) -> None:
        if isinstance(whole, Snapshot):
            self.offset, self.items = whole.offset, whole.items
            self.last, self.emits, self.batches, self.bytes = None, [], 0, 0
            self.snapshots.append(self._began)
            return
        closed = whole.closed
        if closed.from_offset != self.offset:
            return
        for key, value in closed.changes.items():
            if value is None:
                self.items.pop(key, None)
            else:
                self.items[key] = value
        self.offset = closed.to_offset
        self.last = closed
        self.emits.append((closed.to_offset, closed.emits))
        self.batches += 1
        self.bytes += size
