"""What the desk says: an alert about one incident, and the parts of it that only the desk knows."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from answerable.incident import Evidence, IncidentUpdate, Level, State

__all__ = ["Alert", "AlertKind", "Clock", "Digest", "DigestLine"]


class AlertKind(StrEnum):
    """Why a mail goes out."""

    OPEN = "open"
    UPDATE = "update"
    RAISE = "raise"
    MERGE = "merge"
    CLOSE = "close"
    DIGEST = "digest"


class Clock(Struct, frozen=True):
    """A proposed deadline: `name` and `source` from the rule file, both starts, the hours, when it is due.

    Only the clock that started when the office was informed can be missed; `confirmed` tells whether a
    person accepted the class. `name` is in the desk's language, `names` (language, name) as the rule file has them.
    """

    name: str
    source: str
    hours: float
    seen_at: int
    informed_at: int
    due_at: int
    confirmed: bool = False
    names: tuple[tuple[str, str], ...] = ()

    def called(self, locale: str) -> str:
        """Return the clock's name in a language, as it was started where the rule file has none.

        >>> Clock("作出回应", "", 48.0, 0, 0, 0, names=(("en", "Answer"), ("zh", "作出回应"))).called("en")
        'Answer'
        """
        return next((name for language, name in self.names if language == locale), self.name)


class Alert(Struct, frozen=True, kw_only=True):
    """One alert about one incident, before it becomes a mail to anybody.

    `number` counts all alerts of the desk; `thread` counts raised levels of this incident and starts at 1.
    `supervision` is set where an office is accused: no extracts, no links to posts, sent to its
    supervision. `unconfirmed` is set where one person alone reports danger: place and kind only.
    `why` lists every point of the scorecard and the rule's figures beside their baseline; `precision`
    is (real, all) alerts of this rule in the last 90 days, None before any was judged.
    """

    number: int
    at: int
    incident: str
    kind: AlertKind
    level: Level
    previous: Level | None
    thread: int
    rule: str
    why: tuple[Evidence, ...]
    update: IncidentUpdate
    state: State
    version: int
    lead: str | None
    co_handlers: tuple[str, ...] = ()
    clock: Clock | None = None
    supervision: bool = False
    unconfirmed: bool = False
    joined: str | None = None
    answer: str | None = None
    answer_link: str | None = None
    precision: tuple[int, int] | None = None


class DigestLine(Struct, frozen=True, kw_only=True):
    """One incident in a digest; `held` says what kept it from an immediate mail (cadence, quiet, cap).

    `parts` are what was held of the same matter in other areas.
    """

    alert: Alert
    held: str
    parts: tuple[Alert, ...] = ()


class Digest(Struct, frozen=True, kw_only=True):
    """What one recipient reads at 08:30 and 17:30; goes out even when empty.

    `ages` is the age in seconds of the newest post per stage; `silent` the sources that fell silent;
    `slow` the slow-burning incidents (weekly).
    """

    at: int
    lines: tuple[DigestLine, ...]
    ages: tuple[tuple[str, int], ...]
    silent: tuple[str, ...] = ()
    slow: tuple[Alert, ...] = ()
    answered_in_time: int = 0
    open_count: int = 0
