"""What travels once posts have become incidents: updates, memberships and the desk's ledger events."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec
from msgspec import Struct

from answerable.clock import At
from answerable.demand import Answer, DemandCount
from answerable.errors import DecodeError
from answerable.post import Kind, Topic

__all__ = [
    "Answer",
    "Between",
    "Change",
    "Components",
    "DemandCount",
    "Evidence",
    "Forecast",
    "IncidentUpdate",
    "Indicator",
    "IndicatorName",
    "LedgerEvent",
    "Level",
    "Membership",
    "Message",
    "SharedWord",
    "State",
    "Title",
    "decode",
    "encode",
    "incident_id",
]

_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"  # no vowels: no words by accident


class Level(StrEnum):
    """How much attention an incident asks for; members are in rising order.

    >>> Level.RED.rank > Level.ORANGE.rank
    True
    """

    WATCH = "watch"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """Position in the rising order, 0 for watch."""
        return list(Level).index(self)


class Change(StrEnum):
    """Why a fold speaks of an incident."""

    OPENED = "opened"
    GREW = "grew"
    ROSE = "rose"
    DEMAND = "demand"
    ANSWERED = "answered"
    MERGED = "merged"
    CORRECTED = "corrected"
    VANISHED = "vanished"
    COUNTS = "counts"
    QUIET = "quiet"
    CLOSED = "closed"


class Evidence(Struct, frozen=True, array_like=True):
    """One figure beside its usual value; `baseline` is None where there is no usual."""

    name: str
    value: float
    baseline: float | None = None


class IndicatorName(StrEnum):
    """The six marks of escalation."""

    UNMET = "demand_unmet"
    ECONOMIC = "economic_demand"
    HARM = "harm"
    WIDENING = "participants_widening"
    DIFFICULTY = "handling_difficulty"
    REGIONS = "regions"


class Indicator(Struct, frozen=True, array_like=True):
    """One mark of escalation, 0 to 3, with the figures behind it."""

    name: IndicatorName
    score: int
    evidence: tuple[Evidence, ...] = ()


class Between(Struct, frozen=True, array_like=True):
    """A count of people told as a range: at least the strongest day, at most all token-days."""

    least: int
    most: int


class Title(Struct, frozen=True, array_like=True):
    """Place and matter: a gazetteer id (or None) and terms that several authors share."""

    place: str | None
    matter: tuple[str, ...]


class SharedWord(Struct, frozen=True, array_like=True):
    """A word that at least three authors share, or that an office wrote."""

    text: str
    authors: int
    kinds: int


class Forecast(Struct, frozen=True, array_like=True):
    """Further posts within `hours`: the tenth, fiftieth and ninetieth percentile."""

    hours: int
    p10: int
    p50: int
    p90: int


class Components(Struct, frozen=True, kw_only=True):
    """What the scorecard weighs; only effective authors and the baseline make heat.

    heat: effective authors in the last 24 h over the usual. growth: doublings in 6 h. breadth: kinds of
    source and districts. danger: kinds of danger now, each told by how many authors. tail: −log10 of
    the chance of that many by accident. surge: the same of the whole topic in the area. baseline_days: whole
    days of the area's past that "usual" rests on, None from older writers; a few days are a cold start.
    synchrony: share of the last day's posts that press or come in step. spoke: that day's (posts, authors), None
    below k authors and from older writers. amplified: whether synchrony is more than people and honest petitions
    have; it is told, and closes nothing.
    """

    heat: float = 0.0
    usual: float = 0.0
    growth: float = 0.0
    doubling_h: float | None = None
    breadth: int = 1
    tail: float = 0.0
    effective: float = 0.0
    shared_wording: float = 0.0
    danger: tuple[tuple[str, int], ...] = ()
    service: tuple[tuple[str, int], ...] = ()
    surge: float = 0.0
    baseline_days: int | None = None
    synchrony: float = 0.0
    spoke: tuple[int, int] | None = None
    amplified: bool = False


class IncidentUpdate(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="update", tag_field="type"):
    """All that may be said of an incident at one moment; a higher revision replaces a lower one.

    `shown` is False while the gate holds the incident back, `held` then says why. `hourly` is
    (hour start, posts) pairs, `peak_per_hour` the greatest of all. `districts`, `topics`, `offices`, `moods`
    and `kinds` are votes, most first. `replies` counts official answers, `answered_at` is the
    newest one's time. `weekly` is (Monday, residents day by day) of the newest weeks in which anybody spoke,
    `reopened` (when, the newest answer's time before or 0) each time it grew after it was closed. Where the desk
    tells it, `state` and `told_at` say how it stands there and when it was told, and its answers are in the demands;
    of one revision, what was told later replaces earlier. Nothing in it is any single person's words.
    """

    incident: str
    revision: int
    area: str
    at: At
    change: Change
    title: Title
    opened_at: At
    first_post: str
    first_at: At
    last_at: At
    posts: int
    duplicates: int
    vanished: int
    authors: Between
    token_days: int
    strongest_day: int
    sources: tuple[str, ...]
    kinds: tuple[tuple[Kind, int], ...]
    components: Components
    indicators: tuple[Indicator, ...]
    shown: bool = False
    held: str | None = None
    topics: tuple[Topic, ...] = ()
    offices: tuple[tuple[str, int], ...] = ()
    accused: tuple[tuple[str, int], ...] = ()
    districts: tuple[tuple[str, int], ...] = ()
    langs: tuple[tuple[str, int], ...] = ()
    moods: tuple[tuple[str, int], ...] = ()
    demands: tuple[DemandCount, ...] = ()
    words: tuple[SharedWord, ...] = ()
    links_terms: tuple[str, ...] = ()
    hourly: tuple[tuple[int, int], ...] = ()
    peak_at: At = 0
    peak_per_hour: int = 0
    forecast: tuple[Forecast, ...] = ()
    replies: int = 0
    answered_at: At | None = None
    merged_into: str | None = None
    versions: str = ""
    weekly: tuple[tuple[int, int], ...] = ()
    reopened: tuple[tuple[At, At], ...] = ()
    state: State | None = None
    told_at: At = 0


class Membership(Struct, frozen=True, tag="membership", tag_field="type"):
    """Posts that stand in a group now: (post id, group, shown incident or None, representative or None)."""

    area: str
    at: At
    posts: tuple[tuple[str, str, str | None, str | None], ...]


class State(StrEnum):
    """Where an incident stands in the ledger; there is no "removed"."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    WORKING = "working"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    ANSWERED = "answered"
    CLOSED = "closed"
    FALSE_ALARM = "false_alarm"


class LedgerEvent(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="ledger", tag_field="type"):
    """What a person or the desk did about an incident: who, when, before, after.

    `waited_s` is how long ago the office was told of it, None before that and from older writers. `kept` and `missed`
    count clocks that ended with this event, in time and too late.
    """

    incident: str
    version: int
    at: At
    who: str
    before: State
    after: State
    level: Level
    area: str
    office: str | None = None
    text: str = ""
    link: str | None = None
    promised: str | None = None
    due_at: At | None = None
    waited_s: int | None = None
    kept: int = 0
    missed: int = 0


Message = IncidentUpdate | Membership | LedgerEvent

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def encode(message: Message) -> bytes:
    """Write a message as the bytes that the log keeps."""
    return _encoder.encode(message)


def decode(data: bytes) -> Message:
    """Read a message; raise DecodeError that says what is wrong, without the bytes."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError.of("no message", error) from None


def incident_id(area: str, first_post: str) -> str:
    """Return the id people see: seven letters and digits from the area and the first post.

    >>> len(incident_id("3701", "bd388e3814467dfa6244be47"))
    7
    """
    number = int.from_bytes(hashlib.blake2b(f"{area}\0{first_post}".encode(), digest_size=8).digest(), "big")
    return "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(7))
