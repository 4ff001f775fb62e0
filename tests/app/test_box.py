from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from answerable.app.box import Box
from answerable.app.pipeline import TOPICS_KEPT
from answerable.clock import DAY
from answerable.errors import Unavailable
from answerable.metrics import render
from answerable.post import Kind, Post
from answerable.pulse import Pulse
from answerable.settings import load
from index.store import Query
from stream.deadletter import DeadLetter, SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Message
from stream.topics import POSTS_ANALYSED
from tests.app.desk import Desk
from tests.embedded import own_index

AT = 1772352000
POST = Post(id="a", source="board", kind=Kind.LETTER, text="停水了", published_at=AT, fetched_at=AT, seen_at=AT)


class Clock:
    """Tells the time that a test set."""

    at = AT

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(tmp_path: Path, clock: Clock) -> Iterator[Box]:
    Desk(tmp_path)
    box = Box(load(tmp_path / "answerable.toml", {}), clock)
    yield box
    box.close()


def found(box: Box) -> list[int]:
    return [hit.published_at for hit in box.stores.index.search(Query()).hits]


def test_a_post_from_the_future_is_kept_no_longer_than_any_other(box: Box, clock: Clock) -> None:
    box.pipeline.take([replace(POST, published_at=AT + 900 * DAY)])
    box.pipeline.drain(AT)
    assert found(box) == [AT]
    clock.at += 31 * DAY
    box.retain()
    assert found(box) == []


def test_what_grows_too_old_before_it_was_handled_is_told(box: Box, clock: Clock) -> None:
    box.pipeline.take([POST])
    box.pipeline.drain(AT)
    box.pipeline.take([POST, POST])
    with capture_logs() as said:
        for _ in range(2):
            box.retain()
            clock.at += TOPICS_KEPT
    assert [(line["event"][:28], line["unhandled"]) for line in said] == [("messages grew too old before", 2)]


def test_a_stage_that_cannot_go_on_holds_up_no_other(box: Box, clock: Clock) -> None:
    with own_index(box)._database.read() as connection:
        connection.execute("PRAGMA texts.max_page_count = 1")
    box.pipeline.take([POST, replace(POST, id="b", text="路灯不亮"), replace(POST, id="c", text="噪音" * 20000)])
    begin = time.monotonic()
    for _ in range(5):
        box.pipeline.step(AT)
    assert time.monotonic() - begin < 5
    assert (box.stores.log.backlog(POSTS_ANALYSED, "track"), found(box)) == (0, [])
    with own_index(box)._database.read() as connection:
        connection.execute("PRAGMA texts.max_page_count = 100000")
    box.stop.set()  # nobody rests any more
    box.pipeline.drain(AT)
    assert len(found(box)) == 3


@pytest.mark.parametrize(
    ("process", "age", "told"), [("desk-00ff", 120, 1), ("desk-00ff", -5, 0), ("index-00ff", 120, 0)]
)
def test_a_second_desk_on_the_same_log_is_told(box: Box, process: str, age: int, told: int) -> None:
    box.pipeline.tell(Pulse(process, AT + age))
    box.tell()
    with capture_logs() as said:
        box.pipeline.drain(AT)
    assert len([line for line in said if "a second desk" in line["event"]]) == told


def test_an_area_where_a_third_of_the_posts_find_no_place_is_told(box: Box) -> None:
    posts = [replace(POST, id=f"n{number}") for number in range(120)]
    box.pipeline.take([replace(one, place="somewhere") if number % 3 else one for number, one in enumerate(posts)])
    box.pipeline.drain(AT)
    assert [(one.posts, one.without) for one in box.health().placeless] == [(120, 40)]
    box.pipeline.take([replace(POST, id=f"m{number}", place="here") for number in range(20)])
    box.pipeline.drain(AT)
    assert box.health().placeless == ()  # 40 of 140
    assert b'answerable_placeless_share{area="~' in render()


class Away(SqliteLog):
    """A log on a server that does not answer any more."""

    def __init__(self) -> None:
        """Open nothing."""

    def append(self, topic: str, messages: Sequence[Message], partition: int | None = None) -> None:
        """Keep nothing."""
        raise Unavailable("no server answers")

    def backlog(self, topic: str, group: str) -> int:
        """Know nothing."""
        raise Unavailable("no server answers")


class NoLetters(SqliteDeadLetters):
    """Dead letters on such a server."""

    def __init__(self) -> None:
        """Open nothing."""

    def all(self) -> list[DeadLetter]:
        """Know nothing."""
        raise Unavailable("no server answers")


@pytest.mark.parametrize("letters", [True, False])
def test_a_log_that_does_not_answer_is_told_and_takes_nothing_else_with_it(box: Box, letters: bool) -> None:
    box.pipeline.take([POST])
    box.pipeline.drain(AT)
    if letters:
        box.streams = replace(box.streams, deadletters=NoLetters())
    else:
        box.stores = replace(box.stores, log=Away())
    health = box.health()
    assert [part.name for part in health.parts if not part.ok] == ["log"]
    assert (health.posts_24h, health.set_aside) == (1, 0)


def test_the_desk_hears_how_the_pipeline_is_while_the_log_is_away(box: Box) -> None:
    box.pipeline.take([POST])
    box.pipeline._log = Away()
    with pytest.raises(Unavailable):
        box.tick()
    assert box.stores.desk._floor.newest == (("crawl", AT),)
