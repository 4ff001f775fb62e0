"""Dead letters of a log on a server: whoever asks writes, no desk need run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.cli import EXIT, main
from answerable.post import Forget, encode
from answerable.settings import Settings, load
from stream.deadletter import DeadLetter
from stream.kafka_client import Clients
from stream.log import Message
from stream.topics import POSTS_RAW
from tests import engines
from tests.app.mended import AT, POSTS

MESSAGES = [Message(post.id, encode(post)) for post in POSTS[:3]]


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Return settings with topics of their own on the shared broker."""
    prefix = f"{engines.prefix()}."
    path = tmp_path / "answerable.toml"
    kafka = f'[kafka]\nbootstrap = ["{engines.kafka()}"]\nprefix = "{prefix}"\nreplicas = 1\n'
    path.write_text(f'[general]\ndata_dir = "data"\n[stream]\nengine = "kafka"\npartitions = 2\n{kafka}', "utf-8")
    assert main(["migrate", "--settings", str(path)]) == EXIT["ok"]
    yield path
    client = Clients(settings(path).kafka).admin()
    client.delete_topics([name for name in client.list_topics() if name.startswith(prefix)])
    client.close()


def settings(path: Path) -> Settings:
    return load(path, {})


def command(path: Path, *words: str) -> int:
    return main(["deadletter", *words, "--settings", str(path)])


def ends(path: Path) -> list[int]:
    with closing(wiring.streams(settings(path)).log) as log:
        return [end for _, end in log.ends(POSTS_RAW)]


def test_letters_on_a_server_are_listed_replayed_once_and_dropped_without_a_desk(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    streams = wiring.streams(settings(path))
    streams.log.append(POSTS_RAW, [*MESSAGES, Message("", encode(Forget(POSTS[2].id, AT, AT)))], 1)
    for offset in (0, 1, 2, 99):
        streams.deadletters.put(DeadLetter(POSTS_RAW, 1, offset, "analyse", "ValueError", 3, AT))
    streams.log.close()
    before = ends(path)
    capsys.readouterr()

    assert command(path, "list", "--json") == EXIT["ok"]
    named = [json.loads(row)["id"] for row in capsys.readouterr().out.splitlines()]
    assert named == [f"posts.raw/1/{offset}/analyse" for offset in (0, 1, 2, 99)]
    assert command(path, "show", named[1], "--json") == EXIT["ok"]
    assert json.loads(capsys.readouterr().out)["of"] == POSTS[1].id

    assert command(path, "replay", *named[:1], "--dry-run") == EXIT["ok"]
    assert ends(path) == before
    assert command(path, "replay", "--all", "--wait", "0") == EXIT["set aside"]
    assert ends(path) == [before[0], before[1] + 2]
    assert command(path, "replay", "--all", "--wait", "0") == EXIT["set aside"]
    assert ends(path) == [before[0], before[1] + 2]
    with closing(wiring.streams(settings(path)).log) as log:
        assert log.read(POSTS_RAW, 1, before[1], 9) == tuple(MESSAGES[:2])

    assert command(path, "drop", "--all") == EXIT["ok"]
    capsys.readouterr()
    assert command(path, "list") == EXIT["ok"]
    assert capsys.readouterr() == ("", "no dead letters\n")
