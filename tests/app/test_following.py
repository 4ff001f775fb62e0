"""Folds that follow a log while it grows."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.replay.folding import following
from answerable.errors import Unavailable
from answerable.post import Tick, encode
from answerable.settings import load
from stream.embedded import SqliteLog
from stream.log import Message
from stream.recorded import recorded
from stream.topics import INCIDENTS, MEMBERSHIPS, POSTS_ANALYSED
from tests.incidents.town import START, WATER, a_crowd

SETTINGS = load(environ={})
POSTS = [Message(post.area, encode(post)) for post in a_crowd(WATER, 6, START, 60)]
PARTS = (POSTS[:3], POSTS[3:], [Message("", encode(Tick(START + 86400)))])


def told(log: SqliteLog) -> list[bytes]:
    return [placed.message.value for topic in (INCIDENTS, MEMBERSHIPS) for placed in recorded(log, topic)]


def test_folds_follow_a_log_and_say_how_far_time_came(tmp_path: Path) -> None:
    log = wiring.log(SETTINGS, tmp_path / "log.db")
    folds = following(log, SETTINGS, 1)
    left = []
    for until, part in enumerate(PARTS, 1):
        log.append(POSTS_ANALYSED, part, None if part[0].key else -1)
        folds.track(until)
        left.append((log.backlog(POSTS_ANALYSED, "track"), folds.until))
    folds.finish(9)
    assert (left, folds.until) == ([(0, 1), (0, 2), (0, 3)], 9)
    log.close()


def test_nothing_is_kept_of_a_fold_but_what_it_tells(tmp_path: Path) -> None:
    log = wiring.log(SETTINGS, tmp_path / "log.db")
    log.append(POSTS_ANALYSED, POSTS)
    following(log, SETTINGS, 1).finish(1)
    with log.database.read() as connection:
        assert connection.execute("SELECT count(*) FROM state").fetchone() == (0,)
    log.close()


def test_folds_in_other_processes_tell_the_same_and_go_on_where_others_stood(tmp_path: Path) -> None:
    # given
    here, apart = (wiring.log(SETTINGS, tmp_path / name / "log.db") for name in ("here", "apart"))
    # when
    for log, processes in ((here, 1), (apart, 2)):
        for part in PARTS:
            log.append(POSTS_ANALYSED, part, None if part[0].key else -1)
            following(log, SETTINGS, processes).finish(1)
    # then
    assert told(apart) == told(here) != []
    assert apart.backlog(POSTS_ANALYSED, "track") == 0
    here.close()
    apart.close()


def test_a_fold_whose_process_dies_is_told_in_words_and_nothing_is_kept(tmp_path: Path) -> None:
    # given
    log = wiring.log(SETTINGS, tmp_path / "log.db")
    log.append(POSTS_ANALYSED, POSTS)
    folds = following(log, SETTINGS, 2)
    # when
    folds.track(1)
    for child in multiprocessing.active_children():
        child.kill()
    # then
    with pytest.raises(Unavailable, match="folds posts was ended from outside"):
        folds.finish(1)
    assert (told(log), log.backlog(POSTS_ANALYSED, "track")) == ([], len(POSTS))
    folds.close()
    log.close()
