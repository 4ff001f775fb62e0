"""Folds that follow a log while it grows."""

from __future__ import annotations

from pathlib import Path

from answerable.app.replay.track import Following
from answerable.post import Tick, encode
from answerable.settings import load
from incidents.tracker import Tracker
from stream.embedded import SqliteLog
from stream.log import Message
from stream.state import Restored
from stream.topics import POSTS_ANALYSED
from tests.incidents.town import START, WATER, a_crowd


class CountingLog(SqliteLog):
    """A log that counts how often a partition's state is read back."""

    restored = 0

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        self.restored += 1
        return super().restore(topic, group, partition)


def test_folds_that_follow_a_log_read_their_state_back_only_once(tmp_path: Path) -> None:
    # given
    log = CountingLog(tmp_path / "log.db", {POSTS_ANALYSED: 1})
    following = Following(log, Tracker(log, POSTS_ANALYSED, "track", load(environ={}).incidents))
    posts = [Message(post.area, encode(post)) for post in a_crowd(WATER, 6, START, 60)]
    # when
    counts = []
    for part in (posts[:3], posts[3:], [Message("", encode(Tick(START + 86400)))]):
        log.append(POSTS_ANALYSED, part, 0)
        counts.append(following.track())
    following.close()
    # then
    assert (counts, log.restored) == ([3, 3, 1], 1)
    assert log.backlog(POSTS_ANALYSED, "track") == 0
    log.close()
