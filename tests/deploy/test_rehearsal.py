"""The rehearsal's own parts, as far as they need no engine."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from answerable.settings import load
from crawlers.sources import read_sources
from deploy.local.errors import NotStarted
from deploy.rehearsal import __main__ as rehearsal
from deploy.rehearsal import desk, images, machine
from deploy.rehearsal.composed import faults
from deploy.rehearsal.machine import Failed
from deploy.rehearsal.stage import until
from tests.deploy.test_compose import SERVICES


def test_stand_ins_bear_the_names_that_the_composed_file_asks_for() -> None:
    assert [images._image(name) for name in ("kafka", "elasticsearch")] == [
        SERVICES[name]["image"] for name in ("kafka", "elasticsearch")
    ]
    assert images._python_image().startswith("python:3.11.")


def test_the_desk_has_ports_of_its_own_and_lists_the_citys_sources(tmp_path: Path) -> None:
    variables = desk.make(tmp_path / "desk", 18017, 19094)

    text = variables.read_text("utf-8")
    assert desk.port(tmp_path / "desk") == 18017
    assert "ANSWERABLE_KAFKA_PORT=19094" in text
    assert load(tmp_path / "desk" / "answerable.toml", {}).smtp.port == 2525
    found = read_sources(tmp_path / "desk" / "sources.yaml")
    assert [(one.id, one.url.split("/")[2]) for one in found] == [
        ("letters", "site:8080"), ("forum", "site:8080"), ("harbour", "harbour:8080"), ("news", "harbour:8080"),
    ]  # fmt: skip


def test_sources_come_and_go(tmp_path: Path) -> None:
    desk.write_sources(tmp_path, ("forum", "archive"))

    found = {one.id: one.url for one in read_sources(tmp_path / "sources.yaml")}
    assert sorted(found) == ["archive", "forum", "letters"]
    assert found["archive"] == "http://archive:8080/forum/"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"image": "box@sha256:" + "0" * 64}, []),
        ({"image": "box:latest"}, ["box: the tag of box:latest floats"]),
        ({"image": "box"}, ["box: the tag of box floats"]),
        ({"image": "box:8"}, ["box: the tag of box:8 floats"]),
        ({"user": "0:0"}, ["box: runs as root"]),
        ({"user": "root"}, ["box: runs as root"]),
        ({"user": ""}, ["box: runs as root"]),
        ({"ports": [{"target": 80}]}, ["box: port 80 is published on every address"]),
        ({"ports": [{"target": 80, "host_ip": "10.0.0.8"}]}, ["box: port 80 is published on 10.0.0.8"]),
    ],
)
def test_what_no_composed_desk_may_have_is_told(change: dict[str, object], said: list[str]) -> None:
    right = {"image": "box:1.2.3", "user": "10001:10001", "ports": [{"target": 80, "host_ip": "127.0.0.1"}]}

    assert faults({"services": {"box": right | change}}) == said


def test_what_a_command_said_last_is_in_its_failure() -> None:
    with pytest.raises(Failed, match="ended with 3: no such day"):
        machine.say([sys.executable, "-c", "import sys; print('no such day'); sys.exit(3)"])
    assert machine.say([sys.executable, "-c", "print('well')"]) == "well\n"
    remark = "import sys; print('well'); print('but', file=sys.stderr)"
    assert machine.hear([sys.executable, "-c", remark]) == ("well\n", "but\n")


def test_what_cannot_be_fetched_ahead_is_told_and_the_rest_is_fetched(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[str] = []

    def refused() -> Path:
        raise NotStarted("no such mirror")

    monkeypatch.setattr("os.nice", lambda more: made.append(f"nice {more}"))
    monkeypatch.setattr(images, "packages", refused)
    monkeypatch.setattr(images, "client", lambda: made.append("client"))
    monkeypatch.setattr(images, "builds", lambda: made.append("builds"))
    assert rehearsal.ahead() == 0
    assert made == ["nice 19", "client", "builds"]
    assert capsys.readouterr().out == "not yet: no such mirror\n"


def test_what_cannot_be_installed_is_named() -> None:
    with pytest.raises(NotStarted, match="not on this machine: no-such-program"):
        machine.ensure("no-such-program")


def test_waiting_ends() -> None:
    began = time.monotonic()
    with pytest.raises(Failed, match=r"the flood: not within 0\.1 s"):
        until("the flood", lambda: False, 0.1)
    assert time.monotonic() - began < 10
