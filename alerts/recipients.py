"""Who answers and who reads: offices and people, as recipients.yaml says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from answerable.strict import read_yaml

__all__ = ["Office", "Person", "Recipients", "load"]


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
    """Read recipients.yaml; raise SettingsError with file, line and key."""
    return read_yaml(path, Recipients)
