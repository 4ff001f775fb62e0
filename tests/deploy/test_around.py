"""A command runs with engines around it, and on a machine without Java without them, unless it is CI's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE

import pytest

from deploy.local.server import command_of

ROOT = Path(__file__).parents[2]
ASKING = "from tests import engines\n\n\ndef test_it():\n    engines.kafka()\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout in which nothing was ever started."""
    shutil.copytree(ROOT / "deploy", tmp_path / "checkout" / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "checkout"


def call(checkout: Path, *words: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    python = [sys.executable, "-m", "deploy.local", *words]
    return subprocess.run(python, cwd=checkout, env=dict(env), capture_output=True, text=True, check=False)  # noqa: S603 — our own program


def without_java(folder: Path) -> dict[str, str]:
    """Return an environment whose PATH has a shell alone."""
    (folder / "bin").mkdir()
    (folder / "bin" / "sh").symlink_to("/bin/sh")
    return {"PATH": str(folder / "bin"), "HOME": str(folder)}


def test_on_a_laptop_without_java_the_command_runs_and_a_line_says_what_is_skipped(checkout: Path) -> None:
    done = call(checkout, "around", "sh", "-c", "echo ran; exit 5", env=without_java(checkout))
    assert (done.returncode, done.stdout) == (5, "ran\n")
    assert done.stderr.startswith(
        "No engines run, so the tests that need them are skipped: not on this machine: java"
    )
    assert "make engines" in done.stderr


def test_in_ci_without_java_the_command_does_not_run(checkout: Path) -> None:
    done = call(checkout, "around", "sh", "-c", "echo ran", env=without_java(checkout) | {"CI": "1"})
    assert (done.returncode, done.stdout) == (1, "")
    assert "not on this machine: java" in done.stderr


def test_where_nothing_was_started_status_says_how_and_stop_has_nothing_to_do(checkout: Path) -> None:
    told = [call(checkout, verb, env=os.environ) for verb in ("status", "stop")]
    assert [done.returncode for done in told] == [1, 0]
    assert [done.stdout for done in told] == [
        "not running; to start: make engines\n",
        "no engines were started here\n",
    ]


def test_a_wrong_call_is_told_the_verbs(checkout: Path) -> None:
    done = call(checkout, "begin", env=os.environ)
    assert (done.returncode, done.stdout) == (2, "")
    assert "start | secured | stop | status" in done.stderr


def test_an_ended_run_ends_its_command_too(checkout: Path) -> None:
    waiting = "import os, time; os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"
    word = [sys.executable, "-m", "deploy.local", "around", sys.executable, "-c", waiting]
    env = without_java(checkout)
    with subprocess.Popen(word, cwd=checkout, env=env, stdout=PIPE, stderr=PIPE, text=True) as run:  # noqa: S603
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        run.terminate()
        assert run.wait(timeout=30) == 143
    assert command_of(pid) == ""


@pytest.mark.parametrize(("more", "outcome"), [({}, "1 skipped"), ({"CI": "1"}, "1 failed")])
def test_a_test_that_asks_for_an_engine_where_none_runs(checkout: Path, more: dict[str, str], outcome: str) -> None:
    (checkout / "tests").mkdir()
    (checkout / "tests" / "__init__.py").touch()
    shutil.copy(ROOT / "tests" / "engines.py", checkout / "tests")
    (checkout / "tests" / "test_it.py").write_text(ASKING, "utf-8")
    word = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rs", "tests"]
    env = without_java(checkout) | more
    done = subprocess.run(word, cwd=checkout, env=env, capture_output=True, text=True, check=False)  # noqa: S603
    assert outcome in done.stdout
    assert "no engines run here; start them with: make engines" in done.stdout
