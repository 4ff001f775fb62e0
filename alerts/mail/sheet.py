"""One picture of an incident, finished for one reader: all that text and HTML then only lay out."""

from __future__ import annotations

from msgspec import Struct

from alerts.names import Locale
from answerable.incident import Level

__all__ = ["Ask", "Button", "Curve", "DigestSheet", "Fact", "Figure", "Group", "Link", "Plot", "Row", "Sheet"]


class Figure(Struct, frozen=True):
    """A large figure, what it counts, and what is usual."""

    value: str
    label: str
    note: str = ""


class Ask(Struct, frozen=True):
    """One thing that people ask for, how many do, and whether it was answered."""

    act: str
    residents: str
    state: str
    answered: bool


class Fact(Struct, frozen=True):
    """One reason: a figure, its usual value or its threshold, the points it gave; "" where there is none."""

    name: str
    value: str
    usual: str
    points: str


class Link(Struct, frozen=True):
    """Words that lead to a page of the console, or to an office's own page."""

    text: str
    url: str


class Button(Struct, frozen=True):
    """One step that the reader may take; `first` marks the likeliest."""

    text: str
    url: str
    first: bool


class Plot(Struct, frozen=True):
    """What the curve draws, in posts a bin: the past, the usual, and (bins ahead, low, middle, high).

    `answered` is the place of the newest answer, in bins from the left edge, or None.
    """

    counts: tuple[int, ...]
    usual: float
    ahead: tuple[tuple[float, float, float, float], ...]
    answered: float | None


class Curve(Struct, frozen=True):
    """The curve with its words: alternative text, axis labels, and the same numbers in cells."""

    plot: Plot
    alt: str
    start: str
    now: str
    later: str
    answered: str
    unit: str
    cells: tuple[tuple[str, int], ...]


class Sheet(Struct, frozen=True, kw_only=True):
    """The eleven parts of an alert mail in the reader's language, in the order in which they stand.

    1 level, changed, headline · 2 lede, lead · 3 figures, outlook · 4 curve · 5 asks · 6 words · 7 known, unknown ·
    8 reasons, evidence · 9 job, checklist · 10 buttons · 11 because, links.
    """

    locale: Locale
    level: Level
    badge: str
    changed: str
    headline: str
    lede: str
    lead: str
    figures: tuple[Figure, ...]
    outlook: str
    curve: Curve | None
    asks: tuple[Ask, ...]
    asks_note: str
    words: tuple[str, ...]
    words_note: str
    known: tuple[str, ...]
    answer_link: Link | None
    unknown: tuple[str, ...]
    reasons: tuple[str, ...]
    evidence: tuple[Fact, ...]
    job: tuple[str, ...]
    checklist: tuple[str, ...]
    buttons: tuple[Button, ...]
    reply_note: str
    because: str
    links: tuple[Link, ...]


class Row(Struct, frozen=True):
    """One incident in a digest: what is new, its figures, what is asked, how its clock stands, why it was held.

    `elsewhere` leads to the parts of the same matter in other areas.
    """

    headline: str
    changed: str
    figures: str
    asks: str
    clock: str
    late: bool
    held: str
    url: str
    elsewhere: tuple[Link, ...] = ()
    elsewhere_more: str = ""


class Group(Struct, frozen=True):
    """The incidents of one level in a digest; `more` tells of those left out."""

    level: Level
    badge: str
    rows: tuple[Row, ...]
    more: str


class DigestSheet(Struct, frozen=True, kw_only=True):
    """A digest in the reader's language, in the order in which its parts stand."""

    locale: Locale
    kicker: str
    headline: str
    lede: str
    buttons: tuple[Button, ...]
    groups: tuple[Group, ...]
    slow: tuple[Row, ...]
    slow_more: str
    ages: tuple[tuple[str, str], ...]
    silent: str
    because: str
    links: tuple[Link, ...]
