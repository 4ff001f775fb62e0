"""SIGKILL between any two durable steps: nothing is lost and nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stream.deadletter import SqliteDeadLetters
from stream.embedded import SqliteLog
from tests.stream import victim

ROOT = Path(__file__).parents[2]


def run(verb: str, file: Path, kill_at: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 — our own code
        [sys.executable, "-m", "tests.stream.victim", verb, str(file)],
        cwd=ROOT, env={**os.environ, "ANSWERABLE_KILL_AT": kill_at}, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip


def numbers(log: SqliteLog, topic: str) -> list[int]:
    return [int(message.value) for message in log.read(topic, 0, 0, 10_000)]


@pytest.mark.parametrize("mark", ["append written:1", "append written:4", "appended:1", "appended:4"])
def test_a_killed_producer_leaves_whole_batches_and_all_that_it_called_durable(tmp_path: Path, mark: str) -> None:
    done = run("produce", tmp_path / "log.db", mark)
    assert done.returncode == -signal.SIGKILL, done.stderr
    log = SqliteLog(tmp_path / "log.db", {})
    kept = numbers(log, victim.SOURCE)
    log.close()
    promised = victim.SIZE * done.stdout.count("ok")
    assert kept == list(range(len(kept)))
    assert len(kept) - promised == (victim.SIZE if mark.startswith("appended") else 0)


@pytest.mark.parametrize(
    "mark",
    ["batch written:1", "batch written:3", "batch closed:1", "batch closed:3", "batch handled:5", "dead letter kept"],
)
def test_a_killed_consumer_loses_nothing_and_doubles_nothing(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "log.db"
    assert run("produce", file).returncode == 0
    killed = run("consume", file, mark)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = run("consume", file)
    assert again.returncode == 0, again.stderr
    log = SqliteLog(file, {})
    healthy = [n for n in range(victim.BATCHES * victim.SIZE) if str(n).encode() != victim.POISON]
    assert numbers(log, victim.OUT) == healthy
    assert log.restore(victim.SOURCE, victim.GROUP, 0).items == {"count": str(len(healthy)).encode()}
    assert [letter.offset for letter in SqliteDeadLetters(log.database).all()] == [int(victim.POISON)]
    log.close()


def test_a_process_without_the_variable_passes_every_mark(tmp_path: Path) -> None:
    assert run("produce", tmp_path / "log.db", "no such mark").returncode == 0
