"""Lines as people bring them: numbered as an editor numbers them, whatever stands between and at the end."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from answerable.errors import SettingsError
from answerable.lines import BadLine, Line, each, numbered

MARK = b"\xef\xbb\xbf"


def test_empty_lines_count_and_marks_and_white_space_are_left_out() -> None:
    found = numbered(io.BytesIO(MARK + b" one\r\n\n" + MARK + b"two \n \nthree"))
    assert list(found) == [Line(1, b"one"), Line(3, b"two"), Line(5, b"three")]


def test_a_line_that_is_too_long_is_one_bad_line_and_the_next_keeps_its_number() -> None:
    found = numbered(io.BytesIO(b"1234567\n" + b"x" * 100 + b"\nlast"), 8)
    assert list(found) == [Line(1, b"1234567"), BadLine(2, "is longer than 8 bytes"), Line(3, b"last")]


def test_a_packed_file_that_breaks_off_ends_with_a_bad_line_and_the_repair(tmp_path: Path) -> None:
    path = tmp_path / "in.txt.gz"
    packed = gzip.compress(b"\n".join(b"%d" % (number * 7919) for number in range(5000)))
    path.write_bytes(packed[: len(packed) // 2])
    *good, last = numbered(path, repair="; fetch it again")
    assert good[1] == Line(2, b"7919")
    assert last == BadLine(len(good) + 1, "the file breaks off here (EOFError); fetch it again")


def test_what_is_not_packed_under_a_packed_name_breaks_off_at_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "in.txt.gz"
    path.write_bytes(b"plain\n")
    assert list(numbered(path)) == [BadLine(1, "the file breaks off here (BadGzipFile)")]


def test_a_file_that_is_not_there_is_told_by_name_with_the_repair(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.txt: cannot be read: No such file or directory; check the path"):
        list(numbered(tmp_path / "none.txt"))


def test_what_a_reader_cannot_use_is_a_bad_line_with_its_reason_and_the_others_go_on() -> None:
    def read(text: bytes) -> int:
        if not text.isdigit():
            raise ValueError("is no number; write one such as 12")
        return int(text)

    found = each(numbered(io.BytesIO(b"1\nmany\n3\n"), 9), read)
    assert list(found) == [1, BadLine(2, "is no number; write one such as 12"), 3]
