"""What boards show is what the console's pages show: on the invented city, and on real letters."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from answerable.clock import DAY
from answerable.incident import IndicatorName
from bench.load import DATA, labels, load
from console.catalogue import catalogue
from console.speech import Speech
from deploy.kibana.boards import BOARDS
from deploy.kibana.panel import Terms
from deploy.kibana.query import Rows
from index.elastic_install import install
from tests import engines
from tests.contracts.elastic import remove, settings
from tests.deploy.kibana.oracle import counted, documents
from tests.deploy.kibana.pages import Counted, Matter, Pages
from tests.deploy.kibana.town import Town, told
from tests.e2e import corpus

PANELS = {f"{board.id}/{panel.id}": panel for board in BOARDS for panel in board.panels}
_BOARDS = 2


class Desk:
    """A town's boards and its console side by side."""

    def __init__(self, town: Town) -> None:
        self.town, self.pages = town, Pages(town)
        zone, now = town.box.settings.general.timezone, town.box.now()
        self.say = Speech(catalogue("en"), "en", ZoneInfo(zone), town.box.kept.names, now, self.pages.least)

    def rows(self, name: str, since: int = 0, until: int = 4_000_000_000) -> Rows:
        return self.town.asked(PANELS[name], since, until)

    def figure(self, name: str, since: int = 0, until: int = 4_000_000_000) -> float:
        ((value,),) = self.rows(name, since, until).values()
        return value or 0

    @property
    def open(self) -> list[Matter]:
        return [one for one in self.pages.matters.values() if one.open]


Pair = tuple[object, object]  # what the board shows, what the console shows


def held(desk: Desk) -> Pair:
    return {key: value for key, (value,) in desk.rows("situation/held").items()}, desk.pages.held


def waiting(desk: Desk) -> Pair:
    return desk.figure("situation/unanswered"), sum(one.unanswered > 0 for one in desk.open)


def table(desk: Desk) -> Pair:
    """Compare every column of the open incidents; their area by its name, as the console gives it."""
    board = {
        id: (desk.town.box.kept.names.place(str(area), "en"), posts, least, desk.say.times(heat or 0), waits, last)
        for (id, area), (posts, least, heat, waits, last) in desk.rows("situation/incidents").items()
    }
    console = {
        one.incident: (one.area, one.posts, one.residents, one.heat or "0 ×", one.unanswered, one.last_at)
        for one in desk.open
    }
    return board, console


def growing(desk: Desk) -> Pair:
    board = {
        id: (desk.say.times(heat or 0), posts, copies, peak)
        for (id,), (heat, _, _, _, posts, copies, peak) in desk.rows("spread/growing").items()
    }
    return board, {one.incident: (one.heat or "0 ×", one.posts, one.copies, one.peak) for one in desk.open}


def marks(desk: Desk) -> Pair:
    names = [mark.value for mark in IndicatorName]
    board = {id: dict(zip(names, scores, strict=True)) for (id,), scores in desk.rows("spread/marks").items()}
    return board, {one.incident: one.marks for one in desk.open}


