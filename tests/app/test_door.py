from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from answerable.app.door import hand_over, listen, only_one
from answerable.errors import Unavailable
from answerable.post import Forget, Kind, Post

POST = Post(id="a", source="board", kind=Kind.LETTER, text="…", published_at=1, fetched_at=2)
FORGET = Forget(id="a", published_at=1, at=3)


def test_posts_pass_the_door_in_order_and_are_acknowledged_once_taken(tmp_path: Path) -> None:
    taken: list[Post | Forget] = []
    with listen(tmp_path, taken.extend), hand_over(tmp_path) as take:
        take([POST, FORGET])
        assert taken == [POST, FORGET]
        take([POST])
    assert taken == [POST, FORGET, POST]


def test_only_the_owner_may_use_the_door(tmp_path: Path) -> None:
    with listen(tmp_path, lambda records: None):
        assert stat.S_IMODE((tmp_path / "desk.sock").stat().st_mode) == 0o600


def test_what_the_desk_cannot_take_is_told_to_the_sender(tmp_path: Path) -> None:
    def full(records: Sequence[Post | Forget]) -> None:
        raise Unavailable("the disk is full")

    with listen(tmp_path, full), hand_over(tmp_path) as take, pytest.raises(Unavailable, match="the disk is full"):
        take([POST])


def test_without_a_desk_there_is_no_door(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no desk is running"), hand_over(tmp_path):
        pytest.fail("nobody listens")


def test_two_desks_never_share_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Unavailable, match="is running on"), only_one(tmp_path):
        pytest.fail("the lock is held")
    with only_one(tmp_path):
        assert (tmp_path / "run.lock").exists()
