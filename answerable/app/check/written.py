"""The files that people edit, each read by itself, so that a mistake in one hides nothing in another."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from alerts import clocks, recipients, rules
from alerts.clocks import Clocks
from alerts.recipients import Recipients
from alerts.rules import Rule
from answerable.app import files
from answerable.app.check.every import Cutter, Outcome, cut_row, mistakes
from answerable.app.check.planned import Planned, read_calendar
from answerable.app.check.tree import Cuts
from answerable.errors import SettingsError
from answerable.settings import Settings
from crawlers.sources import Source, Zone, read_sources
from nlp.gazetteer import Gazetteer
from nlp.taxonomy import SHIPPED, Taxonomies

__all__ = ["Written", "paths", "read"]

T = TypeVar("T")
_KEYS = ("sources", "rules", "recipients", "gazetteer", "taxonomy", "clocks", "calendar")


class Written(Struct, frozen=True, kw_only=True):
    """What could be read of each file; None where no file is named and nothing is shipped for it."""

    paths: dict[str, Path]
    gazetteer: Outcome[Gazetteer] | None
    taxonomy: Outcome[Taxonomies]
    recipients: Outcome[Recipients] | None
    rules: Outcome[tuple[Rule, ...]]
    sources: Outcome[tuple[Source, ...]] | None
    clocks: Outcome[Clocks]
    calendar: Outcome[tuple[Planned, ...]] | None

    @property
    def areas(self) -> Collection[str] | None:
        """The ids of places; None where they are not known, so that nothing can be held against them."""
        return None if self.gazetteer is None else places_of(self.gazetteer)

    @property
    def topics(self) -> Collection[str] | None:
        """The ids of topics, of the desk's taxonomy and the other language's; None where not known."""
        return topics_of(self.taxonomy)

    @property
    def offices(self) -> Collection[str] | None:
        """The ids of offices; None where not known."""
        return None if self.recipients is None else offices_of(self.recipients)


def paths(settings: Settings) -> dict[str, Path]:
    """Return where the files lie that are named and not shipped, by their key under [files]."""
    shipped = {"taxonomy": settings.files.taxonomy in SHIPPED, "clocks": settings.files.clocks in clocks.SHIPPED}
    found = {key: files.edited(settings, key) for key in _KEYS if not shipped.get(key)}
    return {key: path for key, path in found.items() if path is not None}


def read(settings: Settings) -> Written:
    """Read every file with the reader that the desk itself reads it with."""
    named = paths(settings)
    taxonomy = _taxonomy(settings, named.get("taxonomy"))
    people = _listed(named.get("recipients"), recipients.load)
    topics, offices = topics_of(taxonomy), None if people is None else offices_of(people)
    return Written(
        paths=named,
        gazetteer=_listed(named.get("gazetteer"), Gazetteer.load, lambda path: cut_row),
        taxonomy=taxonomy,
        recipients=people,
        rules=_listed(named.get("rules"), lambda path: rules.load(path, topics, offices)) or Outcome(rules.load()),
        sources=_listed(named.get("sources"), read_sources),
        clocks=_clocks(settings, named.get("clocks")),
        calendar=_listed(named.get("calendar"), read_calendar),
    )


def places_of(read: Outcome[Gazetteer]) -> Collection[str] | None:
    """Return the ids of places that a gazetteer has, also of those with a mistake."""
    return None if read.value is None or not read.value.places else {*read.value.places, *read.left_out}


def topics_of(read: Outcome[Taxonomies]) -> Collection[str] | None:
    """Return the ids of topics that a taxonomy has, also of those with a mistake, and the other language's."""
    if read.value is None:
        return None
    other = read.value.other.topics if read.value.other else ()
    return {*read.value.main.topics, *other, *read.left_out}


def offices_of(read: Outcome[Recipients]) -> Collection[str] | None:
    """Return the ids of offices, also of those with a mistake; None where there are none at all."""
    if read.value is None:
        return None
    return {*(office.id for office in read.value.offices), *read.left_out} or None


def _listed(
    path: Path | None, read: Callable[[Path], T], cutter: Callable[[Path], Cutter] = Cuts
) -> Outcome[T] | None:
    return None if path is None else mistakes(path, read, cutter(path))


def _taxonomy(settings: Settings, path: Path | None) -> Outcome[Taxonomies]:
    name = settings.files.taxonomy
    if path is not None and (path.is_file() or path.suffix):
        return mistakes(path, lambda file: Taxonomies.load(str(file)), Cuts(path))
    try:
        return Outcome(Taxonomies.load(name))
    except SettingsError as error:
        where, key = settings.origin.get("files.taxonomy", ""), "files.taxonomy"
        told = SettingsError(f"there is no taxonomy {name!r}", file=where, key=key, repair=error.repair)
        return Outcome(None, (told,))


def _clocks(settings: Settings, path: Path | None) -> Outcome[Clocks]:
    try:
        zone = str(Zone(settings.general.timezone))
    except ValueError:
        zone = "UTC"  # the settings' own check says what is wrong with the zone
    try:
        return Outcome(clocks.load(str(path or settings.files.clocks), zone))
    except SettingsError as error:
        return Outcome(None, (error,))
