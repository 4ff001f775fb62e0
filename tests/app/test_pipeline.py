from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from answerable.app import wiring
from answerable.app.pipeline import Pipeline, Stores, open_stores
from answerable.errors import Unavailable
from answerable.post import AnalysedPost, Kind, Post, decode
from answerable.settings import load
from incidents.tracker import Tracker
from index.sqlite import SqliteIndex
from stream.topics import POSTS_ANALYSED

NOW = 1_795_000_000


class Down(SqliteIndex):
    """An index that cannot be asked."""

    def forgotten(self, posts: Sequence[str]) -> frozenset[str]:
        raise Unavailable("the index is down")

    def areas(self, posts: Sequence[str]) -> dict[str, str]:
        raise Unavailable("the index is down")


def test_posts_are_read_while_the_index_cannot_be_asked(tmp_path: Path) -> None:
    settings = load(None, {"ANSWERABLE_GENERAL__DATA_DIR": str(tmp_path), "ANSWERABLE_STREAM__PARTITIONS": "1"})
    kept = wiring.register(settings)
    whole = open_stores(settings, kept)
    stores = Stores(whole.log, Down(tmp_path / "down", bytes(32)), whole.desk, whole.key)
    tracker = Tracker(stores.log, POSTS_ANALYSED, "track", settings.incidents)
    pipeline = Pipeline(stores, wiring.analyser(settings), tracker, lambda: True)

    pipeline.take(
        [Post(id="a", source="board", kind=Kind.LETTER, text="停水", published_at=NOW, fetched_at=NOW, reply_to="z")]
    )
    pipeline.drain(NOW)

    read = [decode(message.value) for message in whole.log.read(POSTS_ANALYSED, 0, 0, 9)]
    whole.close()
    stores.index.close()
    assert [record.post.id for record in read if isinstance(record, AnalysedPost)] == ["a"]
