"""Processes that work for this one."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from answerable.app.children import Children, told
from answerable.errors import Unavailable

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


def large(path: Path) -> bytes:
    """Answer more than a pipe holds, for ever so long."""
    path.touch()
    return bytes(1 << 25)


def test_a_process_that_is_killed_in_the_middle_of_an_answer_is_told_at_once(tmp_path: Path) -> None:
    # given
    children = Children(1, nothing)
    asked = [children.ask(large, tmp_path / str(number)) for number in range(MANY)]
    asked[0].result()
    (child,) = multiprocessing.active_children()
    # when
    child.kill()
    # then
    with pytest.raises(Unavailable, match="counts was ended from outside"):
        answered(asked)
    children.close()


def answered(asked: list[Future[bytes]]) -> None:
    with told("counts"):
        for one in asked:
            one.result(timeout=30)


def test_a_fault_of_the_work_is_raised_where_it_was_asked_for_with_the_place_where_it_lies() -> None:
    children = Children(1, nothing)
    with pytest.raises(ZeroDivisionError) as told:
        children.ask(divmod, 1, 0).result()
    assert "in _answer" in told.value.__notes__[0]
    assert children.ask(divmod, 7, 2).result() == (3, 1)
    children.close()
