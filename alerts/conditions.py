"""The conditions of a rule: a figure of an incident, at least so much; `read` turns text into one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from alerts.levels import danger_authors, evidence
from answerable.clock import HOUR
from answerable.incident import Evidence, IncidentUpdate

__all__ = ["Condition", "Figure", "View", "holds", "read"]

_TEXT = re.compile(r"(>=|>) *(.+)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TIMES = re.compile(r"(\d+(?:\.\d+)?) *x")
_DOUBLING = re.compile(r"(?:(\d+(?:\.\d+)?) *)?doublings? *(?:in *)?(\d+(?:\.\d+)?) *h")
_AGE = re.compile(r"(\d+(?:\.\d+)?) *(h|d)")


class Figure(StrEnum):
    """What a rule may weigh: how many, how fast, how wide, how long unanswered; never who, nor in what tone.

    `authors` are the distinct ones of the strongest day; `author_days` add the days up, for slow matters;
    `effective` are those of the last day, weighed against copies, repetition and marching in step.
    """

    HEAT = "heat"
    GROWTH = "growth"
    AUTHORS = "authors"
    AUTHOR_DAYS = "author_days"
    EFFECTIVE = "effective"
    POSTS = "posts"
    BREADTH = "breadth"
    SOURCES = "sources"
    DISTRICTS = "districts"
    REGIONS = "regions"
    DANGER = "danger"
    SERVICE = "service"
    UNANSWERED = "unanswered"


class Condition(Struct, frozen=True):
    """`figure` is at least `least` (or more than it, where `strict`); growth counts doublings in `hours`."""

    figure: Figure
    least: float
    strict: bool = False
    hours: float = 0.0


def read(figure: Figure, text: str) -> Condition:
    """Read a condition; raise ValueError that shows the right way to write it.

    >>> read(Figure.GROWTH, ">= doubling 6h")
    Condition(figure=<Figure.GROWTH: 'growth'>, least=1.0, strict=False, hours=6.0)
    >>> read(Figure.HEAT, "> 3x").least
    3.0
    """
    found = _TEXT.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"{text!r} is no condition; {_example(figure)} (only >= and >: more must never lower a level)"
        )
    strict, amount = found[1] == ">", found[2].strip()
    match figure:
        case Figure.GROWTH if doubling := _DOUBLING.fullmatch(amount):
            return Condition(figure, float(doubling[1] or 1), strict, float(doubling[2]))
        case Figure.HEAT if times := _TIMES.fullmatch(amount):
            return Condition(figure, float(times[1]), strict)
        case Figure.UNANSWERED if age := _AGE.fullmatch(amount):
            return Condition(figure, float(age[1]) * (24 if age[2] == "d" else 1), strict)
        case Figure.GROWTH | Figure.HEAT | Figure.UNANSWERED:
            pass
        case _ if number := _NUMBER.fullmatch(amount):
            return Condition(figure, float(number[0]), strict)
    raise ValueError(f"{text!r} does not fit {figure.value}; {_example(figure)}")


class View(Struct, frozen=True):
    """What a condition is held against: an incident at an instant, and what only the desk knows of it."""

    update: IncidentUpdate
    at: int
    waiting_since: int | None = None
    areas: int = 1


def holds(condition: Condition, view: View) -> Evidence | None:
    """Return the figure beside its threshold where a condition is met, else None."""
    value = round(_value(condition, view), 3)
    met = value > condition.least if condition.strict else value >= condition.least
    return evidence(f"rule.{condition.figure.value}", value, condition.least) if met else None


def _value(condition: Condition, view: View) -> float:
    if condition.figure is Figure.GROWTH:
        told = view.update.components
        return _doublings(told.growth, told.doubling_h, condition.hours)
    return _VALUES[condition.figure](view)


_VALUES: Mapping[Figure, Callable[[View], float]] = {
    Figure.HEAT: lambda view: view.update.components.heat,
    Figure.AUTHORS: lambda view: view.update.authors.least,
    Figure.AUTHOR_DAYS: lambda view: view.update.token_days,
    Figure.EFFECTIVE: lambda view: view.update.components.effective,
    Figure.POSTS: lambda view: view.update.posts - view.update.duplicates,
    Figure.BREADTH: lambda view: view.update.components.breadth,
    Figure.SOURCES: lambda view: len(view.update.sources),
    Figure.DISTRICTS: lambda view: len(view.update.districts),
    Figure.REGIONS: lambda view: view.areas,
    Figure.DANGER: lambda view: danger_authors(view.update),
    Figure.SERVICE: lambda view: max((authors for _, authors in view.update.components.service), default=0),
    Figure.UNANSWERED: lambda view: (
        0.0 if view.waiting_since is None else max(0, view.at - view.waiting_since) / HOUR
    ),
}


def _doublings(in_six_hours: float, doubling_h: float | None, hours: float) -> float:
    """Return doublings in `hours` at the pace seen.

    >>> _doublings(0.0, 3.0, 6.0), _doublings(2.0, None, 3.0)
    (2.0, 1.0)
    """
    return max(in_six_hours / 6, 1 / doubling_h if doubling_h else 0.0) * hours


def _example(figure: Figure) -> str:
    match figure:
        case Figure.GROWTH:
            return "write '>= doubling 6h' or '>= 2 doublings 6h'"
        case Figure.HEAT:
            return "write '>= 3x'"
        case Figure.UNANSWERED:
            return "write '>= 30d' or '>= 48h'"
        case _:
            return "write '>= 5'"
