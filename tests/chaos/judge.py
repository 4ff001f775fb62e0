"""The judge: an append-only ledger of what was asked and what was answered, held against what is there at rest."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

__all__ = ["Event", "Ledger", "Op", "Verdict", "judge", "read"]


class Op(StrEnum):
    """What is known of one post: asked for, said to be durable, refused, or no word came back."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Event(Struct, frozen=True):
    """One line of the ledger."""

    op: Op
    post: str


class Ledger:
    """Writes one line an event, never altered; safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")
        self._lock = threading.Lock()

    def note(self, op: Op, posts: Iterable[str]) -> None:
        """Write the same event for several posts, in one piece."""
        lines = b"".join(msgspec.json.encode(Event(op, post)) + b"\n" for post in posts)
        with self._lock:
            self._file.write(lines)
            self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: Path) -> Iterator[Event]:
    """Yield the events of a ledger; a last line that was cut short is left out, as nobody relied on it."""
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield msgspec.json.decode(line, type=Event)


class Verdict(Struct, frozen=True, kw_only=True):
    """What the judge found. `lost`, `doubled` and `stray` are post ids and should be empty; the rest are counts.

    lost: said to be durable, and neither visible nor set aside nor dropped. doubled: visible more than once.
    stray: visible though refused or never asked for, or though dropped.
    """

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    stray: tuple[str, ...]
    asked: int
    accepted: int
    indexed: int
    set_aside: int
    dropped: int

    @property
    def balanced(self) -> bool:
        """D1: whether accepted = indexed + set aside + dropped."""
        return self.accepted == self.indexed + self.set_aside + self.dropped

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return self.balanced and not (self.lost or self.doubled or self.stray)


def judge(
    events: Iterable[Event], accepted: Iterable[str], visible: Sequence[str], dead: Iterable[str],
    dropped: Iterable[str],
) -> Verdict:  # fmt: skip
    """Hold the ledger against the world at rest. What is ok must be there; what is unknown may be.

    `accepted` are the ids in the first topic, `visible` those that a search finds (one entry a hit), `dead` those
    set aside, `dropped` those that a named policy took away (deleted at the source, for one).

    >>> events = [Event(Op.OK, "a"), Event(Op.UNKNOWN, "b"), Event(Op.UNKNOWN, "c")]
    >>> judge(events, ["a", "b"], ["a", "b"], [], []).clean
    True
    >>> judge(events, ["b"], ["b", "b"], [], []).lost, judge(events, ["b"], ["b", "b"], [], []).doubled
    (('a',), ('b',))
    """
    asked: set[str] = set()
    ok: set[str] = set()
    perhaps: set[str] = set()
    for event in events:
        asked.add(event.post)
        if event.op is Op.OK:
            ok.add(event.post)
        elif event.op is not Op.FAIL:
            perhaps.add(event.post)
    seen, away, aside = Counter(visible), set(dropped), set(dead)
    known = set(accepted)
    return Verdict(
        lost=tuple(sorted(ok - set(seen) - away - aside)),
        doubled=tuple(sorted(post for post, times in seen.items() if times > 1)),
        stray=tuple(sorted((set(seen) - ok - perhaps) | (set(seen) & away))),
        asked=len(asked),
        accepted=len(known | ok),
        indexed=len(set(seen)),
        set_aside=len((aside & (known | ok)) - set(seen)),
        dropped=len((away & (known | ok)) - aside),
    )
