"""Processes that work for this one."""

from __future__ import annotations

import time
from pathlib import Path

from answerable.app.children import Children

MANY = 8


def nothing() -> None:
    """Begin without anything."""


def noted(path: Path) -> None:
    """Leave a trace, and take a while."""
    path.touch()
    time.sleep(0.5)


def test_who_is_told_to_end_does_nothing_else_that_was_asked(tmp_path: Path) -> None:
    # given
    children = Children(1, nothing)
    for number in range(MANY):
        children.ask(noted, tmp_path / str(number))
    while not any(tmp_path.iterdir()):
        time.sleep(0.01)
    # when
    children.close()
    # then
    assert [path.name for path in tmp_path.iterdir()] == ["0"]
