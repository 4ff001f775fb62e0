"""Reading JSON Lines: every line is an item or a told reason, and nothing breaks off in the middle."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.errors import SettingsError
from answerable.post import Counts, Kind
from crawlers.border import RawItem
from crawlers.importer import MAX_LINE_BYTES, BadLine, read_items

GOOD = '{"id":"1203","source":"letters.lanting","text":"停水","published_at":"2026-03-01T08:00:00Z"}'.encode()
KINDS = "One of letter, hotline, report, forum, comment, microblog, news, official"


def read(data: bytes) -> list[RawItem | BadLine]:
    return list(read_items("-", io.BytesIO(data)))


def line(**fields: object) -> bytes:
    return msgspec.json.encode({**msgspec.json.decode(GOOD), **fields})


def reasons(found: Sequence[RawItem | BadLine]) -> list[tuple[int, str]]:
    return [(one.number, one.reason) for one in found if isinstance(one, BadLine)]


def test_a_full_line_gives_every_field() -> None:
    (found,) = read(
        line(
            id=1203, kind="official", url="https://a.example/1", title="t", author="river", lang="zh", place="临河区",
            fetched_at="2026-03-01T16:10:00+08:00", reply_to=7, repost_of="8",
            counts={"likes": 3, "odd": 1}, more={"x": 1},
        )
    )  # fmt: skip
    assert found == RawItem(
        id="1203", source="letters.lanting", kind=Kind.OFFICIAL, text="停水", title="t", url="https://a.example/1",
        author="river", published_at=1772352000, fetched_at=1772352600, lang="zh", place="临河区", reply_to="7",
        repost_of="8", counts=Counts(likes=3),
    )  # fmt: skip


def test_the_least_line_takes_the_time_of_publication_as_that_of_fetching() -> None:
    (found,) = read(GOOD)
    assert isinstance(found, RawItem)
    assert (found.fetched_at, found.kind, found.author) == (1772352000, Kind.REPORT, None)


def test_null_is_as_good_as_nothing() -> None:
    nulls = dict.fromkeys(("kind",), "forum") | dict.fromkeys(
        ("title", "url", "author", "fetched_at", "lang", "place", "reply_to", "repost_of", "counts")
    )
    assert isinstance(read(line(**nulls))[0], RawItem)


def test_empty_lines_a_byte_order_mark_and_crlf_are_passed_over() -> None:
    found = read(b"\xef\xbb\xbf" + GOOD + b"\r\n\n   \n" + GOOD)
    assert [type(one) for one in found] == [RawItem, RawItem]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line(published_at="2026-03-01T08:00:00"), "published_at: has no offset; write …Z or …+08:00"),
        (line(fetched_at="2026-03-01 08:00"), "fetched_at: has no offset; write …Z or …+08:00"),
        (line(published_at="yesterday, said river_li"), "published_at: is no RFC 3339 time"),
        (line(published_at="1969-12-31T23:59:59Z"), "published_at: lies outside 1970 to 9999"),
        (line(published_at=1772352000), "published_at: expected `str`, got `int`"),
        (line(kind="lettr"), f"kind: is unknown, did you mean 'letter'? {KINDS}"),
        (line(kind="river_li"), f"kind: is unknown. {KINDS}"),
        (line(text=7), "text: expected `str`, got `int`"),
        (line(counts={"likes": -1}), "counts.likes: expected `int` >= 0"),
        (line(id=""), "id: expected `str` of length >= 1"),
        (b'{"id":"1","source":"s","text":"t"}', "object missing required field `published_at`"),
        (b"[1,2]", "expected `object`, got `array`"),
        (b"not json", "is no JSON object"),
        (b'{"id":"\xff\xfe"}', "is not UTF-8"),
        (GOOD[:40], "is no JSON object"),
        (b"[" * 100_000, "expected `object`, got `array`"),
    ],
)  # fmt: skip
def test_a_bad_line_says_its_number_and_why_and_never_what_it_holds(bad: bytes, reason: str) -> None:
    found = read(GOOD + b"\n" + bad + b"\n" + GOOD)
    assert reasons(found) == [(2, reason)]
    assert len(found) == 3
    assert "river_li" not in reason


def test_a_line_that_is_too_long_is_skipped_in_small_memory() -> None:
    found = read(
        GOOD + b"\n" + b'{"id":"' + b"x" * (3 * MAX_LINE_BYTES) + b"\n" + GOOD + b"\n" + b"y" * (MAX_LINE_BYTES + 1)
    )
    assert reasons(found) == [
        (2, f"is longer than {MAX_LINE_BYTES} bytes"),
        (4, f"is longer than {MAX_LINE_BYTES} bytes"),
    ]
    assert isinstance(found[2], RawItem)


def test_gz_files_are_read_and_a_broken_one_ends_with_a_told_line(tmp_path: Path) -> None:
    whole, cut, fake = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz", tmp_path / "c.jsonl.gz"
    packed = gzip.compress(b"\n".join([GOOD] * 2000))
    whole.write_bytes(packed)
    cut.write_bytes(packed[: len(packed) // 2])
    fake.write_bytes(GOOD)
    assert len(list(read_items(whole, io.BytesIO()))) == 2000
    *_, last = read_items(cut, io.BytesIO())
    assert isinstance(last, BadLine)
    assert "breaks off" in last.reason
    assert [type(one) for one in read_items(fake, io.BytesIO())] == [BadLine]


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.jsonl: cannot be read"):
        list(read_items(tmp_path / "nothing.jsonl", io.BytesIO()))


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(st.binary(max_size=80) | st.just(GOOD), max_size=8))
def test_whatever_the_bytes_no_line_breaks_the_reading(lines: list[bytes]) -> None:
    data = b"\n".join([*lines, GOOD])
    assert isinstance(read(data)[-1], RawItem)


def test_fifty_thousand_lines_take_about_a_second() -> None:
    data = b"\n".join([line(text="停水" * 60, author="river", counts={"likes": 1})] * 20_000)
    started = time.process_time()
    assert sum(isinstance(one, RawItem) for one in read_items("-", io.BytesIO(data))) == 20_000
    assert time.process_time() - started < 20_000 / 25_000  # half the promised speed, for slow machines
