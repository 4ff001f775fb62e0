"""One part in a process of its own: what it drops in time, and what it leaves to others. No server is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from answerable.app.parts import Part
from answerable.app.station import Station
from answerable.clock import DAY
from answerable.errors import SettingsError
from answerable.post import AnalysedPost, Analysis, Kind, Post, Reading
from answerable.settings import Settings, load
from crawlers.cursor import Cursor
from crawlers.keys import DayKeys
from index.store import Query

AT = 1_772_352_000
POST = AnalysedPost(
    Post(id="a", source="board", kind=Kind.LETTER, text="停水了", published_at=AT, fetched_at=AT, seen_at=AT),
    Analysis(lang="zh", sentiment=Reading("none", {"none": 1.0}), emotion=Reading("none", {"none": 1.0})),
    "~board",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, {"ANSWERABLE_GENERAL__DATA_DIR": str(tmp_path), "ANSWERABLE_STREAM__ENGINE": "kafka"})


@contextmanager
def standing(settings: Settings, part: Part, at: int) -> Iterator[Station]:
    with closing(Station(settings, frozenset({part}), lambda: at)) as station:
        yield station


@pytest.mark.parametrize("part", [Part.CRAWL, Part.TRACK])
def test_keys_that_an_import_made_are_destroyed_by_whatever_runs_there(
    part: Part, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "crawl" / "keys"
    DayKeys(folder).token("board", "river_li", AT, AT)
    with standing(settings, part, AT + 2 * DAY) as station:
        station.retain()
    assert list(folder.iterdir()) == []


def test_an_index_in_files_is_purged_by_the_part_that_writes_it_alone(settings: Settings) -> None:
    with standing(settings, Part.INDEX, AT) as writer:
        writer.index.put([POST])
    with standing(settings, Part.ANALYSE, AT + 31 * DAY) as other:
        other.retain()
        assert other.found.search(Query()).total == 1
    with standing(settings, Part.INDEX, AT + 31 * DAY) as writer:
        writer.retain()
        assert writer.found.search(Query()).total == 0


def test_a_cursor_of_another_version_stops_the_part_that_crawls_alone(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "crawl" / "letters.cursor"
    Cursor(path).close()
    (tmp_path / "crawl" / "broken.cursor").write_bytes(b"no database" * 100)  # that source's visits tell of it
    with standing(settings, Part.CRAWL, AT):
        pass
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA user_version = 2")
    with pytest.raises(SettingsError, match=r"letters\.cursor: was written by a newer version"):
        Station(settings, frozenset({Part.CRAWL}), lambda: AT)
    with standing(settings, Part.TRACK, AT):
        pass
