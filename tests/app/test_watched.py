"""What a running process tells watchers of machines on a port of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from answerable.app.box import Box
from answerable.app.commands.run import _watched
from answerable.app.latest import Latest
from answerable.app.parts import Part
from answerable.app.station import Station
from answerable.errors import Unavailable
from answerable.post import Kind, Post
from answerable.settings import Settings, load
from deploy.local.ports import free_ports
from tests.app.desk import Desk

AT = 1772352000
POST = Post(id="a", source="board", kind=Kind.LETTER, text="停水了", published_at=AT, fetched_at=AT, seen_at=AT)


def settings(folder: Path, port: int, **more: str) -> Settings:
    environ = {"WATCH__PORT": str(port), "GENERAL__DATA_DIR": str(folder / "data"), **more}
    Desk(folder)
    return load(folder / "answerable.toml", {f"ANSWERABLE_{key}": value for key, value in environ.items()})


@contextmanager
def watched(station: Station) -> Iterator[httpx.Client]:
    base = f"http://127.0.0.1:{station.settings.watch.port}"
    with closing(station), _watched(station), httpx.Client(base_url=base, timeout=30) as client:
        yield client


def test_a_desk_tells_how_far_each_stage_is_and_what_waits(tmp_path: Path) -> None:
    box = Box(settings(tmp_path, free_ports(1)[0]), lambda: AT + 60)
    with watched(box) as client:
        assert client.get("/readyz").json()["parts"]["steps"] is False
        box.pipeline.take([POST])
        box.latest = Latest(box.health, 0.0)

        before = client.get("/metrics").text
        box.pipeline.drain(AT + 60)
        box.tick()
        after = client.get("/metrics").text

        assert client.get("/livez").text == "ok\n"
    assert 'answerable_waiting{stage="analyse"} 1.0' in before
    assert 'answerable_waiting{stage="analyse"} 0.0' in after
    for stage in ("crawl", "analyse", "track", "index"):
        assert f'answerable_newest_seconds{{stage="{stage}"}} {AT / 1e9!r}e+09' in after
    assert 'answerable_part_ok{part="ledger"} 1.0' in after
    assert 'answerable_mails_waiting{stage="desk"} 0.0' in after


def test_a_process_whose_log_is_away_lives_and_is_not_ready(tmp_path: Path) -> None:
    port, nobody = free_ports(2)
    kafka = {"STREAM__ENGINE": "kafka", "KAFKA__BOOTSTRAP": f'["127.0.0.1:{nobody}"]', "KAFKA__TIMEOUT_S": "1"}
    with watched(Station(settings(tmp_path, port, **kafka), frozenset({Part.TRACK}))) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"ready": False, "parts": {"log": False, "steps": False}})
        assert client.get("/livez").status_code == 200
        assert 'answerable_part_ok{part="log"} 0.0' in client.get("/metrics").text


def test_a_process_that_takes_no_step_any_more_is_to_be_started_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(settings(tmp_path, free_ports(1)[0]), lambda: AT)
    with watched(box) as client:
        box.pipeline.step(AT)
        assert client.get("/livez").status_code == 200
        box.pipeline.stepped -= 400
        answer = client.get("/livez")
        assert (answer.status_code, answer.text) == (503, "no step has begun for 400 s\n")


def test_a_port_that_is_taken_names_its_setting(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        box = Box(settings(tmp_path, port), lambda: AT)
        said = rf"^watch\.port: 127\.0\.0\.1:{port} cannot be had: .*; end what"
        with pytest.raises(Unavailable, match=said), watched(box):
            pass
