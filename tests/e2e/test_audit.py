"""A history taken in live, then its log folded again: the same incidents and alerts as a replay of the file."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs

from answerable import incident
from answerable.app.box import Box
from answerable.app.cli import main
from answerable.app.parts import Part
from answerable.incident import IncidentUpdate
from answerable.post import post_id
from answerable.settings import load
from stream.log import Message
from stream.topics import INCIDENTS, POSTS_ANALYSED
from tests.e2e import corpus
from tests.embedded import own_log


@pytest.fixture(scope="module")
def folded(posts: list[corpus.Line], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose log holds the city's history, folded by a box."""
    folder = tmp_path_factory.mktemp("live")
    path = corpus.write(folder / "posts.jsonl", posts)
    (folder / "answerable.toml").write_text(corpus.settings_text(folder / "data"), "utf-8")
    assert main(["import", "--history", str(path), "--settings", str(folder / "answerable.toml")]) == 0
    with closing(Box(load(folder / "answerable.toml", {}), lambda: corpus.START)) as box:
        box.pipeline.drain(corpus.START)
    return folder


def audited(folder: Path, out: Path) -> int:
    return main(["replay", "--log", "--out", str(out), "--settings", str(folder / "answerable.toml")])


def rows(path: Path, natives: dict[str, str]) -> list[dict[str, object]]:
    """Return a file's rows with the ids under which posts came in."""
    text = path.read_text("utf-8")
    for key, native in natives.items():
        text = text.replace(f'"{key}"', f'"{native}"')
    return [json.loads(line) for line in text.splitlines()]


def test_the_log_says_what_was_told_and_gives_the_alerts_of_a_replay(
    posts: list[corpus.Line], folded: Path, replayed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audited(folded, tmp_path / "out") == 0
    said = capsys.readouterr().err
    assert "updates are as they were told, 0 are not, 0 were not told, 0 were told and" in said
    natives = {post_id(str(line["source"]), str(line["id"])): str(line["id"]) for line in posts}
    for name in ("incidents.jsonl", "alerts.jsonl"):
        assert rows(tmp_path / "out" / name, natives) == rows(replayed / name, {})
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "incidents.jsonl", "alerts.jsonl", "summary.json", "mail",
    }  # fmt: skip


def test_a_message_that_cannot_be_read_is_left_out_as_the_trackers_did(
    folded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Box(load(folded / "answerable.toml", {}), lambda: corpus.START)) as box:
        for topic in (POSTS_ANALYSED, INCIDENTS):
            box.stores.log.append(topic, [Message("", b"\xc1")])
    assert audited(folded, tmp_path / "out") == 0
    assert "updates are as they were told, 0 are not, 0 were not told, 0 were told and" in capsys.readouterr().err


def test_of_a_log_whose_beginning_has_expired_it_is_said_that_differences_mean_nothing(
    folded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "desk"
    shutil.copytree(folded, whole)
    (whole / "answerable.toml").write_text(corpus.settings_text(whole / "data"), "utf-8")
    with closing(Box(load(whole / "answerable.toml", {}), lambda: corpus.START)) as box:
        first, end = own_log(box).ends(POSTS_ANALYSED)[0]
        own_log(box).trim(POSTS_ANALYSED, 0, (first + end) // 2)
    assert audited(whole, tmp_path / "out") == 0
    assert "the log no longer holds its beginning, so differences mean nothing" in capsys.readouterr().err


def test_what_was_told_otherwise_than_the_log_says_is_found(
    folded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(Box(load(folded / "answerable.toml", {}), lambda: corpus.START)) as box:
        first = incident.decode(own_log(box).read(INCIDENTS, 0, 0)[0].value)
        assert isinstance(first, IncidentUpdate)
        forged = incident.encode(structs.replace(first, posts=99))
        box.stores.log.append(INCIDENTS, [Message(first.incident, forged)])
    assert audited(folded, tmp_path / "out") == 1
    assert ", 1 are not, 0 were not told" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--log", "posts.jsonl"], [], ["--log", "--resume"]])
def test_a_replay_wants_a_file_or_the_log(words: list[str], tmp_path: Path) -> None:
    assert main(["replay", *words, "--out", str(tmp_path / "out")]) == 2


def test_a_part_of_its_own_needs_a_log_on_a_server(folded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", Part.TRACK, "--settings", str(folded / "answerable.toml")]) == 3
    assert 'stream.engine: parts in processes of their own need a log on a server; write engine = "kafka"' in (
        capsys.readouterr().err
    )
