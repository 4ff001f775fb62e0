"""What the desk holds of an incident, and what a person may do about it: the door to console and mail."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from alerts.alert import Clock
from answerable.incident import Between, Evidence, IncidentUpdate, LedgerEvent, Level, State, Title

__all__ = ["Action", "Audit", "Effect", "Entry", "HeldBack", "LevelChange", "OpenDesk", "Response"]


class LevelChange(Struct, frozen=True):
    """The level that was set at an instant, and every point of the scorecard behind it."""

    at: int
    level: Level
    why: tuple[Evidence, ...]


class Effect(StrEnum):
    """What became of the demand's rate after an answer."""

    FELL = "fell"
    SAME = "same"
    ROSE = "rose"
    CANNOT_SAY = "cannot_say"


class Response(Struct, frozen=True):
    """Residents a day before and after the newest answer, and what that says."""

    answered_at: int
    before: float
    after: float
    effect: Effect


class Entry(Struct, frozen=True, kw_only=True):
    """One incident as the desk holds it: its newest update and all that only the desk knows.

    `version` is the ledger's, for the optimistic check. `supervision` is set where an office is accused;
    `lead` is then its supervisor. `levels` and `history` are oldest first. `joined` are incidents of
    other areas about the same matter.
    """

    update: IncidentUpdate
    level: Level
    why: tuple[Evidence, ...]
    state: State
    version: int
    lead: str | None = None
    co_handlers: tuple[str, ...] = ()
    supervision: bool = False
    unconfirmed: bool = False
    clocks: tuple[Clock, ...] = ()
    levels: tuple[LevelChange, ...] = ()
    history: tuple[LedgerEvent, ...] = ()
    joined: tuple[str, ...] = ()
    response: Response | None = None


class HeldBack(Struct, frozen=True, kw_only=True):
    """An open group of posts that the gate holds back, and why; the figures are those of its newest update.

    Only where it is `told` may more be said than area and reason. `accused` are offices of this desk.
    """

    group: str
    area: str
    reason: str
    told: bool = False
    accused: tuple[str, ...] = ()
    title: Title = Title(None, ())
    topic: str | None = None
    authors: Between = Between(0, 0)
    posts: int = 0
    first_at: int = 0
    last_at: int = 0


class Action(Struct, frozen=True, kw_only=True):
    """What a person wants done: go to state `to`, from ledger version `version`.

    `who` is a user's or recipient's id. `office` and `co_handlers` go with assigned, `office` (the right
    one) with returned, `text` or `link` with answered (and `promised` words with `due_at`), `text` with
    closed and false alarm (the reason) and working (a comment).
    """

    incident: str
    version: int
    to: State
    who: str
    text: str = ""
    link: str | None = None
    promised: str | None = None
    due_at: int | None = None
    office: str | None = None
    co_handlers: tuple[str, ...] = ()


class Audit(Struct, frozen=True):
    """That somebody read full texts: who, when, for what reason, with which query."""

    who: str
    at: int
    reason: str
    query: str


class OpenDesk(Protocol):
    """The desk as console and reply address see it; safe to call from any thread."""

    def entries(self) -> list[Entry]:
        """Return every shown incident, highest level first, then newest activity, then id."""
        ...

    def entry(self, incident: str) -> Entry | None:
        """Return one shown incident, or None."""
        ...

    def held(self) -> list[HeldBack]:
        """Return every open group that the gate holds back, newest activity first, then by group."""
        ...

    def act(self, action: Action, now: int) -> Entry:
        """Do what a person asks; raise Refused where the version moved on, the state forbids it, or a rule does."""
        ...

    def audit(self, audit: Audit) -> None:
        """Append durably that full texts were read."""
        ...
