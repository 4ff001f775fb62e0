from __future__ import annotations

import socket
import stat
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from alerts.entry import Action
from answerable.app.deadletters import Asked, Do, Outcome
from answerable.app.door import hand_action, hand_letters, hand_over, listen, only_one
from answerable.errors import Refused, Unavailable
from answerable.incident import State
from answerable.post import Forget, Kind, Post
from stream.deadletter import DeadLetter

POST = Post(id="a", source="board", kind=Kind.LETTER, text="…", published_at=1, fetched_at=2)
FORGET = Forget(id="a", published_at=1, at=3)
ACTION = Action(
    incident="bcdfghj", version=1, to=State.ANSWERED, who="lead", text="来水了", due_at=5, co_handlers=("a",)
)


def nothing(asked: object) -> None:
    """Stand for a side of the door that a test does not use."""


def test_posts_pass_the_door_in_order_and_are_acknowledged_once_taken(tmp_path: Path) -> None:
    taken: list[Post | Forget] = []
    with listen(tmp_path, taken.extend, nothing), hand_over(tmp_path) as take:
        take([POST, FORGET])
        assert taken == [POST, FORGET]
        take([POST])
    assert taken == [POST, FORGET, POST]


def test_only_the_owner_may_use_the_door(tmp_path: Path) -> None:
    with listen(tmp_path, nothing, nothing):
        assert stat.S_IMODE((tmp_path / "desk.sock").stat().st_mode) == 0o600


def test_what_the_desk_cannot_take_is_told_to_the_sender(tmp_path: Path) -> None:
    def full(asked: object) -> None:
        raise Unavailable("the disk is full")

    with (
        listen(tmp_path, full, nothing),
        hand_over(tmp_path) as take,
        pytest.raises(Unavailable, match="the disk is full"),
    ):
        take([POST])


def test_without_a_desk_there_is_no_door(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no desk is running"), hand_over(tmp_path):
        pytest.fail("nobody listens")


def test_two_desks_never_share_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Unavailable, match="is running on"), only_one(tmp_path):
        pytest.fail("the lock is held")
    with only_one(tmp_path):
        assert (tmp_path / "run.lock").exists()


def test_an_action_passes_the_door_whole_beside_posts(tmp_path: Path) -> None:
    taken: list[Post | Forget] = []
    done: list[Action] = []
    with listen(tmp_path, taken.extend, done.append):
        hand_action(tmp_path, ACTION)
        with hand_over(tmp_path) as take:
            take([POST])
    assert (done, taken) == ([ACTION], [POST])


def test_dead_letters_pass_the_door_whole_and_what_became_of_each_comes_back(tmp_path: Path) -> None:
    letters = tuple(DeadLetter("posts.raw", 0, offset, "analyse", "ValueError", 3, 60) for offset in range(500))
    asked: list[Asked] = []

    def mend(one: Asked) -> list[Outcome]:
        asked.append(one)
        return [Outcome.REPLAYED, *[Outcome.EXPIRED] * 499]

    with listen(tmp_path, nothing, nothing, mend):
        outcomes = hand_letters(tmp_path, Asked(Do.REPLAY, letters))
        hand_action(tmp_path, ACTION)
    assert asked == [Asked(Do.REPLAY, letters)]
    assert (outcomes[0], set(outcomes[1:])) == (Outcome.REPLAYED, {Outcome.EXPIRED})


def test_a_log_that_cannot_be_written_now_is_told_to_who_asked_for_a_replay(tmp_path: Path) -> None:
    def full(asked: Asked) -> list[Outcome]:
        raise Unavailable("the disk is full")

    with listen(tmp_path, nothing, nothing, full), pytest.raises(Unavailable, match="the disk is full"):
        hand_letters(tmp_path, Asked(Do.DROP, ()))


def test_a_refusal_comes_back_as_the_desk_worded_it_on_one_line(tmp_path: Path) -> None:
    def refuse(action: Action) -> None:
        raise Refused("此事已有他人办理\nok")

    with listen(tmp_path, nothing, refuse), pytest.raises(Refused, match=r"^此事已有他人办理 ok$"):
        hand_action(tmp_path, ACTION)


def test_a_desk_that_cannot_write_is_not_a_refusal(tmp_path: Path) -> None:
    def full(action: Action) -> None:
        raise Unavailable("the disk is full")

    with listen(tmp_path, nothing, full), pytest.raises(Unavailable, match="the disk is full"):
        hand_action(tmp_path, ACTION)


@pytest.mark.parametrize("frame", [b"a\0\0\0\1x", b"d\0\0\0\1x", b"p\0\0\0\2xx"])
def test_what_is_no_request_is_told_so_and_harms_nobody(tmp_path: Path, frame: bytes) -> None:
    with listen(tmp_path, nothing, nothing):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(tmp_path / "desk.sock"))
            line.sendall(frame)
            with line.makefile("rb") as answers:
                assert answers.readline().strip() not in (b"", b"ok")
        hand_action(tmp_path, ACTION)


def test_an_empty_batch_is_taken_like_any_other(tmp_path: Path) -> None:
    taken: list[Post | Forget] = []
    with listen(tmp_path, taken.extend, nothing), hand_over(tmp_path) as take:
        take([])
        take([POST])
    assert taken == [POST]


def test_a_desk_that_ends_takes_what_came_whole_and_leaves_nobody_waiting(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()
    taken: list[Post | Forget] = []

    def slow(records: Sequence[Post | Forget]) -> None:
        begun.set()
        assert go_on.wait(10)
        taken.extend(records)

    with ExitStack() as client:
        with listen(tmp_path, slow, nothing):
            take = client.enter_context(hand_over(tmp_path))
            sending = threading.Thread(target=take, args=([POST],))
            sending.start()
            assert begun.wait(10)
            threading.Timer(0.2, go_on.set).start()
        assert taken == [POST]
        sending.join()
        with pytest.raises(Unavailable, match="ended before it was done"):
            take([POST] * 2000)


def test_a_sender_that_goes_away_disturbs_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    begun, gone = threading.Event(), threading.Event()

    def take(asked: object) -> None:
        begun.set()
        assert gone.wait(10)

    with listen(tmp_path, take, nothing):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(tmp_path / "desk.sock"))
            line.sendall(b".\0\0\0\0")
            assert begun.wait(10)
        gone.set()
    assert capfd.readouterr().err == ""
