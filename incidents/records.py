"""What an area's fold remembers of a post and of a group of posts, in the shape in which it is stored.

Nothing here holds a text or a word: terms are 64-bit hashes with their weights. An author's token is
kept apart (`Live`), for 48 hours.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from answerable.post import Kind

__all__ = ["Group", "Live", "PostRecord", "Tally", "Vector", "pack", "unpack"]

Vector = list[tuple[int, int]]


class PostRecord(Struct, array_like=True, gc=False):
    """One post that was counted: where it stands, and the hashes that may still move it.

    `seq` numbers the records of an area in order of arrival, `at` is the area's clock then,
    `published_at` the post's own time cut to `at`. `group` is the group it first joined; groups that
    merged point on. `first` is set where it is the first post of its author and day in its group. `twin`
    is the representative of its near-duplicates, "" for a representative or a post without any. `learned` is
    the `seq` at which its terms began to count, `seen` when the edition was seen whose terms they are.
    """

    id: str
    seq: int
    at: int
    published_at: int
    kind: Kind
    source: str
    lang: str
    group: str
    learned: int
    revision: int = 1
    twin: str = ""
    first: bool = False
    gone: bool = False
    reach: int = 0
    vector: bytes = b""
    signature: bytes = b""
    seen: int = 0


class Live(Struct, array_like=True, gc=False):
    """An author's token, the UTC day it counts for, and what that author is counted under, for 48 hours."""

    token: str
    day: int
    facets: tuple[str, ...]


class Tally(Struct, array_like=True):
    """One demand of a group: residents (author-days), when it was first made, when it was answered.

    `again` residents made it since that answer, the first of them at `again_at`. `answer` is what the newest answer
    says, `due_at` the date it promises, 0 where none.
    """

    act: str
    category: str
    to: str | None
    residents: int
    first_at: int
    answered_at: int | None = None
    again: int = 0
    again_at: int = 0
    answer: str = ""
    due_at: int = 0


class Group(Struct, array_like=True, kw_only=True):
    """A group of posts on one matter, and all that is counted about it.

    `changed` is the `seq` of the last record that touched it. `days` maps a UTC day (number since 1970) to
    the least and the most distinct authors of that day. Votes are counts by value; `topics` in
    thousandths. `hours` and `voices` map an hour's start to posts and to distinct-author posts. `danger`
    maps a kind to (author-days, last told). `into` names the group it merged into, `live` whether it
    takes posts. From `revision` on stands what was told last; `began` are the kinds of source, topics and districts
    when it was first shown, `settled` the residents when it was closed, `reopened` (when, the newest answer before or
    0) each time it grew again, `met_at` when an office last gave more than a referral; `weighed` is how high
    effective authors stood on their ladder then.
    """

    id: str
    first_post: str
    seq: int
    changed: int
    first_at: int
    last_at: int
    kind: Kind
    lang: str
    posts: int = 0
    duplicates: int = 0
    vanished: int = 0
    matter: int = 0
    reach: int = 0
    days: dict[int, tuple[int, int]] = {}
    kinds: dict[str, int] = {}
    sources: dict[str, int] = {}
    langs: dict[str, int] = {}
    topics: dict[str, int] = {}
    offices: dict[str, int] = {}
    accused: dict[str, int] = {}
    places: dict[str, int] = {}
    districts: dict[str, int] = {}
    moods: dict[str, int] = {}
    danger: dict[str, tuple[int, int]] = {}
    service: dict[str, int] = {}
    demands: dict[str, Tally] = {}
    hours: dict[int, int] = {}
    voices: dict[int, int] = {}
    peak_at: int = 0
    peak: int = 0
    replies: int = 0
    answered_at: int | None = None
    versions: str = ""
    live: bool = True
    into: str = ""
    apart: tuple[str, ...] = ()
    place: str = ""
    office: str = ""
    topic: str = ""
    title: str = ""
    revision: int = 0
    opened_at: int = 0
    shown: bool = False
    held: str = ""
    quiet: bool = False
    closed: bool = False
    retell: bool = False
    told: int = 0
    looked: int = 0
    counted: int = 0
    vanished_told: int = 0
    demands_told: int = 0
    replies_told: int = 0
    rungs: tuple[int, ...] = ()
    began: tuple[int, int, int] = (0, 0, 0)
    settled: int = 0
    reopened: tuple[tuple[int, int], ...] = ()
    met_at: int = 0
    weighed: int = 0

    def shed(self) -> None:
        """Let go of everything that went into another group; the pointer stays."""
        for name in self.__struct_fields__:
            if isinstance(getattr(self, name), dict):
                setattr(self, name, {})

    @property
    def waits(self) -> bool:
        """Whether an incident that was spoken of got posts that nobody looked at yet."""
        return bool(self.revision) and self.posts > self.looked

    @property
    def residents(self) -> int:
        """Distinct (author, day) pairs, at least."""
        return sum(least for least, _ in self.days.values())

    @property
    def strongest(self) -> int:
        """Distinct authors of the strongest day, at least."""
        return max((least for least, _ in self.days.values()), default=0)

    @property
    def most(self) -> int:
        """Distinct (author, day) pairs, at most."""
        return sum(most for _, most in self.days.values())


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Vector] = msgspec.msgpack.Decoder(Vector)


def pack(vector: Vector) -> bytes:
    """Pack (term hash, weight) pairs.

    >>> unpack(pack([(2**60 + 1, 512), (7, 3)]))
    [(1152921504606846977, 512), (7, 3)]
    """
    return _encoder.encode(vector)


def unpack(data: bytes) -> Vector:
    """Read what `pack` wrote; no bytes are no terms."""
    return _decoder.decode(data) if data else []
