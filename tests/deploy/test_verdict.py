"""When the rehearsal is red, and when it says why it could not be: no engine is started here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.local import fetch, tools
from deploy.local.errors import NotBuilt, NotStarted
from deploy.rehearsal import __main__ as rehearsal
from deploy.rehearsal import desk, engine, images, machine
from deploy.rehearsal.machine import Failed
from deploy.rehearsal.steps import Step

Said = pytest.CaptureFixture[str]
PARTS = ("base", "client", "builds", "engines")


def wanting(wrong: Exception | None) -> object:
    def part(*_: object) -> str:
        if wrong is not None:
            raise wrong
        return "well"

    return part


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give a rehearsal whose parts are all had and whose one step holds, for a test to change."""

    @contextmanager
    def started(_: Path) -> Iterator[None]:
        yield

    monkeypatch.setattr(rehearsal, "engine", started)
    monkeypatch.setattr(desk, "make", wanting(None))
    stage = SimpleNamespace(clear=lambda: None, compose=lambda *_: "")
    monkeypatch.setattr(rehearsal, "Stage", lambda *_: stage)
    monkeypatch.setattr(rehearsal, "steps", lambda *_: [Step("it stands", lambda: "")])
    for name in PARTS:
        monkeypatch.setattr(images, name, wanting(None))
    return monkeypatch


@pytest.mark.usefixtures("stubs")
def test_a_rehearsal_whose_steps_hold_is_green(capsys: Said) -> None:
    assert rehearsal.main() == 0
    assert "all 1 steps hold" in capsys.readouterr().out


@pytest.mark.parametrize("part", PARTS[:3])
@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        (NotStarted("no network"), 0, "skipped: "),
        (Failed("docker build ended with 1"), 1, "FAILS  "),
        (NotBuilt("javac failed"), 1, "FAILS  "),
        (OSError("no space"), 1, "FAILS  "),
    ],
)
def test_only_what_cannot_be_fetched_is_no_failure(
    stubs: pytest.MonkeyPatch, capsys: Said, part: str, wrong: Exception, code: int, said: str
) -> None:
    stubs.setattr(images, part, wanting(wrong))
    assert rehearsal.main() == code
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(said)
    assert told.endswith(str(wrong))


@pytest.mark.parametrize("wrong", [NotStarted("no network"), Failed("no"), NotBuilt("javac failed")])
def test_nothing_is_a_skip_once_a_step_has_run(stubs: pytest.MonkeyPatch, capsys: Said, wrong: Exception) -> None:
    def steps(*given: object) -> Iterator[Step]:
        yield Step("first", lambda: "")
        yield Step("second", given[-1])  # type: ignore[arg-type] # waits for the stand-ins

    stubs.setattr(rehearsal, "steps", steps)
    stubs.setattr(images, "engines", wanting(wrong))
    assert rehearsal.main() == 1
    assert "1 passed, 1 failed" in capsys.readouterr().out


def test_no_engine_is_a_skip(stubs: pytest.MonkeyPatch, capsys: Said) -> None:
    stubs.setattr(rehearsal, "engine", wanting(NotStarted("no docker engine")))
    assert rehearsal.main() == 0
    assert capsys.readouterr().out == "skipped: no docker engine\n"


def test_a_bridge_that_stays_hides_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def say(command: list[str]) -> str:
        asked.append(command)
        raise Failed("device busy")

    bridge = tmp_path / "docker0"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    for name in ("ensure", "_wait"):
        monkeypatch.setattr(engine, name, wanting(None))
    monkeypatch.setattr(engine, "_another", lambda: False)
    monkeypatch.setattr(engine, "_BRIDGE", bridge)
    monkeypatch.setattr(engine, "say", say)
    server = SimpleNamespace(terminate=lambda: None, wait=lambda _: None)
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: server)

    def rehearsed() -> int:
        with engine.engine(tmp_path / "engine"):
            bridge.touch()
            return 1

    assert rehearsed() == 1
    assert asked == [["ip", "link", "delete", "docker0"]]


def test_our_own_source_that_does_not_compile_is_no_failed_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "ensure", wanting(None))
    done = subprocess.CompletedProcess([], 1, "", "cannot find symbol")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(NotBuilt, match="javac failed: cannot find symbol"):
        fetch._add_cjk(Path("home"))
    monkeypatch.setenv("ANSWERABLE_ENGINES_CACHE", str(tmp_path))
    with pytest.raises(NotStarted) as fetched:
        fetch._fetch_node(Path("home"))
    assert not isinstance(fetched.value, NotBuilt)


def test_a_command_that_fetches_says_why_there_can_be_none() -> None:
    with pytest.raises(NotStarted, match="false … ended with 1"):
        machine.obtain(["false"])
