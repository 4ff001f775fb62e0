"""What is slow to make is made once for all tests, also where several processes run them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from answerable.settings import Settings, load
from tests.e2e import corpus
from tests.e2e.running import replay

Made = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a function that makes a named folder, unless another process of this run has made it."""
    own = tmp_path_factory.getbasetemp()
    root = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = root / name, root / f"{name}.done"
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def posts() -> list[corpus.Line]:
    return corpus.week()


@pytest.fixture(scope="session")
def given(once: Made, posts: list[corpus.Line]) -> Path:
    """Return a folder with the week in in.jsonl and a desk's settings in desk.toml."""

    def fill(folder: Path) -> None:
        corpus.write(folder / "in.jsonl", posts)
        (folder / "desk.toml").write_text(corpus.settings_text(folder / "data"), "utf-8")

    return once("given", fill)


@pytest.fixture(scope="session")
def replayed(once: Made, given: Path) -> Path:
    """Return the folder of a replay of the week that nothing disturbed."""

    def fill(folder: Path) -> None:
        done = replay(given / "in.jsonl", folder, given / "desk.toml")
        assert (done.code, done.err) == (0, "")

    return once("replayed", fill)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a desk that keeps everything in a folder of this test."""
    path = tmp_path / "desk.toml"
    path.write_text(corpus.settings_text(tmp_path / "data"), "utf-8")
    return load(path, {})
