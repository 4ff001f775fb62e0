from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from answerable.app import wiring
from answerable.app.cli import EXIT, main
from answerable.app.deadletters import Asked, Do, Outcome, do
from answerable.app.door import listen, only_one
from answerable.post import AnalysedPost, Forget, Post, decode, encode
from index.store import Query
from stream.deadletter import DeadLetter, DeadLetterBox, SqliteDeadLetters
from stream.embedded import SqliteLog
from stream.log import Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW
from stream.worker import Worker
from tests.app.mended import AT, CANARY, POSTS, STAGES, Mended, failing
from tests.e2e.running import KILLED, answerable, started
from tests.embedded import own_log

INDEX = (POSTS_ANALYSED, "index")


@pytest.fixture
def desk(tmp_path: Path) -> Mended:
    return Mended(tmp_path)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return what stands where nothing was ever set aside."""
    desk = Mended(tmp_path_factory.mktemp("healthy"))
    assert desk.run(POSTS) == []
    assert desk.run() == []
    return desk.standing()


class Mortal:
    """A box whose owner is killed before a letter is let go."""

    def __init__(self, box: DeadLetterBox) -> None:
        self._box = box
        self.put, self.all = box.put, box.all

    def drop(self, letter: DeadLetter) -> bool:
        raise KeyboardInterrupt


def command(desk: Mended, *words: str) -> int:
    return main(["deadletter", *words, "--settings", str(desk.path)])


def replayed(desk: Mended, letters: list[DeadLetter]) -> tuple[Outcome, ...]:
    with writing(desk) as (log, box):
        return do(log, box, Asked(Do.REPLAY, tuple(letters)))


@contextmanager
def writing(desk: Mended) -> Iterator[tuple[SqliteLog, SqliteDeadLetters]]:
    """Open the log for writing."""
    with closing(wiring.log(desk.settings, desk.log)) as log:
        yield log, SqliteDeadLetters(log.database)


def name(letter: DeadLetter) -> str:
    return f"{letter.topic}/{letter.partition}/{letter.offset}/{letter.stage}"


def is_post(number: int) -> Callable[[Message], bool]:
    """Return what recognises the messages about one of the posts."""

    def about(message: Message) -> bool:
        record = decode(message.value)
        return isinstance(record, Post | AnalysedPost) and _id(record) == POSTS[number].id

    return about


def _id(record: Post | AnalysedPost) -> str:
    return record.post.id if isinstance(record, AnalysedPost) else record.id


# What a replay leaves behind.


def test_what_is_compared_is_not_empty(healthy: dict[str, object]) -> None:
    assert healthy["posts"] == len(POSTS)
    assert all(healthy[part] for part in ("incidents", "ledger", "entries", "alerts"))


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_lands_each_repaired_message_once_and_a_second_replay_changes_nothing(
    desk: Mended, healthy: dict[str, object], stage: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    letters = desk.run(POSTS, broken=stage)
    before = desk.appended(stage[0])
    assert {(letter.topic, letter.stage) for letter in letters} == {stage}
    assert desk.standing() != healthy
    assert command(desk, "replay", "--all") == EXIT["ok"]
    assert desk.appended(stage[0]) == before + len(letters)
    assert desk.run() == []
    assert desk.standing() == healthy
    before = desk.appended(stage[0])
    assert command(desk, "replay", "--all") == EXIT["ok"]
    assert "no dead letters" in capsys.readouterr().err
    assert desk.appended(stage[0]) == before


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_appended_twice_as_its_owner_was_killed_in_between_lands_once_all_the_same(
    desk: Mended, healthy: dict[str, object], stage: tuple[str, str]
) -> None:
    letters = desk.run(POSTS, broken=stage)
    before = desk.appended(stage[0])
    with writing(desk) as (log, box):
        for letter in letters:
            with pytest.raises(KeyboardInterrupt):
                do(log, Mortal(box), Asked(Do.REPLAY, (letter,)))
    assert set(replayed(desk, letters)) == {Outcome.REPLAYED}
    assert desk.appended(stage[0]) == before + 2 * len(letters)
    assert desk.run() == []
    assert desk.standing() == healthy


def test_a_real_kill_between_the_two_steps_loses_nothing_and_doubles_nothing(
    desk: Mended, healthy: dict[str, object]
) -> None:
    letters = desk.run(POSTS, broken=INDEX)
    words = ("deadletter", "replay", "--all", "--settings", desk.path)
    assert answerable(*words, kill_at="dead letter replayed:3").code == KILLED
    done = answerable(*words, "--json")
    assert (done.code, len(done.out.splitlines())) == (EXIT["ok"], len(letters) - 2)
    assert desk.run() == []
    assert desk.standing() == healthy


def test_a_message_that_two_stages_gave_up_is_appended_once(desk: Mended) -> None:
    desk.run(POSTS, broken=INDEX, poison=is_post(3))
    with writing(desk) as (_, box):
        (letter,) = box.all()
        box.put(replace(letter, stage="track"))
    before = desk.appended(POSTS_ANALYSED)
    assert command(desk, "replay", "--all") == EXIT["ok"]
    assert desk.appended(POSTS_ANALYSED) == before + 1
    assert desk.run() == []


def test_a_letter_that_somebody_else_replayed_meanwhile_is_left_alone(desk: Mended) -> None:
    letters = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    assert replayed(desk, letters) == (Outcome.REPLAYED,)
    before = desk.appended(POSTS_ANALYSED)
    assert replayed(desk, letters) == (Outcome.GONE,)
    assert desk.appended(POSTS_ANALYSED) == before


# What is never replayed.


@pytest.mark.parametrize("stage", [(POSTS_RAW, "analyse"), (POSTS_ANALYSED, "track"), INDEX])
@pytest.mark.parametrize("edited", [False, True])
def test_a_post_that_was_forgotten_after_it_was_set_aside_never_comes_back(
    desk: Mended, stage: tuple[str, str], edited: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run(POSTS, broken=stage, poison=is_post(2))
    desk.run((Forget(POSTS[2].id, POSTS[2].published_at, AT + 3 * 3600, edited=edited),))
    before = desk.appended(stage[0])
    assert command(desk, "replay", "--all", "--json") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out)["outcome"] == "forgotten"
    assert desk.appended(stage[0]) == before
    assert desk.run() == []


def test_the_new_form_of_an_edited_post_is_replayed(desk: Mended) -> None:
    desk.run(POSTS)
    new = replace(POSTS[2], revision=2, seen_at=AT + 2 * 3600, text="来水了")
    edit = (Forget(new.id, new.published_at, new.seen_at, edited=True), new)
    letters = desk.run(edit, broken=INDEX, poison=is_post(2))
    assert replayed(desk, letters) == (Outcome.REPLAYED,)
    desk.run()
    with closing(wiring.index(desk.settings, desk.kept)) as index:
        texts = {hit.id: hit.text for hit in index.search(Query(limit=100)).hits}
    assert texts[new.id] == "来水了"


def test_what_the_log_no_longer_holds_is_told_and_stays_until_it_is_dropped(
    desk: Mended, capsys: pytest.CaptureFixture[str]
) -> None:
    (letter,) = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    with writing(desk) as (log, _):
        log.trim(POSTS_ANALYSED, letter.partition, letter.offset + 1)
    assert command(desk, "show", name(letter), "--json") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out)["message"] == "expired"
    for words in (("replay", "--all", "--dry-run"), ("replay", "--all")):
        assert command(desk, *words) == EXIT["set aside"]
    assert capsys.readouterr().err.endswith("1 dead letter: 1 expired\n")
    assert command(desk, "drop", name(letter)) == EXIT["ok"]
    assert desk.run() == []


def test_what_still_cannot_be_read_is_kept_and_its_place_told_without_its_content(
    desk: Mended, capsys: pytest.CaptureFixture[str]
) -> None:
    value = encode(POSTS[0]).replace(b"letter", CANARY.encode()[:6])
    with writing(desk) as (log, _):
        log.append(POSTS_RAW, [Message("a", value), Message("b", value[:-9])])
    letters = desk.run()
    assert len(letters) == 2
    assert command(desk, "replay", "--all", "--json") == EXIT["set aside"]
    assert [json.loads(row)["outcome"] for row in capsys.readouterr().out.splitlines()] == ["unreadable"] * 2
    assert desk.run() == letters
    capsys.readouterr()
    assert command(desk, "show", name(letters[0]), "--json") == EXIT["ok"]
    shown = json.loads(capsys.readouterr().out)
    assert (shown["readable"], shown["unreadable"], shown["unreadable_at"]) == (False, "DecodeError", "$.kind")
    assert (shown["bytes"], shown["kind"]) == (len(value), None)


# What is shown.


def test_nothing_that_is_printed_says_anything_that_a_message_says(
    desk: Mended, capfd: pytest.CaptureFixture[str]
) -> None:
    for stage in STAGES:
        desk.run(POSTS, broken=stage)
    with writing(desk) as (_, box):
        letters = box.all()
    assert {(letter.topic, letter.stage) for letter in letters} >= {STAGES[0]}
    capfd.readouterr()
    for words in (("list",), *(("show", name(letter)) for letter in letters), ("replay", "--all"), ("list",)):
        command(desk, *words)
        command(desk, *words, "--json")
    shown = capfd.readouterr()
    assert len(shown.out) > 1000
    for part in (CANARY, "停水", "号楼", "http", *(post.author or "" for post in POSTS)):
        assert part not in shown.out + shown.err
        assert json.dumps(part)[1:-1] not in shown.out


def test_the_list_is_a_table_for_people_and_lines_for_programs(
    desk: Mended, capsys: pytest.CaptureFixture[str]
) -> None:
    (letter,) = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    capsys.readouterr()
    assert command(desk, "list") == EXIT["ok"]
    shown = capsys.readouterr()
    assert shown.out == f"{name(letter)}  2026-03-01T09:00:00Z  3 tries  ValueError\n"
    assert shown.err == "1 dead letter\n"
    assert command(desk, "list", "--json", "--stage", "index") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out) == {
        "id": name(letter), "topic": "posts.analysed", "partition": letter.partition, "offset": letter.offset,
        "stage": "index", "error": "ValueError", "tries": 3, "at": "2026-03-01T09:00:00Z",
    }  # fmt: skip
    assert command(desk, "list", "--stage", "track") == EXIT["ok"]
    assert capsys.readouterr() == ("", "no dead letters\n")


def test_one_letter_is_shown_with_the_kind_of_its_message(desk: Mended, capsys: pytest.CaptureFixture[str]) -> None:
    (letter,) = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    capsys.readouterr()
    assert command(desk, "show", name(letter)) == EXIT["ok"]
    rows = dict(row.split(": ", 1) for row in capsys.readouterr().out.splitlines())
    assert (rows["message"], rows["kind"], rows["readable"]) == ("kept", "analysed", "True")
    assert (rows["of"], rows["source"], rows["published_at"]) == (POSTS[3].id, "board", "2026-03-01T08:03:00Z")


@pytest.mark.parametrize(
    ("stage", "kind"), [(STAGES[3], "update"), (STAGES[5], "membership"), (STAGES[6], "ledger"), (STAGES[0], "post")]
)
def test_every_topic_has_its_kind_of_message(
    desk: Mended, stage: tuple[str, str], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = desk.run(POSTS, broken=stage)
    capsys.readouterr()
    assert command(desk, "show", name(letters[0]), "--json") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out)["kind"] == kind


def test_a_desk_that_never_ran_has_no_dead_letters(desk: Mended, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(desk, "list") == EXIT["ok"]
    assert capsys.readouterr().err == "no dead letters\n"
    assert not desk.log.exists()


@pytest.mark.parametrize("words", [("show", "posts.raw/0/99/analyse"), ("replay", "nonsense"), ("drop", "a/b/c/d")])
def test_a_name_that_is_no_letter_is_refused_before_anything_is_done(
    desk: Mended, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(desk, *words) == EXIT["usage"]
    assert f"there is no dead letter {words[1]!r}" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["replay", "drop"])
def test_nothing_is_changed_that_was_not_named(desk: Mended, what: str) -> None:
    letters = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    assert command(desk, what) == EXIT["usage"]
    assert command(desk, what, "--stage", "track") == EXIT["ok"]
    assert command(desk, what, "--all", "--dry-run") == EXIT["ok"]
    assert command(desk, what, name(letters[0]), "--dry-run") == EXIT["ok"]
    assert desk.run() == letters


def test_a_dropped_letter_leaves_its_message_where_it_is(desk: Mended, capsys: pytest.CaptureFixture[str]) -> None:
    letters = desk.run(POSTS, broken=INDEX)
    before = desk.appended(POSTS_ANALYSED)
    assert command(desk, "drop", name(letters[0]), "--json") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out) == {"id": name(letters[0]), "outcome": "dropped"}
    assert command(desk, "drop", "--stage", "index") == EXIT["ok"]
    assert desk.appended(POSTS_ANALYSED) == before
    assert desk.run() == []


# The ways in.


def test_a_running_desk_replays_through_its_door_while_others_only_look(
    desk: Mended, healthy: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run(POSTS, broken=INDEX)
    with desk.box() as box, only_one(box.folder):
        mend = partial(do, box.streams.log, box.streams.deadletters)
        with own_log(box).database.transaction():
            assert command(desk, "list") == EXIT["ok"]
        with listen(box.folder, box.pipeline.take, box.answer, mend):
            assert command(desk, "replay", "--all", "--wait", "0") == EXIT["ok"]
            assert box.streams.deadletters.all() == []
        box.pipeline.drain(AT + 2 * 3600)
    assert "no desk is running" not in capsys.readouterr().err
    assert desk.standing() == healthy


def test_what_is_set_aside_again_is_told_with_its_new_place(desk: Mended, capsys: pytest.CaptureFixture[str]) -> None:
    (old,) = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    capsys.readouterr()
    with desk.box() as box, only_one(box.folder):
        stage = next(stage for stage in box.stages() if (stage.topic, stage.name) == INDEX)
        subscription = box.streams.log.subscribe(*INDEX)
        broken = failing(stage, is_post(3))
        worker = Worker(subscription, lambda batch: broken.handle(batch, AT), box.streams.deadletters, *INDEX, print)

        def mend(asked: Asked) -> tuple[Outcome, ...]:
            found = do(box.streams.log, box.streams.deadletters, asked)
            while worker.step(100, 0.0, AT) or worker.step(100, 0.0, AT):
                pass
            return found

        with capture_logs(), listen(box.folder, box.pipeline.take, box.answer, mend):
            assert command(desk, "replay", "--all", "--json") == EXIT["set aside"]
        (new,) = box.streams.deadletters.all()
    assert new.offset > old.offset
    told = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert told == [{"id": name(old), "outcome": "replayed"}, {"id": name(new), "outcome": "again"}]


def test_a_stage_that_stands_still_is_waited_for_no_longer_than_asked(desk: Mended) -> None:
    desk.run(POSTS, broken=INDEX, poison=is_post(3))
    with desk.box() as box, only_one(box.folder):
        mend = partial(do, box.streams.log, box.streams.deadletters)
        with listen(box.folder, box.pipeline.take, box.answer, mend):
            begin = time.monotonic()
            assert command(desk, "replay", "--all", "--wait", "0.5") == EXIT["ok"]
            assert 0.5 <= time.monotonic() - begin < 8


def test_a_desk_that_runs_without_answering_is_unreachable_not_bypassed(
    desk: Mended, capsys: pytest.CaptureFixture[str]
) -> None:
    letters = desk.run(POSTS, broken=INDEX, poison=is_post(3))
    with only_one(desk.log.parent):
        assert command(desk, "list") == EXIT["ok"]
        assert command(desk, "replay", "--all") == EXIT["unreachable"]
        assert command(desk, "drop", "--all") == EXIT["unreachable"]
    assert "no desk is running" in capsys.readouterr().err
    assert desk.run() == letters


def test_where_no_desk_runs_it_is_told_when_the_rest_happens(
    desk: Mended, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run(POSTS, broken=INDEX, poison=is_post(3))
    assert command(desk, "replay", "--all") == EXIT["ok"]
    assert "handled once it runs" in capsys.readouterr().err


def test_a_log_that_cannot_be_read_is_unreachable(desk: Mended, capsys: pytest.CaptureFixture[str]) -> None:
    desk.run(POSTS[:1])
    desk.log.write_bytes(b"no database" * 1000)
    assert command(desk, "list") == EXIT["unreachable"]
    assert "log.db" in capsys.readouterr().err


def test_a_real_desk_that_runs_replays_what_it_is_asked_to(desk: Mended) -> None:
    desk.run(POSTS, broken=INDEX, poison=is_post(3))
    with started("run", "--settings", desk.path):
        until = time.monotonic() + 60
        while not (desk.log.parent / "desk.sock").exists() and time.monotonic() < until:
            time.sleep(0.1)
        done = answerable("deadletter", "replay", "--all", "--settings", desk.path)
        assert (done.code, done.err) == (EXIT["ok"], "1 dead letter: 1 replayed\n")
        assert answerable("deadletter", "list", "--settings", desk.path).err == "no dead letters\n"
