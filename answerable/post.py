"""What travels before an incident exists: posts, what was read from them, and ticks.

All times are whole UTC seconds (see clock.py). Text offsets are code points of `Post.body`.
Messages tolerate unknown fields, so that older and newer writers can run together.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec
from msgspec import Struct

from answerable.clock import At
from answerable.errors import DecodeError

__all__ = [
    "AnalysedPost",
    "Analysis",
    "Correction",
    "CorrectionKind",
    "Counts",
    "Demand",
    "Forget",
    "Harm",
    "HarmClass",
    "Kind",
    "PlaceMention",
    "Post",
    "Reading",
    "Record",
    "Reply",
    "Term",
    "TermKind",
    "Tick",
    "Topic",
    "decode",
    "encode",
    "post_id",
]


class Kind(StrEnum):
    """What sort of public utterance a post is."""

    LETTER = "letter"
    HOTLINE = "hotline"
    REPORT = "report"
    FORUM = "forum"
    COMMENT = "comment"
    MICROBLOG = "microblog"
    NEWS = "news"
    OFFICIAL = "official"


class Counts(Struct, frozen=True, omit_defaults=True):
    """The public counters under a post, as last seen."""

    likes: int = 0
    replies: int = 0
    reposts: int = 0
    views: int = 0


class Post(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="post", tag_field="type"):
    """A public post behind the border: nothing in it names its author.

    `author` is the token of that author for that source and UTC day only. `home` is the gazetteer id
    of the source's home. `seen_at` is set when the post is appended; a replay sets it to `fetched_at`.
    The same post seen again with other counts carries a higher `revision`.
    """

    id: str
    source: str
    kind: Kind
    text: str
    published_at: At
    fetched_at: At
    title: str = ""
    seen_at: At = 0
    revision: int = 1
    author: str | None = None
    url: str | None = None
    lang: str | None = None
    place: str | None = None
    home: str | None = None
    reply_to: str | None = None
    repost_of: str | None = None
    counts: Counts = Counts()

    @property
    def body(self) -> str:
        """The text that offsets count in: the title, a line feed, the text; or the text alone."""
        return f"{self.title}\n{self.text}" if self.title else self.text


class Reading(Struct, frozen=True):
    """One head's answer: the likeliest label and the probability of each."""

    label: str
    p: dict[str, float]


class Topic(Struct, frozen=True, array_like=True):
    """A taxonomy category with its calibrated probability."""

    id: str
    p: float


class PlaceMention(Struct, frozen=True, array_like=True):
    """A gazetteer place named in the body, at code points start to end.

    `others` are the ids of other places of that name, where nothing in the post told them apart.
    """

    id: str
    start: int
    end: int
    text: str
    p: float
    others: tuple[str, ...] = ()


class Demand(Struct, frozen=True, array_like=True):
    """Who should do what: `act` is normalised from closed word lists, never a person's sentence.

    `start`/`end` mark the demand in the body; the words there stay with the text, the act travels on.
    `category` is the kind of act (restore, pay, explain, …); `to` the office or body asked, or None.
    """

    act: str
    category: str
    start: int
    end: int
    to: str | None = None


class HarmClass(StrEnum):
    """Danger now wakes people; service trouble raises a component and wakes nobody."""

    DANGER = "danger"
    SERVICE = "service"


class Harm(Struct, frozen=True, array_like=True):
    """Harm to people told in a post: its class, and its kind (fire, gas, water, …)."""

    cls: HarmClass
    kind: str


class TermKind(StrEnum):
    """What a grouping term is made of."""

    WORD = "w"
    NUMBER = "n"
    HASHTAG = "h"
    URL = "u"
    PAIR = "p"
    PLACE = "l"


class Term(Struct, frozen=True, array_like=True):
    """A grouping term; `weight` is in hundredths, before idf; `shown` is the word as it stood, where text is a stem.

    A term of kind place is (part of) the name of a place that the post mentions.
    """

    text: str
    weight: int
    kind: TermKind = TermKind.WORD
    shown: str = ""


class Reply(Struct, frozen=True, omit_defaults=True):
    """What an official reply was read to say; `due_at` is a promised date where one was given."""

    promise: bool = False
    refusal: bool = False
    explains: bool = False
    due_at: At | None = None
    referred_to: str | None = None


class Analysis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was read from one post.

    `area` is the gazetteer id of the jurisdiction that answers, or None where nothing located the
    post. `office` is the office in charge by topic and area, `accused` the offices (ids, or body words
    from the closed list) that the post accuses. `signature` is the near-duplicate signature, opaque to
    all but nlp/signature.py. `versions` names gazetteer, taxonomy and models.
    """

    lang: str
    sentiment: Reading
    emotion: Reading
    topics: tuple[Topic, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    area: str | None = None
    demands: tuple[Demand, ...] = ()
    harm: tuple[Harm, ...] = ()
    terms: tuple[Term, ...] = ()
    office: str | None = None
    accused: tuple[str, ...] = ()
    reply: Reply | None = None
    signature: bytes = b""
    versions: str = ""


class AnalysedPost(Struct, frozen=True, tag="analysed", tag_field="type"):
    """A post with what was read from it, filed under its area's key."""

    post: Post
    analysis: Analysis
    area: str

    @property
    def at(self) -> int:
        """The instant this record moves its area's clock to."""
        return self.post.seen_at


class Forget(Struct, frozen=True, omit_defaults=True, tag="forget", tag_field="type"):
    """A post deleted at its source, opted out, or edited; sent to every partition.

    A deleted post never comes back. An `edited` one does: what was seen of it before `at` goes, and
    the Post that follows, seen at `at` or later and with a higher revision, takes its place.
    """

    id: str
    published_at: At
    at: At
    edited: bool = False


class CorrectionKind(StrEnum):
    """What a person may correct."""

    MERGE = "merge"
    SPLIT = "split"
    PLACE = "place"
    OFFICE = "office"
    TOPIC = "topic"
    TITLE = "title"


class Correction(Struct, frozen=True, kw_only=True, tag="correction", tag_field="type"):
    """A person's correction of the machine, in log order, so that a replay repeats it.

    `value` is the other incident (merge), comma-joined post ids (split), or the new id or words.
    """

    incident: str
    area: str
    kind: CorrectionKind
    value: str
    who: str
    why: str
    at: At


class Tick(Struct, frozen=True, tag="tick", tag_field="type"):
    """The desk's clock in the log: quiet areas age, close and decay by it."""

    at: At


Record = Post | AnalysedPost | Forget | Correction | Tick

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def encode(record: Record) -> bytes:
    """Write a record as the bytes that the log keeps."""
    return _encoder.encode(record)


def decode(data: bytes) -> Record:
    """Read a record; raise DecodeError that says what is wrong, without the bytes.

    >>> decode(encode(Tick(at=60)))
    Tick(at=60)
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError.of("no record", error) from None


def post_id(source: str, native: str) -> str:
    """Return the internal id: a hash of source and native id, 24 hex digits.

    >>> post_id("letters.linhe", "1203")
    'bd388e3814467dfa6244be47'
    """
    return hashlib.blake2b(f"{source}\0{native}".encode(), digest_size=12).hexdigest()
