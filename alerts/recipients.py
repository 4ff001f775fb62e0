"""Who answers and who reads: offices and people, as recipients.yaml says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import yaml
from msgspec import Struct, field

from alerts.hours import read_quiet, read_time
from answerable.errors import SettingsError
from answerable.strict import nearest, read_yaml

__all__ = ["Office", "Person", "Recipients", "load"]

# What SMTP delivers without an argument (RFC 5321, 4.1.2, without quoted local parts); no control characters.
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_Steps = tuple[str | int, ...]
_Finding = tuple[_Steps, str, str]


class Office(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An office: the topics and areas it answers for, who supervises it, who is on duty (addresses)."""

    id: str
    name: dict[str, str]
    topics: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    supervised_by: str | None = None
    on_duty: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


class Person(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reader of mails, for the offices named; `quiet` and `digest` override the desk's."""

    id: str
    mail: str
    offices: list[str] = field(default_factory=list)
    locale: Literal["zh", "en"] = "zh"
    quiet: str | None = None
    digest: list[str] | None = None


class Recipients(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of recipients.yaml."""

    offices: list[Office]
    people: list[Person]


def load(path: Path) -> Recipients:
    """Read recipients.yaml; raise SettingsError with file, line, key and repair at the first thing that is wrong."""
    read = read_yaml(path, Recipients)
    for steps, what, repair in _findings(read):
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
        raise SettingsError(what, file=str(path), line=_line(node, steps), key=key, repair=repair)
    return read


def _findings(read: Recipients) -> Iterator[_Finding]:
    offices = [office.id for office in read.offices]
    yield from _ids("offices", offices)
    yield from _ids("people", [person.id for person in read.people])
    for index, office in enumerate(read.offices):
        yield from _office(("offices", index), office, offices)
    for index, person in enumerate(read.people):
        yield from _person(("people", index), person, offices)


def _ids(section: str, ids: Sequence[str]) -> Iterator[_Finding]:
    for index, name in enumerate(ids):
        if not _ID.fullmatch(name):
            yield (section, index, "id"), f"{name!r} is no id", "write letters, digits, dots and hyphens"
        if name in ids[:index]:
            yield (section, index, "id"), f"{name!r} is used twice", "give each its own id"


def _office(at: _Steps, office: Office, offices: Sequence[str]) -> Iterator[_Finding]:
    if not any(name.strip() for name in office.name.values()):
        yield (*at, "name"), "is empty", "write {zh: …, en: …}"
    above = office.supervised_by
    if above is not None and above not in offices:
        yield (*at, "supervised_by"), f"there is no office {above!r}", nearest(above, offices)
    if above == office.id:
        yield (*at, "supervised_by"), "an office cannot supervise itself", "name another office, or leave it out"
    for number, mail in enumerate(office.on_duty):
        yield from _mail((*at, "on_duty", number), mail)


def _person(at: _Steps, person: Person, offices: Sequence[str]) -> Iterator[_Finding]:
    yield from _mail((*at, "mail"), person.mail)
    for number, office in enumerate(person.offices):
        if office not in offices:
            yield (*at, "offices", number), f"there is no office {office!r}", nearest(office, offices)
    if person.quiet is not None:
        yield from _readable((*at, "quiet"), person.quiet, read_quiet)
    for number, time in enumerate(person.digest or ()):
        yield from _readable((*at, "digest", number), time, read_time)


def _mail(at: _Steps, mail: str) -> Iterator[_Finding]:
    if not _MAIL.fullmatch(mail) or ".." in mail or mail.startswith(".") or ".@" in mail:
        yield at, f"{mail!r} is no mail address", "write name@example.org"


def _readable(at: _Steps, text: str, read: Callable[[str], object]) -> Iterator[_Finding]:
    try:
        read(text)
    except ValueError as error:
        what, _, repair = str(error).partition("; ")
        yield at, what, repair


def _line(node: yaml.Node | None, steps: _Steps) -> int | None:
    """Find the line of a path such as ("people", 0, "mail")."""
    line = None
    for step in steps:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        line = node.start_mark.line + 1 if node is not None else line
    return line
