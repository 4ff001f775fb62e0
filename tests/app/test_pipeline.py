from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.analysing import Analysing
from answerable.app.pipeline import Pipeline
from answerable.app.stage import Seen
from answerable.app.wiring import Streams
from answerable.errors import Unavailable
from answerable.post import AnalysedPost, Forget, Kind, Post, decode
from answerable.settings import Settings, load
from stream.tombstones import Tombstones
from stream.topics import POSTS_ANALYSED, POSTS_RAW

NOW = 1_795_000_000
POST = Post(id="a", source="board", kind=Kind.LETTER, text="停水", published_at=NOW, fetched_at=NOW, reply_to="z")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, {"ANSWERABLE_GENERAL__DATA_DIR": str(tmp_path), "ANSWERABLE_STREAM__PARTITIONS": "1"})


@pytest.fixture
def streams(settings: Settings) -> Iterator[Streams]:
    opened = wiring.streams(settings)
    yield opened
    opened.log.close()


def reading(streams: Streams, settings: Settings, areas: dict[str, str] | None) -> Pipeline:
    """Return a pipeline that reads posts; where `areas` is None the index cannot be asked."""

    def known(posts: Sequence[str]) -> dict[str, str]:
        if areas is None:
            raise Unavailable("the index is down")
        return areas

    seen = Seen()
    stage = Analysing(streams.log, wiring.analyser(settings), Tombstones(streams.log, b"key"), known, seen)
    return Pipeline(streams, stage.stages(), seen, lambda: True)


def analysed(streams: Streams) -> list[tuple[str, str]]:
    """Return (post, area) of what was read."""
    records = [decode(message.value) for message in streams.log.read(POSTS_ANALYSED, 0, 0, 99)]
    return [(record.post.id, record.area) for record in records if isinstance(record, AnalysedPost)]


def test_an_answer_is_filed_with_the_older_post_that_it_answers(streams: Streams, settings: Settings) -> None:
    pipeline = reading(streams, settings, {"z": "3701"})
    pipeline.take([POST])
    pipeline.drain(NOW)
    assert analysed(streams) == [("a", "3701")]


def test_posts_are_read_while_the_index_cannot_be_asked(streams: Streams, settings: Settings) -> None:
    pipeline = reading(streams, settings, None)
    pipeline.take([POST])
    pipeline.drain(NOW)
    assert analysed(streams) == [("a", "~board")]


def test_what_was_forgotten_stays_out_also_for_a_process_that_starts_later(
    streams: Streams, settings: Settings
) -> None:
    first = reading(streams, settings, {})
    first.take([Forget("a", NOW, NOW)])
    first.drain(NOW)
    first.close()
    later = reading(streams, settings, {})
    later.take([POST])
    later.drain(NOW)
    assert analysed(streams) == []


class Late(Tombstones):
    """Hears of a Forget only when it is asked for the second time."""

    asked = 0

    def among(self, posts: Iterable[str]) -> frozenset[str]:
        """Return nothing the first time."""
        self.asked += 1
        return super().among(posts) if self.asked > 1 else frozenset()


def test_what_is_forgotten_elsewhere_while_it_is_read_is_forgotten_once_more(
    streams: Streams, settings: Settings
) -> None:
    # Given another process that forgets a post between this one's first look and its append,
    Tombstones(streams.log, b"key").add(["a"])
    seen = Seen()
    late = Late(streams.log, b"key")
    stage = Analysing(streams.log, wiring.analyser(settings), late, lambda posts: {}, seen)
    pipeline = Pipeline(streams, stage.stages(), seen, lambda: True)
    # when the post is read
    pipeline.take([POST])
    pipeline.drain(NOW)
    # then a Forget follows it.
    records = [decode(message.value) for message in streams.log.read(POSTS_ANALYSED, 0, 0, 99)]
    assert [type(record) for record in records] == [AnalysedPost, Forget]


def test_a_drain_that_is_given_no_time_leaves_what_waits_where_it_is(streams: Streams, settings: Settings) -> None:
    pipeline = reading(streams, settings, {})
    pipeline.take([POST])
    pipeline.drain(NOW, 0.0)
    assert streams.log.backlog(POSTS_RAW, "analyse") == 1


def test_a_process_without_stages_steps_and_takes_posts(streams: Streams) -> None:
    pipeline = Pipeline(streams, (), Seen(), lambda: False)
    assert not pipeline.step(NOW, 0.5)
    pipeline.take([POST])
    assert streams.log.backlog(POSTS_RAW, "analyse") == 1
