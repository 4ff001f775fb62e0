"""What files say of one another: places, topics and offices that are mentioned have to be there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from alerts.recipients import Recipients
from answerable.app.check.finding import Finding, Grade, wrong
from answerable.app.check.hosts import LookUp, judge
from answerable.app.check.tree import Tree
from answerable.app.check.written import Written
from answerable.errors import SettingsError
from answerable.settings import Settings
from answerable.strict import nearest
from crawlers.addresses import port_of

__all__ = ["references"]

_FEW = 40  # more valid ids than that are no help on one line


def references(settings: Settings, written: Written, look_up: LookUp) -> Iterator[Finding]:
    """Yield what is wrong or doubtful between the files."""
    yield from _of_sources(settings, written, look_up)
    yield from _of_recipients(written)
    yield from _of_taxonomy(written)
    yield from _of_calendar(written)
    yield from _of_gazetteer(settings, written)


class _Mentions:
    """One file whose mentions are looked up; `section` "" where its entries stand at the top."""

    def __init__(self, written: Written, check: str, grade: Grade = Grade.WRONG) -> None:
        self.check, self._path, self._grade = check, written.paths[check], grade
        self._tree = Tree.of(self._path)

    def finding(
        self, section: str, name: str, key: str, what: str, repair: str, grade: Grade | None = None
    ) -> Finding:
        """Return a finding about a key of the entry with an id."""
        whole = f"{self._tree.entry(section, name)}.{key}".lstrip(".")
        line = self._tree.line(whole)
        error = SettingsError(what, file=str(self._path), line=line, key=whole, repair=repair)
        return wrong(self.check, error, grade or self._grade)

    def unknown(
        self, section: str, name: str, key: str, kind: str, ids: Collection[str], known: Collection[str] | None
    ) -> Iterator[Finding]:
        """Yield a finding for each id that is not known."""
        for one in ids:
            if known is not None and one not in known:
                repair = nearest(one, known)
                if len(known) > _FEW and not repair.startswith("did you mean"):
                    repair = f"correct it, or add the {kind} there"
                yield self.finding(section, name, key, f"there is no {kind} {one!r}", repair)


def _of_sources(settings: Settings, written: Written, look_up: LookUp) -> Iterator[Finding]:
    if written.sources is None or written.sources.value is None:
        return
    file = _Mentions(written, "sources")
    for source in written.sources.value:
        areas = [source.area] if source.area else []
        yield from file.unknown("", source.id, "area", "place", areas, written.areas)
    pairs = {(urlsplit(source.url).hostname or "", port_of(urlsplit(source.url))) for source in written.sources.value}
    verdicts = judge(pairs, settings.crawl.private_hosts, look_up)
    for source in written.sources.value:
        parts = urlsplit(source.url)
        verdict = verdicts.get((parts.hostname or "", port_of(parts)))
        if verdict is not None:
            yield file.finding("", source.id, "url", verdict.what, verdict.repair, verdict.grade)


def _of_recipients(written: Written) -> Iterator[Finding]:
    if written.recipients is None or written.recipients.value is None:
        return
    file, people = _Mentions(written, "recipients"), written.recipients.value
    for office in people.offices:
        yield from file.unknown("offices", office.id, "areas", "place", office.areas, written.areas)
        yield from file.unknown("offices", office.id, "topics", "topic", office.topics, written.topics)
    for person in people.people:
        if person.mail.endswith(".example"):
            what = f"{person.mail} is an invented address, nobody reads it"
            yield file.finding("people", person.id, "mail", what, "write a real one", Grade.WARNING)
    yield from _unanswered(people, written)


def _unanswered(people: Recipients, written: Written) -> Iterator[Finding]:
    """Beware of topics that are nobody's job; an office without topics takes what no other takes."""
    read = written.taxonomy.value
    if read is None or not people.offices or any(not office.topics for office in people.offices):
        return
    ids, parts = (
        {office.id for office in people.offices},
        [part for office in people.offices for part in office.topics],
    )
    left = [
        topic for topic in read.main.topics
        if read.office_of(topic) not in ids
        and not any(topic == part or topic.startswith(f"{part}.") for part in parts)
    ]  # fmt: skip
    if left:
        shown = ", ".join(left[:5]) + (", …" if len(left) > 5 else "")
        what = f"no office answers for {len(left)} topic{'s' * (len(left) > 1)} ({shown})"
        repair = "add one without topics, it takes the rest"
        error = SettingsError(what, file=str(written.paths["recipients"]), key="offices", repair=repair)
        yield wrong("recipients", error, Grade.WARNING)


def _of_taxonomy(written: Written) -> Iterator[Finding]:
    read = written.taxonomy.value
    if read is None or "taxonomy" not in written.paths:
        return
    file = _Mentions(written, "taxonomy")
    for category in read.main.categories.values():
        offices = [category.office] if category.office else []
        yield from file.unknown("", category.id, "office", "office", offices, written.offices)


def _of_calendar(written: Written) -> Iterator[Finding]:
    if written.calendar is None or written.calendar.value is None:
        return
    file = _Mentions(written, "calendar")
    for planned in written.calendar.value:
        yield from file.unknown("", planned.id, "area", "place", [planned.area], written.areas)
        yield from file.unknown("", planned.id, "topic", "topic", [planned.topic], written.topics)


def _of_gazetteer(settings: Settings, written: Written) -> Iterator[Finding]:
    read = written.gazetteer.value if written.gazetteer else None
    levels = {place.level for place in read.places.values()} if read else set()
    level = settings.general.area_level
    if levels and level not in levels:
        what, where = f"no place of the gazetteer has level {level!r}", settings.origin.get("general.area_level", "")
        yield wrong(
            "settings", SettingsError(what, file=where, key="general.area_level", repair=nearest(level, levels))
        )
