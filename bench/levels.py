"""Criticism and gathering are no alarm: the level of each of many pairs of tellings that differ in nothing else."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from itertools import zip_longest
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from alerts.levels import score, unanswered_since
from answerable.app import wiring
from answerable.app.demo.city import FOLDER
from answerable.clock import DAY
from answerable.incident import IncidentUpdate, Level
from answerable.post import AnalysedPost, Tick
from answerable.settings import load
from bench.figure import Figure
from bench.pairs import MATTERS, START, Matter, told
from incidents.area import AreaFold, Output
from nlp.analyser import Analyser

__all__ = ["SEEDS", "TELLINGS", "Pair", "equal", "pairs", "rows"]

SEEDS = (1, 2, 3)
TELLINGS = {"angry": "calm and angry", "gathers": "without and with a call to gather"}
_SIZES = (6, 14)  # residents
_DAYS = (1, 4, 16)
_AREA = "lt"
_GOAL = 0.98


class Weighed(Struct, frozen=True):
    """A level and the scores of the six marks at one instant."""

    level: Level
    marks: tuple[int, ...]


class Pair(Struct, frozen=True):
    """One matter in two tellings, and what each comes to after 1, 4 and 16 days; () where there is no incident."""

    plain: tuple[Weighed, ...]
    other: tuple[Weighed, ...]


def pairs(telling: str, seed: int) -> list[Pair]:
    """Tell every matter by few and by many, plainly and in another way, through the analyser and a fold."""
    return [
        Pair(_weighed(matter, size, seed), _weighed(matter, size, seed, **{telling: True}))
        for matter in MATTERS
        for size in _SIZES
    ]


def equal(found: Iterable[Pair]) -> tuple[float, float]:
    """Return the share of instants of equal level, and of six equal marks; what is missing on one side differs."""
    levels, marks = list[bool](), list[bool]()
    for pair in found:
        for one, other in zip_longest(pair.plain, pair.other):
            both = one is not None and other is not None
            levels.append(both and one.level is other.level)
            marks.append(both and one.marks == other.marks)
    return sum(levels) / len(levels), sum(marks) / len(marks)


def rows() -> list[Figure]:
    """Return the shares of equal levels and marks, the median of three seeds."""
    figures = []
    for telling, words in TELLINGS.items():
        shares = [equal(pairs(telling, seed)) for seed in SEEDS]
        for name, values in zip(("equal levels", "equal marks"), zip(*shares, strict=True), strict=True):
            figures.append(
                Figure(
                    table="levels", data=f"{2 * len(MATTERS)} pairs, zh and en", name=f"{name}, {words}",
                    value=median(values), goal=_GOAL, spread=(min(values), max(values)),
                )
            )  # fmt: skip
    return figures


def _weighed(
    matter: Matter, people: int, seed: int, *, angry: bool = False, gathers: bool = False
) -> tuple[Weighed, ...]:
    """Weigh the largest incident that comes of a telling."""
    posts = told(matter, people, seed, angry=angry, gathers=gathers)
    fold, newest, weighed = AreaFold(_AREA), dict[str, IncidentUpdate](), list[Weighed]()
    for post, analysis in zip(posts, _analyser().analyse(posts), strict=True):
        _keep(newest, fold.fold(AnalysedPost(post, replace(analysis, area=_AREA), _AREA)))
    for day in _DAYS:
        at = START + day * DAY
        _keep(newest, fold.fold(Tick(at)))
        most = max(newest.values(), key=lambda update: (update.posts, update.incident), default=None)
        if most is not None:
            level = score(most, at, unanswered_since(most, None)).level
            weighed.append(Weighed(level, tuple(mark.score for mark in most.indicators)))
    return tuple(weighed)


def _keep(newest: dict[str, IncidentUpdate], messages: Iterable[Output]) -> None:
    newest.update({message.incident: message for message in messages if isinstance(message, IncidentUpdate)})


@functools.cache
def _analyser() -> Analyser:
    """Return the shipped analyser with the gazetteer of the invented city."""
    return wiring.analyser(load(environ={"ANSWERABLE_FILES__GAZETTEER": str(FOLDER / "gazetteer.csv")}))
