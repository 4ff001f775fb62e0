"""By when an answer is due: rule files per jurisdiction, each figure with document, article and date checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.alert import Clock
from alerts.hours import read_quiet
from alerts.workdays import Span, Unit, Workdays, read_span
from answerable.errors import SettingsError
from answerable.incident import IncidentUpdate, Level
from answerable.strict import convert, read_toml

__all__ = ["REMINDERS", "SHIPPED", "ClockRule", "Clocks", "load"]

REMINDERS = (50, 80, 100)
_FOLDER = Path(__file__).parent / "clocks"
SHIPPED = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
_Kind = Literal["major", "other", "danger", "service", "ordinary"]


class _Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    name: dict[str, str]
    kind: _Kind
    amount: str
    document: str
    article: str
    checked: date
    example: bool = False


class _Year(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    year: int
    document: str
    checked: date
    off: list[str]
    work: list[str] = []


class _Work(Struct, frozen=True, forbid_unknown_fields=True):
    hours: list[str]


class _File(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    jurisdiction: str
    work: _Work
    clock: list[_Entry]
    holidays: list[_Year] = []


class ClockRule(Struct, frozen=True, kw_only=True):
    """One figure of the rule file; an example is shown in the file and proposed to nobody."""

    id: str
    name: dict[str, str]
    kind: str
    span: Span
    source: str
    checked: date
    example: bool = False


class Clocks(Struct, frozen=True):
    """A jurisdiction's clocks and working calendar; `years` are those whose holidays it knows."""

    rules: tuple[ClockRule, ...]
    calendar: Workdays
    years: tuple[int, ...] = ()

    def propose(self, update: IncidentUpdate, level: Level) -> tuple[ClockRule, ...]:
        """Return the clocks that fit an incident; none below yellow. A person confirms the class."""
        if level is Level.WATCH:
            return ()
        danger = any(authors > 1 for _, authors in update.components.danger)
        kinds = {"major" if danger or level is Level.RED else "other"}
        kinds.add("danger" if danger else "service" if update.components.service else "ordinary")
        return tuple(rule for rule in self.rules if rule.kind in kinds and not rule.example)

    def start(self, rule: ClockRule, seen_at: int, informed_at: int, locale: str) -> Clock:
        """Start a clock at the moment the office was informed."""
        name = rule.name.get(locale) or rule.name[sorted(rule.name)[0]]
        due_at = self.calendar.due(informed_at, rule.span)
        hours = rule.span.value if rule.span.unit is Unit.HOURS else round((due_at - informed_at) / 3600, 2)
        names = tuple(sorted(rule.name.items()))
        return Clock(name, rule.source, hours, seen_at, informed_at, due_at, names=names)

    def reminders(self, rule: ClockRule, informed_at: int) -> tuple[tuple[int, int], ...]:
        """Return (percent, instant) of the reminders of a clock."""
        return tuple((percent, self.calendar.share(informed_at, rule.span, percent)) for percent in REMINDERS)


def load(name: str, timezone: str) -> Clocks:
    """Read a shipped rule file by name, or one by path; raise SettingsError with file, line, key and repair."""
    path = _FOLDER / f"{name}.toml" if name in SHIPPED else Path(name)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    read = convert(read_toml(path), _File, str(path), lambda steps: _line(lines, steps))
    zone = ZoneInfo(timezone)
    try:
        hours = tuple((spell.start, spell.end) for spell in map(read_quiet, read.work.hours))
    except ValueError as error:
        raise _wrong(path, lines, ["work", "hours"], str(error)) from None
    if not hours or any(opens >= closes for opens, closes in hours) or list(hours) != sorted(hours):
        raise _wrong(path, lines, ["work", "hours"], "are no spells of one day in rising order")
    rules = tuple(_rule(path, lines, index, entry) for index, entry in enumerate(read.clock))
    off = frozenset(day for index, _ in enumerate(read.holidays) for day in _days(path, lines, read, index, "off"))
    work = frozenset(day for index, _ in enumerate(read.holidays) for day in _days(path, lines, read, index, "work"))
    return Clocks(rules, Workdays(zone, hours, off, work), tuple(sorted(year.year for year in read.holidays)))


def _rule(path: Path, lines: list[str], index: int, entry: _Entry) -> ClockRule:
    for key, value in (("document", entry.document), ("article", entry.article), ("id", entry.id)):
        if not value.strip():
            raise _wrong(path, lines, ["clock", index, key], "is empty; a clock without its source is refused")
    if not entry.name:
        raise _wrong(path, lines, ["clock", index, "name"], "is empty")
    try:
        span = read_span(entry.amount)
    except ValueError as error:
        raise _wrong(path, lines, ["clock", index, "amount"], str(error)) from None
    return ClockRule(
        id=entry.id, name=entry.name, kind=entry.kind, span=span,
        source=f"{entry.document} {entry.article}", checked=entry.checked, example=entry.example,
    )  # fmt: skip


def _days(path: Path, lines: list[str], read: _File, index: int, key: Literal["off", "work"]) -> Iterator[date]:
    year = read.holidays[index]
    for text in year.off if key == "off" else year.work:
        first_text, _, last_text = text.partition("..")
        try:
            first, last = date.fromisoformat(first_text), date.fromisoformat(last_text or first_text)
        except ValueError:
            raise _wrong(path, lines, ["holidays", index, key], f"{text!r} is no day or span of days") from None
        if not first <= last or {first.year, last.year} != {year.year}:
            raise _wrong(path, lines, ["holidays", index, key], f"{text!r} is no span within {year.year}")
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _wrong(path: Path, lines: list[str], steps: list[str | int], what: str) -> SettingsError:
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    return SettingsError(
        what, file=str(path), line=_line(lines, steps), key=key,
        repair="compare with the shipped cn.toml",
    )  # fmt: skip


def _line(lines: list[str], steps: list[str | int]) -> int | None:
    """Find the line of a path such as ["clock", 2, "amount"] in a file with one table a head."""
    table, wanted = str(steps[0]) if steps else "", steps[1] if len(steps) > 1 and isinstance(steps[1], int) else 0
    key = re.compile(rf"\s*{re.escape(str(steps[-1]))}\s*=") if steps else re.compile("$^")
    seen, found = -1, None
    for number, line in enumerate(lines, 1):
        if re.match(rf"\s*\[+{re.escape(table)}\]", line):
            seen += 1
            found = number if seen == wanted else found
        elif seen == (wanted if len(steps) > 1 else -1) and key.match(line):
            return number
    return found
