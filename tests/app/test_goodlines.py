"""Bad lines are told, the first twenty of them, and counted; good ones go on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from answerable.app.goodlines import GoodLines
from answerable.errors import Rejected
from answerable.lines import BadLine


def found(bad: int) -> Iterator[str | BadLine]:
    yield "first"
    yield from (BadLine(number, "is nothing; write something") for number in range(2, 2 + bad))
    yield "last"


def test_twenty_bad_lines_are_told_and_further_ones_only_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = GoodLines("in.csv", found(25), noun="rows")
    assert list(lines) == ["first", "last"]
    assert lines.report("2 judged") == 5
    told = capsys.readouterr().err.splitlines()
    assert told[:20] == [f"in.csv:{number}: is nothing; write something" for number in range(2, 22)]
    assert told[20:] == ["in.csv: further bad rows are only counted", "in.csv: 25 bad rows skipped, 2 judged"]


def test_where_no_line_is_bad_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    lines = GoodLines("in.jsonl", found(0))
    assert (list(lines), lines.report(), capsys.readouterr().err) == (["first", "last"], 0, "")


def test_with_strict_the_first_bad_line_ends_it_after_the_good_ones_before() -> None:
    lines = iter(GoodLines("in.jsonl", found(3), strict=True))
    assert next(lines) == "first"
    with pytest.raises(Rejected, match=r"^in\.jsonl:2: is nothing; write something$"):
        next(lines)
