"""What a board is made of, as values: texts in both languages, views of the facts, clauses, groups, measures."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

__all__ = [
    "FLOOR",
    "LANGUAGES",
    "Board",
    "Clause",
    "Dates",
    "Group",
    "Kind",
    "Lang",
    "Measure",
    "Op",
    "Panel",
    "Slot",
    "Terms",
    "Text",
    "View",
]

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = ("en", "zh")
FLOOR = "8.19"


class Text(Struct, frozen=True):
    """Words in both languages of the product."""

    en: str
    zh: str

    def of(self, lang: Lang) -> str:
        """Return the words in one language.

        >>> Text("posts", "帖文").of("zh")
        '帖文'
        """
        return self.en if lang == "en" else self.zh


class View(Struct, frozen=True):
    """A data view: one family of facts behind its alias, and the field that the time picker bounds."""

    family: str
    time: str
    title: Text


class Clause(Struct, frozen=True):
    """What documents must be: `field` holds one of `values`, any value where there are none, or is at least `least`.

    No document holds false or 0 where that is the default, so one asks for what is not true.
    """

    field: str
    values: tuple[str | Literal[True], ...] = ()
    negated: bool = False
    least: int | None = None


class Terms(Struct, frozen=True):
    """Group by the values of a field, the largest `size` of them."""

    field: str
    label: Text
    size: int = 10


class Dates(Struct, frozen=True):
    """Group by hour ("1h") or day ("1d") of a field of time."""

    field: str
    label: Text
    every: Literal["1h", "1d"] = "1d"


Group = Terms | Dates


class Op(StrEnum):
    """What is measured of a group; all but the count ask for a field."""

    COUNT = "count"
    SUM = "sum"
    MAX = "max"
    MEDIAN = "median"
    DISTINCT = "unique_count"


class Measure(Struct, frozen=True):
    """One figure of a group, of those documents that fulfil `where`."""

    op: Op
    label: Text
    field: str | None = None
    where: tuple[Clause, ...] = ()


class Kind(StrEnum):
    """How a panel is drawn."""

    NUMBER = "lnsMetric"
    TABLE = "lnsDatatable"
    BARS = "bar_stacked"
    LINES = "line"


class Slot(Struct, frozen=True):
    """Where a panel stands on the grid of 48 columns."""

    x: int
    y: int
    w: int
    h: int


class Panel(Struct, frozen=True, kw_only=True):
    """One panel. Bars and lines have one group along the axis, the last, and before it perhaps one that splits."""

    id: str
    title: Text
    kind: Kind
    view: View
    slot: Slot
    measures: tuple[Measure, ...]
    groups: tuple[Group, ...] = ()
    where: tuple[Clause, ...] = ()


class Board(Struct, frozen=True, kw_only=True):
    """One board; `controls` are fields that every panel's view has, `since` is what the time picker begins with."""

    id: str
    title: Text
    about: Text
    panels: tuple[Panel, ...]
    controls: tuple[Terms, ...] = ()
    since: str = "now-30d"
