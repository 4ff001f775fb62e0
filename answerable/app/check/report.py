"""The whole report: each check by itself, so that one failure never hides another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from alerts.recipients import Recipients
from answerable.app.check.every import Outcome
from answerable.app.check.finding import Finding, Grade, well, wrong
from answerable.app.check.hosts import LookUp
from answerable.app.check.machine import machine
from answerable.app.check.references import references
from answerable.app.check.servers import servers
from answerable.app.check.services import services
from answerable.app.check.survey import survey
from answerable.app.check.written import Written, read
from answerable.app.problems import lawful, sound
from answerable.errors import SettingsError
from answerable.settings import Settings

__all__ = ["report"]

T = TypeVar("T")
_WITHOUT = {
    "sources": ("nothing is crawled", "name a sources.yaml, or take posts in with `answerable import`"),
    "recipients": ("every mail goes to smtp.sender", "name a recipients.yaml"),
    "gazetteer": ("no post can be located", "name a gazetteer.csv"),
}


def report(
    path: Path | None, environ: Mapping[str, str], look_up: LookUp, *, alone: bool = False
) -> Iterator[Finding]:
    """Yield all findings: settings, legal basis, files, what they say of one another, machine, services.

    `alone` leaves out the machine and the services.
    """
    found = survey(path, environ)
    settings = found.settings
    wrongs = [wrong("settings", error) for error in (*found.errors, *sound(settings))]
    yield from (_placed(finding, path) for finding in wrongs)
    if path is None:
        repair = "run `answerable init`, or name one with --settings"
        yield wrong("settings", SettingsError("there is no answerable.toml here", repair=repair), Grade.WARNING)
    elif not wrongs:
        yield well("settings", "every key is known and every value can be meant", path)
    yield from _legal(settings, path)
    yield from _files(settings, path, look_up)
    if alone:
        return
    yield from machine(settings)
    yield from servers(settings, frozenset(finding.key.partition(".")[0] for finding in wrongs))
    yield from services(settings)


def _placed(finding: Finding, path: Path | None) -> Finding:
    """Name the settings file where a key stands in none: that is where it has to be written."""
    elsewhere = path is None or finding.file or "." not in finding.key
    return finding if elsewhere else wrong(
        finding.check, SettingsError(finding.message, file=str(path), key=finding.key, repair=finding.repair)
    )  # fmt: skip


def _legal(settings: Settings, path: Path | None) -> Iterator[Finding]:
    missing = [_placed(wrong("legal", error), path) for error in lawful(settings)]
    yield from missing or [well("legal", "basis, assessment and contact are named")]


def _files(settings: Settings, path: Path | None, look_up: LookUp) -> Iterator[Finding]:
    written = read(settings)
    between = list(references(settings, written, look_up))
    for part in _parts(written):
        mine = [finding for finding in between if finding.check == part.check]
        yield from sorted(
            (*(wrong(part.check, error) for error in part.errors), *mine), key=lambda one: one.line or 0
        )
        if not part.errors and all(finding.ok for finding in mine):
            yield part.finding(written.paths.get(part.check))
    yield from (_placed(finding, path) for finding in between if finding.check == "settings")


class _Part(Struct, frozen=True):
    """How reading one file went; `told` is how much was read, "" where nothing could or nothing was."""

    check: str
    named: bool
    errors: tuple[SettingsError, ...] = ()
    told: str = ""

    def finding(self, path: Path | None) -> Finding:
        """Return what to say of a file without a mistake."""
        if self.told:
            return well(self.check, self.told, path or "")
        what, repair = _WITHOUT[self.check]
        if self.named:
            error = SettingsError(f"is empty: {what}", file=str(path), repair="write what the comments in it show")
        else:
            error = SettingsError(f"no file is named: {what}", key=f"files.{self.check}", repair=repair)
        return wrong(self.check, error, Grade.WARNING)


def _parts(written: Written) -> Iterator[_Part]:
    yield _part("sources", written.sources, lambda read: _counted(len(read), "source"))
    yield _part("rules", written.rules, lambda read: _counted(len(read), "rule") or "no rules, only the scorecard")
    yield _part("recipients", written.recipients, _told_of_recipients)
    yield _part("gazetteer", written.gazetteer, lambda read: _counted(len(read.places), "place"))
    yield _part("taxonomy", written.taxonomy, lambda read: _counted(len(read.main.topics), "topic") or "no topics")
    yield _part("clocks", written.clocks, lambda read: _counted(len(read.rules), "clock") or "no clocks")
    if written.calendar is not None:
        # Said openly, because a calendar that is read and used by nothing looks like one that works.
        yield _part("calendar", written.calendar, lambda read: f"{len(read)} planned; not used by this version yet")


def _part(check: str, outcome: Outcome[T] | None, told: Callable[[T], str]) -> _Part:
    if outcome is None:
        return _Part(check, named=False)
    return _Part(check, True, outcome.errors, "" if outcome.value is None else told(outcome.value))


def _told_of_recipients(read: Recipients) -> str:
    told = (_counted(len(read.offices), "office"), _counted(len(read.people), "reader"))
    return ", ".join(filter(None, told))


def _counted(number: int, noun: str) -> str:
    """Say how many, nothing where there are none.

    >>> _counted(1, "office"), _counted(2, "office"), _counted(0, "office")
    ('1 office', '2 offices', '')
    """
    return f"{number} {noun}{'s' * (number != 1)}" if number else ""
