"""What boards show and what the console shows are the same figures: on the invented city, and on real letters."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from answerable.clock import DAY
from bench.load import DATA, labels, load
from console.held import counted
from console.sight import is_open
from console.situation import kept_in_time
from deploy.kibana.boards import BOARDS
from deploy.kibana.panel import Terms
from index.elastic_install import install
from index.store import Query
from tests import engines
from tests.contracts.elastic import remove, settings
from tests.deploy.kibana.oracle import counted as by_hand
from tests.deploy.kibana.oracle import documents
from tests.deploy.kibana.town import Town, told
from tests.e2e import corpus

PANELS = {f"{board.id}/{panel.id}": panel for board in BOARDS for panel in board.panels}
_BOARDS = 12


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Give half a year of real letters, from a dozen boards, as the desk and the index on the node have them."""
    if not DATA.is_dir() and "CI" not in os.environ:
        pytest.skip("the labelled data are not beside the checkout")
    config = settings(engines.prefix())
    install(config)
    with told(tmp_path_factory.mktemp("letters"), lines(), config, None) as found:
        yield found
    remove(config)


def lines() -> Iterator[corpus.Line]:
    of = labels("tipdm_c")
    for row in load("tipdm_c"):
        board = sum(of.get(str(row["id"]), str(row["id"])).encode()) % _BOARDS
        if str(row["published_at"]) >= "2019":
            yield {**row, "source": f"letters.{board}"}


COUNTS = {  # a panel, the place of a group in it, and what the console's search page counts by
    "topics/topics": (0, "topic"),
    "places/areas": (0, "area"),
    "pipeline/sources": (0, "source"),
    "situation/daily": (0, "kind"),
    "topics/daily": (0, "topic"),
    "pipeline/hourly": (0, "lang"),
    "spread/hourly": (0, "incident"),
}


def differences(town: Town) -> dict[str, tuple[object, object]]:
    """Return every figure that both show where board and console do not agree."""
    now, desk = town.box.now(), town.box.stores.desk
    entries = [entry for entry in desk.entries() if entry.update.shown]
    kept = kept_in_time(entries, now)
    month = partial(figure, town, since=now - 30 * DAY, until=now + 1)
    held = {(row.area, row.reason): row.groups for row in counted(desk.held())}
    both: dict[str, tuple[object, object]] = {
        "open": (figure(town, "situation/open"), sum(map(is_open, entries))),
        "held": ({key: value for key, (value,) in town.asked(PANELS["situation/held"]).items()}, held),
        "residents": (
            figure(town, "situation/residents"), sum(one.update.authors.least for one in entries if is_open(one)),
        ),
        "posts of incidents": (
            {key[0]: row[0] for key, row in town.asked(PANELS["situation/incidents"]).items()},
            {one.update.incident: one.update.posts for one in entries if is_open(one)},
        ),
        "kept": (month("responses/kept"), kept.kept),
        "missed": (month("responses/missed"), kept.all - kept.kept),
        "newest": (newest(town), last(town)),
    }  # fmt: skip
    for name, (place, by) in COUNTS.items():
        both[name] = shown(town, name, place, by)
    return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def shown(town: Town, name: str, place: int, by: str) -> tuple[object, object]:
    """Return a panel's counts by one of its groups, and the console's, of the values that the panel has room for."""
    counts: Counter[str] = Counter()
    for key, (count, *_) in town.asked(PANELS[name]).items():
        counts[str(key[place])] += int(count or 0)
    group = PANELS[name].groups[place]
    size = group.size if isinstance(group, Terms) else None
    console = town.box.stores.index.count(Query(), by)
    return counts, Counter({bucket.value: bucket.count for bucket in console[:size]})


def figure(town: Town, name: str, since: int = 0, until: int = 4_000_000_000) -> float:
    ((value,),) = town.asked(PANELS[name], since, until).values()
    return value or 0


def newest(town: Town) -> dict[str, float | None]:
    return {str(key[0]): row[0] for key, row in town.asked(PANELS["pipeline/stages"]).items()}


def last(town: Town) -> dict[str, float]:
    return {one.stage: one.newest_at for one in town.pulses[-1].stages}


def test_boards_and_console_show_the_same_of_the_city(town: Town) -> None:
    assert differences(town) == {}


@pytest.mark.data
@pytest.mark.slow
def test_boards_and_console_show_the_same_of_half_a_year_of_letters(letters: Town) -> None:
    assert len(letters.posts) > 2000
    assert differences(letters) == {}


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("name", PANELS)
def test_a_panel_shows_what_the_letters_say(name: str, letters: Town) -> None:
    panel = PANELS[name]
    expected = by_hand(panel, documents(letters, panel.view.family))
    assert letters.asked(panel) == {key: pytest.approx(row) for key, row in expected.items()}
