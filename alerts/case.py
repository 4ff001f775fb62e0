"""What the desk keeps of one incident between two moments; immutable, stored as it is."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from alerts.alert import Clock
from alerts.entry import LevelChange
from alerts.pressing import Pressed
from answerable.incident import Evidence, IncidentUpdate, Level, State

__all__ = ["OVER", "Case", "News", "Running", "Told", "needs_update"]

OVER = frozenset((State.CLOSED, State.FALSE_ALARM))


class News(StrEnum):
    """Why somebody should hear of an incident (again)."""

    FIRST = "first"
    RAISED = "raised"
    DOUBLED = "doubled"
    ANSWERED = "answered"
    MERGED = "merged"
    CLOSED = "closed"


class Told(Struct, frozen=True, kw_only=True):
    """What was said of an incident: level, residents, and whether it was answered, merged or closed by then."""

    level: Level
    residents: int
    answered: bool = False
    merged: bool = False
    closed: bool = False


def needs_update(before: Told | None, now: Told) -> News | None:
    """Return why something should be said now, or None where it was said already.

    >>> said = Told(level=Level.YELLOW, residents=9)
    >>> needs_update(said, Told(level=Level.YELLOW, residents=12))
    >>> needs_update(said, Told(level=Level.ORANGE, residents=12))
    <News.RAISED: 'raised'>
    """
    if before is None:
        return None if now.merged or now.closed else News.FIRST
    if before.merged or before.closed:
        return None
    if now.merged:
        return News.MERGED
    if now.closed:
        return News.CLOSED
    if now.level.rank > before.level.rank:
        return News.RAISED
    if now.answered and not before.answered:
        return News.ANSWERED
    return News.DOUBLED if now.residents >= 2 * before.residents > 0 else None


class Running(Struct, frozen=True):
    """A clock under way: the rule's id, the clock, (percent, instant) of its reminders, and how far it got."""

    rule: str
    clock: Clock
    reminders: tuple[tuple[int, int], ...]
    reminded: int = 0
    kept_at: int | None = None


class Case(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One incident on the desk.

    `supported_at` is the last instant at which the scorecard reached `level`; `judged_at` the last at which it
    was asked. `told` is what the desk said last, to anybody. `version` counts what
    people did. `lead_now` and `with_now` are a person's assignment, which overrides the routing;
    `proposed` is the right office as whoever returned the case sees it. `doubters` are
    those who proposed a false alarm that needs a second person; `settled` is how many residents there were when
    a person closed the case, `reopened` (when, the newest answer before or 0) each time it grew again after.
    `joined` are incidents of other areas about the same matter, `regions` how many
    areas that makes with its own; `pressed` are residents, by day, that carry no level.
    """

    update: IncidentUpdate
    level: Level = Level.WATCH
    why: tuple[Evidence, ...] = ()
    rule: str = ""
    route: str = "lead"
    judged_at: int = 0
    supported_at: int = 0
    levels: tuple[LevelChange, ...] = ()
    state: State = State.NEW
    version: int = 1
    told: Told | None = None
    told_at: int = 0
    warned: bool = False
    thread: int = 0
    informed_at: int | None = None
    clocks: tuple[Running, ...] = ()
    escalated: int = 0
    lead: str | None = None
    co_handlers: tuple[str, ...] = ()
    accused: tuple[str, ...] = ()
    lead_now: str | None = None
    with_now: tuple[str, ...] = ()
    proposed: str | None = None
    joined: tuple[str, ...] = ()
    regions: int = 1
    answered_at: int | None = None
    answer: str | None = None
    answer_link: str | None = None
    doubters: tuple[str, ...] = ()
    settled: int = 0
    reopened: tuple[tuple[int, int], ...] = ()
    pressed: Pressed = ()

    @property
    def supervision(self) -> bool:
        """Whether an office of this desk is accused."""
        return bool(self.accused)

    @property
    def shown(self) -> bool:
        """Whether people may see it as an incident."""
        return self.update.shown

    @property
    def visible(self) -> bool:
        """Whether the desk lists it at all: shown, or told to those on duty as unconfirmed danger."""
        return self.update.shown or self.warned

    @property
    def open(self) -> bool:
        """Whether somebody still has to act."""
        return self.state not in OVER and self.update.merged_into is None
