from __future__ import annotations

import functools

import pytest
from msgspec.structs import replace

from alerts.levels import score, unanswered_since
from answerable.app import wiring
from answerable.app.demo.city import FOLDER
from answerable.incident import IncidentUpdate, Level
from answerable.post import AnalysedPost, Tick
from answerable.settings import load
from incidents.area import AreaFold
from nlp.analyser import Analyser
from tests.incidents.pairs import MATTERS, START, Matter, told
from tests.incidents.town import AREA

DAYS = (1, 4, 16)
SIZES = (6, 14)
Weighed = tuple[Level, tuple[int, ...]]


@pytest.mark.parametrize("telling", ["angry", "gathers"])
def test_anger_and_a_call_to_gather_change_no_level_and_no_mark(telling: str) -> None:
    pairs = [
        (_weighed(matter, size), _weighed(matter, size, **{telling: True})) for matter in MATTERS for size in SIZES
    ]
    assert len(pairs) >= 50
    assert sum(bool(calm) for calm, _ in pairs) >= 0.9 * len(pairs)
    instants = [(one, other) for calm, loud in pairs for one, other in zip(calm, loud, strict=False)]
    assert sum(one[0] is other[0] for one, other in instants) >= 0.98 * len(instants)
    assert sum(one[1] == other[1] for one, other in instants) >= 0.98 * len(instants)


def _weighed(matter: Matter, people: int, *, angry: bool = False, gathers: bool = False) -> list[Weighed]:
    """Return level and marks of the largest incident a day, four and sixteen days after the matter began."""
    posts = told(matter, people, people, angry=angry, gathers=gathers)
    analyses = _analyser().analyse(posts)
    fold, newest = AreaFold(AREA), dict[str, IncidentUpdate]()
    weighed = []
    for post, analysis in zip(posts, analyses, strict=True):
        _keep(newest, fold.fold(AnalysedPost(post, replace(analysis, area=AREA), AREA)))
    for day in DAYS:
        at = START + day * 86400
        _keep(newest, fold.fold(Tick(at)))
        if newest:
            most = max(newest.values(), key=lambda update: (update.posts, update.incident))
            level = score(most, at, unanswered_since(most, None)).level
            weighed.append((level, tuple(mark.score for mark in most.indicators)))
    return weighed


def _keep(newest: dict[str, IncidentUpdate], messages: object) -> None:
    for message in messages if isinstance(messages, list) else []:
        if isinstance(message, IncidentUpdate):
            newest[message.incident] = message


@functools.cache
def _analyser() -> Analyser:
    return wiring.analyser(load(environ={"ANSWERABLE_FILES__GAZETTEER": str(FOLDER / "gazetteer.csv")}))