def opened(desk: Desk) -> Pair:
    board = {day: count for (day,), (count,) in desk.rows("spread/opened").items()}
    return board, Counter(one.opened_at // DAY * DAY for one in desk.pages.matters.values())


def by_topic(desk: Desk) -> Pair:
    """Compare by the topics' names, which two topics may share."""
    board: Counter[str] = Counter()
    for (topic,), (count, _) in desk.rows("topics/incidents").items():
        board[desk.say.topic(str(topic))] += int(count or 0)
    return board, Counter(word for one in desk.open for word in one.more if word in board)


def by_area(desk: Desk) -> Pair:
    board: Counter[str] = Counter()
    waits: Counter[str] = Counter()
    for (area,), (count, unanswered) in desk.rows("places/incidents").items():
        name = desk.town.box.kept.names.place(str(area), "en")
        board[name] += int(count or 0)
        waits[name] += int(unanswered or 0)
    console = Counter(one.area for one in desk.open)
    return (board, waits), (
        console,
        Counter({area: sum(o.unanswered for o in desk.open if o.area == area) for area in console}),
    )


def steps(desk: Desk) -> Pair:
    board = {key: count for key, (count,) in desk.rows("responses/daily").items()}
    return board, Counter((state.value, at // DAY * DAY) for at, state in desk.pages.ledger)


def kept(desk: Desk) -> Pair:
    now = desk.town.box.now()
    month = [desk.figure(f"responses/{name}", now - 30 * DAY, now + 1) for name in ("kept", "missed")]
    return tuple(month), desk.pages.kept


def stages(desk: Desk) -> Pair:
    newest: dict[str, float] = {}
    for (stage, _), (at, *_) in desk.rows("pipeline/stages").items():
        name = desk.say.word("stage", str(stage))
        newest[name] = max(newest.get(name, 0), at or 0)
    now = desk.town.box.now()
    return {name: desk.say.span(now - at) for name, at in newest.items() if name in desk.pages.ages}, desk.pages.ages


def found(desk: Desk, name: str, by: str) -> Pair:
    """Compare the posts of each group, and of what else one may choose, with what the search page finds."""
    board = totals(desk, name)
    offered = desk.pages.choices(by) - board.keys() if len(board) < room(name) else set()
    console = {value: total(desk, desk.pages.count(**{by: value}), board[value]) for value in {*board, *offered}}
    return {value: board[value] for value in console}, console


def days(desk: Desk, name: str, by: str) -> Pair:
    """Compare the posts of each group, and of the days that the search page lists of it."""
    board: dict[str, Counter[int]] = defaultdict(Counter)
    for (value, at), (count,) in desk.rows(name).items():
        board[str(value)][int(at) // DAY * DAY] += int(count or 0)
    pages = {value: desk.pages.count(**{by: value}) for value in board}
    sums = totals(desk, name)
    return (sums, {value: {day: board[value][day] for day in pages[value].days} for value in board}), (
        {value: total(desk, one, sums[value]) for value, one in pages.items()},
        {value: one.days for value, one in pages.items()},
    )


def newest(desk: Desk, name: str, by: str, place: int) -> Pair:
    """Compare the posts of each group, and when the newest was published."""
    board = {str(value): row[place] for (value,), row in desk.rows(name).items()}
    console = {value: desk.pages.newest(**{by: value}) for value in board}
    return (board, found(desk, name, by)[0]), (console, found(desk, name, by)[1])


def totals(desk: Desk, name: str) -> Counter[str]:
    """Add up the first figure of a panel by its first group."""
    board: Counter[str] = Counter()
    for (value, *_), (count, *_) in desk.rows(name).items():
        board[str(value)] += int(count or 0)
    return board


def room(name: str) -> int:
    group = PANELS[name].groups[0]
    assert isinstance(group, Terms)
    return group.size


def total(desk: Desk, one: Counted, count: int) -> int | None:
    """Return what the console counts; where it says only that there are few, the board's count if it is few too."""
    return count if one.total is None and count < desk.pages.least else one.total


COUNTERPARTS: dict[str, Callable[[Desk], Pair]] = {
    "situation/open": lambda desk: (desk.figure("situation/open"), len(desk.open)),
    "situation/unanswered": waiting,
    "situation/danger": lambda desk: (desk.figure("situation/danger"), sum(one.danger for one in desk.open)),
    "situation/residents": lambda desk: (
        desk.figure("situation/residents"), sum(one.residents for one in desk.open),
    ),
    "situation/incidents": table,
    "situation/held": held,
    "situation/daily": partial(days, name="situation/daily", by="kind"),
    "topics/topics": partial(found, name="topics/topics", by="topic"),
    "topics/daily": partial(days, name="topics/daily", by="topic"),
    "topics/incidents": by_topic,
    "spread/growing": growing,
    "spread/opened": opened,
    "spread/hourly": partial(days, name="spread/hourly", by="incident"),
    "spread/repeats": partial(found, name="spread/repeats", by="source"),
    "spread/marks": marks,
    "places/areas": partial(newest, name="places/areas", by="area", place=3),
    "places/daily": partial(days, name="places/daily", by="area"),
    "places/incidents": by_area,
    "responses/kept": kept,
    "responses/missed": kept,
    "responses/daily": steps,
    "pipeline/stages": stages,
    "pipeline/sources": partial(newest, name="pipeline/sources", by="source", place=1),
    "pipeline/hourly": partial(days, name="pipeline/hourly", by="language"),
}  # fmt: skip

ALONE = {  # what no page of the console shows; compared with plain counting, as every panel is
    "topics/offices": "search has no field for the office that a post would go to",
    "topics/feelings": "search has no field for feelings; a page tells those of one incident, and of few people none",
    "topics/demands": "the pages tell the demands of one incident, by what is asked",
    "places/districts": "search finds the posts that name a place, a board counts those that lie in one",
    "places/topics": "as districts",
    "places/unplaced": "the first page tells of areas where too many of the latest posts name no place that is known",
    "responses/acknowledge": "the ledger on a page tells moments, not how long after the office was told they are",
    "responses/answer": "as acknowledge",
    "responses/offices": "no page adds up what offices did",
    "responses/levels": "no page adds up steps by level",
    "pipeline/processes": "the pages tell stages, whichever process does them",
    "pipeline/handled": "the pages tell what waits, and how old the newest post is",
}


def test_every_panel_stands_in_one_of_both_tables() -> None:
    assert sorted([*COUNTERPARTS, *ALONE]) == sorted(PANELS)


@pytest.fixture(scope="module")
def city(town: Town) -> Desk:
    return Desk(town)


@pytest.mark.parametrize("name", COUNTERPARTS)
def test_a_panel_shows_what_the_console_shows_of_the_city(name: str, city: Desk) -> None:
    board, console = COUNTERPARTS[name](city)
    assert board == console
    assert board


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give half a year of real letters, from a dozen boards, as the desk and the index on the node have them."""
    if not DATA.is_dir() and "CI" not in os.environ:  # continuous integration has them, or is red
        pytest.skip("the labelled data are not beside the checkout")
    config = settings(engines.prefix())
    install(config)
    with told(tmp_path_factory.mktemp("letters"), lines(), config, None) as found:
        yield Desk(found)
    remove(config)


def lines() -> Iterator[corpus.Line]:
    of = labels("tipdm_c")
    for row in load("tipdm_c"):
        board = sum(of.get(str(row["id"]), str(row["id"])).encode()) % _BOARDS
        if str(row["published_at"]) >= "2019":
            yield {**row, "source": f"letters.{board}"}


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", COUNTERPARTS)
def test_a_panel_shows_what_the_console_shows_of_the_letters(name: str, letters: Desk) -> None:
    board, console = COUNTERPARTS[name](letters)
    assert board == console


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", PANELS)
def test_a_panel_shows_what_the_letters_say(name: str, letters: Desk) -> None:
    assert len(letters.town.posts) > 2000
    panel = PANELS[name]
    expected = counted(panel, documents(letters.town, panel.view.family))
    assert letters.rows(name) == {key: pytest.approx(row) for key, row in expected.items()}
