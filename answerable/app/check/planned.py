"""calendar.yaml: decisions that are planned, so that questions about them can be heard before they are taken."""

from __future__ import annotations

import datetime
from pathlib import Path

from msgspec import Struct

from answerable.strict import read_yaml

__all__ = ["Planned", "read_calendar"]


class Planned(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A decision: a gazetteer's area, a topic of the taxonomy, the day on which it is due."""

    id: str
    area: str
    topic: str
    date: datetime.date
    title: str = ""


def read_calendar(path: Path) -> tuple[Planned, ...]:
    """Read calendar.yaml; raise SettingsError with file, line, key and repair."""
    return tuple(read_yaml(path, list[Planned]))
