"""Packages of the machine: what apt says is told, and one process of ours asks it at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from deploy.local import apt
from deploy.local.errors import NotStarted


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an apt-get before the real one that writes down its words, and refuses a package of that name."""
    program = tmp_path / "bin" / "apt-get"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\necho "$@" >> "$CALLS"\ncase "$*" in *no-such*) echo "E: no such package" >&2; exit 100;; esac\n'
        "sleep 0.2\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(apt, "LISTS", str(tmp_path / "lists"))
    return tmp_path / "calls"


def test_the_lists_are_read_before_packages_are_installed(calls: Path) -> None:
    apt.install(["one", "two"])
    said = [line.split() for line in calls.read_text().splitlines()]
    assert [line[0] for line in said] == ["update", "install"]
    assert said[1][-2:] == ["one", "two"]


def test_a_refusal_is_told_in_apts_words(calls: Path) -> None:
    with pytest.raises(NotStarted, match="E: no such package"):
        apt.install(["no-such"])


def test_two_do_not_ask_at_once(calls: Path) -> None:
    others = [threading.Thread(target=apt.install, args=([name],)) for name in ("one", "two")]
    began = time.monotonic()
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [line.split()[0] for line in calls.read_text().splitlines()] == ["update", "install"] * 2
    assert time.monotonic() - began > 0.75
