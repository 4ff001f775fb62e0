from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.cli import main
from answerable.app.door import listen
from answerable.clock import DAY, HOUR, show, system_now
from answerable.post import AnalysedPost, Forget, Post, Tick, decode, post_id
from answerable.settings import Settings, load
from stream.recorded import recorded
from stream.topics import POSTS_ANALYSED, POSTS_RAW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "desk.toml").write_text('[general]\ndata_dir = "data"\n', "utf-8")
    return load(tmp_path / "desk.toml", {})


def imported(folder: Path, *ages: int) -> int:
    """Import a post of one author for each age in seconds."""
    rows = [
        {
            "id": f"{age}",
            "source": "s",
            "text": "停水",
            "author": "river_li",
            "published_at": show(system_now() - age),
        }
        for age in ages
    ]
    (folder / "in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return main(["import", str(folder / "in.jsonl"), "--settings", str(folder / "desk.toml")])


def test_posts_that_are_all_too_old_are_told_and_no_fault_of_the_running_desk(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken: list[Post | Forget] = []
    (tmp_path / "data").mkdir(mode=0o700)
    with listen(tmp_path / "data", taken.extend, lambda action: None):
        assert imported(tmp_path, 40 * DAY, 50 * DAY) == 0
    assert taken == []
    assert "2 posts are older than retention.text_days" in capsys.readouterr().err


def test_an_author_of_days_ago_has_one_token_in_two_files(settings: Settings, tmp_path: Path) -> None:
    start = system_now() % DAY  # the beginning of today
    assert imported(tmp_path, start + 4 * DAY) == 0
    assert imported(tmp_path, start + 4 * DAY - HOUR) == 0
    log = wiring.log(settings, tmp_path / "data/log.db")
    posts = [decode(message.value) for message in log.read(POSTS_RAW, 0, 0, 10)]
    log.close()
    assert len(posts) == 2
    assert len({post.author for post in posts if isinstance(post, Post)}) == 1


def past(settings: Settings, folder: Path, *ages: int) -> list[AnalysedPost]:
    """Import a post for each age as history; return what the log holds then."""
    rows = [{"id": f"{age}", "source": "s", "text": "停水", "published_at": show(system_now() - age)} for age in ages]
    (folder / "in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    assert main(["import", "--history", str(folder / "in.jsonl"), "--settings", str(folder / "desk.toml")]) == 0
    with closing(wiring.log(settings, folder / "data/log.db")) as log:
        records = [decode(placed.message.value) for placed in recorded(log, POSTS_ANALYSED)]
    assert [one for one in records if isinstance(one, Tick) and one.at > system_now()] == []
    return [one for one in records if isinstance(one, AnalysedPost)]


def test_no_time_of_a_history_lies_in_the_future(settings: Settings, tmp_path: Path) -> None:
    (one,) = past(settings, tmp_path, -3000 * DAY)
    assert max(one.at, one.post.published_at) <= system_now()


def test_what_was_forgotten_stays_out_of_a_history(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    with closing(wiring.streams(settings).log) as log:
        wiring.tombstones(settings, log).add([post_id("s", f"{50 * DAY}")])
    (one,) = past(settings, tmp_path, 40 * DAY, 50 * DAY)
    assert (one.post.id, one.post.text) == (post_id("s", f"{40 * DAY}"), "")
    assert "1 posts of the past taken in" in capsys.readouterr().err
