"""The stages a notice passes on its way to a mail: each may let it pass, hold it for the digest, or drop it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from alerts.alert import Alert, AlertKind
from alerts.case import Told, needs_update
from alerts.conditions import Figure
from alerts.due import CLOCK, RETURNED, UNACKNOWLEDGED
from alerts.hours import is_quiet, read_quiet
from alerts.judge import SCORECARD
from alerts.levels import Part, danger_authors
from alerts.recipients import Person
from answerable.incident import Level, State

__all__ = ["Hold", "Memory", "Notice", "Pipeline", "Silence", "Stage", "build", "is_patient", "is_urgent", "pass_all"]


_PRESSING = frozenset(f"points.{part}" for part in (Part.HEAT, Part.AUTHORS, Part.GROWTH, Part.DANGER))


class Hold(StrEnum):
    """What kept a notice from an immediate mail; the digest says it."""

    CADENCE = "cadence"
    QUIET = "quiet"
    CAP = "cap"
    SILENCED = "silenced"


class Notice(Struct, frozen=True):
    """One alert on its way to one person, what that person knows by it, and when it may go."""

    alert: Alert
    person: Person
    told: Told
    due_at: int
    held: Hold | None = None


class Silence(Struct, frozen=True):
    """A person's wish to read of an incident, a topic or an area in the digest only, until a time."""

    about: str
    until: int
    who: str
    why: str


class Memory(Protocol):
    """What stages may ask: they read, they never write."""

    def told(self, incident: str, person: str) -> Told | None:
        """Return what a person was told last of an incident."""
        ...

    def sent_today(self, person: str, at: int) -> int:
        """Return how many immediate mails that count a person got on the local day of `at`."""
        ...

    def silences(self) -> Sequence[Silence]:
        """Return the silences in force."""
        ...


class Stage(Protocol):
    """One step; returns the notice, held or changed, or None to drop it."""

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Let a notice pass, hold it, or drop it."""
        ...


class Pipeline(Struct, frozen=True):
    """The stages when something is decided, and those when it goes out (at once, or after the group's wait)."""

    decide: tuple[Stage, ...]
    send: tuple[Stage, ...]


def build(memory: Memory, zone: ZoneInfo, *, group_seconds: int, quiet: str, daily_cap: int) -> Pipeline:
    """Lay out the whole way of a notice, in order."""
    return Pipeline(
        decide=(
            Inhibit(),  # what is merged or judged a false alarm speaks no more
            Dedup(memory),  # nobody is told twice
            Silenced(memory),  # what a person silenced waits for the digest
            Cadence(),  # yellow and watch wait for the digest
            Group(group_seconds),  # orange waits a little for company
        ),
        send=(
            Quiet(quiet, zone),  # at night only red and danger wake people
            Cap(memory, daily_cap),  # a person gets so many mails a day
        ),
    )


def pass_all(stages: Sequence[Stage], notice: Notice, now: int) -> Notice | None:
    """Send a notice through stages until one holds or drops it."""
    passed: Notice | None = notice
    for stage in stages:
        if passed is None or passed.held is not None:
            break
        passed = stage.pass_on(passed, now)
    return passed


def is_urgent(alert: Alert) -> bool:
    """Tell whether an alert goes out at any hour and beyond the cap: red, or danger to people."""
    if alert.kind in (AlertKind.MERGE, AlertKind.CLOSE, AlertKind.DIGEST) or alert.rule == CLOCK:
        return False
    return alert.level is Level.RED or alert.unconfirmed or danger_authors(alert.update) > 1


class Inhibit:
    """Drops what came to nothing since: only the news of the merger or the closing itself goes through."""

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Drop a notice on an incident that was merged or is a false alarm."""
        alert = notice.alert
        final = alert.kind in (AlertKind.MERGE, AlertKind.CLOSE)
        over = alert.update.merged_into is not None or alert.state is State.FALSE_ALARM
        return None if over and not final else notice


class Dedup:
    """Drops what a person knows already; reminders repeat on purpose."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Drop a notice without news for its reader."""
        alert = notice.alert
        if alert.unconfirmed or alert.rule in (CLOCK, UNACKNOWLEDGED, RETURNED):
            return notice
        before = self._memory.told(alert.incident, notice.person.id)
        return notice if needs_update(before, notice.told) is not None else None


class Silenced:
    """Holds what a person silenced; danger is never silenced."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Hold a notice about a silenced incident, topic or area."""
        update = notice.alert.update
        about = {update.incident, update.area, *(topic.id for topic in update.topics[:1])}
        silenced = any(silence.about in about and now < silence.until for silence in self._memory.silences())
        return replace(notice, held=Hold.SILENCED) if silenced and not danger_authors(update) else notice


def is_patient(alert: Alert) -> bool:
    """Tell whether waiting alone made the level: nothing grows, nothing is dangerous, no hour changes it.

    A rule of one's own that weighs other figures is urgent as it says.
    """
    told = {item.name for item in alert.why}
    waited = alert.rule == SCORECARD or f"rule.{Figure.UNANSWERED}" in told
    return waited and f"points.{Part.UNANSWERED}" in told and not told & _PRESSING


class Cadence:
    """Holds yellow and watch for the digest, and what was raised by waiting alone."""

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Hold a notice below orange or about a long wait, unless it tells of danger."""
        alert = notice.alert
        low = alert.level.rank < Level.ORANGE.rank or is_patient(alert)
        return replace(notice, held=Hold.CADENCE) if low and not is_urgent(alert) else notice


class Group:
    """Lets orange wait for company, so that what happens within minutes is one mail."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Delay a notice that is not urgent."""
        return notice if is_urgent(notice.alert) else replace(notice, due_at=now + self._seconds)


class Quiet:
    """Holds everything but red and danger in a person's quiet hours."""

    def __init__(self, quiet: str, zone: ZoneInfo) -> None:
        self._quiet, self._zone = quiet, zone

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Hold a notice that may not wake its reader."""
        own = notice.person.quiet
        hours = read_quiet(self._quiet if own is None else own)
        asleep = not is_urgent(notice.alert) and is_quiet(now, hours, self._zone)
        return replace(notice, held=Hold.QUIET) if asleep else notice


class Cap:
    """Holds what is beyond a person's immediate mails of a day; red and danger are exempt."""

    def __init__(self, memory: Memory, most: int) -> None:
        self._memory, self._most = memory, most

    def pass_on(self, notice: Notice, now: int) -> Notice | None:
        """Hold a notice beyond the cap."""
        over = not is_urgent(notice.alert) and self._memory.sent_today(notice.person.id, now) >= self._most
        return replace(notice, held=Hold.CAP) if over else notice
