"""Times as pages show them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable import clock
from crawlers.parse.dates import read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = int(datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI).timestamp())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01 16:00:05", "2026-03-01T08:00:05Z"),
        ("2026/3/1 16:00", "2026-03-01T08:00:00Z"),
        ("2026.03.01", "2026-02-28T16:00:00Z"),
        ("2026年3月1日16时05分", "2026-03-01T08:05:00Z"),
        ("2026年3月1日 下午4:05", "2026-03-01T08:05:00Z"),
        ("2026年03月01日 星期日", "2026-02-28T16:00:00Z"),
        ("来信时间：2026-03-01 16:00 浏览：12次", "2026-03-01T08:00:00Z"),
        ("3月1日 16:00", "2026-03-01T08:00:00Z"),
        ("12月31日 10:00", "2025-12-31T02:00:00Z"),
        ("03-01 16:00", "2026-03-01T08:00:00Z"),
        ("今天 09:30", "2026-03-05T01:30:00Z"),
        ("昨天23:10", "2026-03-04T15:10:00Z"),
        ("前天 08:00", "2026-03-03T00:00:00Z"),
        ("5分钟前", "2026-03-05T03:55:00Z"),
        ("半小时前", "2026-03-05T03:30:00Z"),
        ("3 天前", "2026-03-02T04:00:00Z"),
        ("刚刚", "2026-03-05T04:00:00Z"),
        ("2026-03-01T16:00:00+08:00", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00.123Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00-0500", "2026-03-01T13:00:00Z"),
        ("Sun, 01 Mar 2026 08:00:00 GMT", "2026-03-01T08:00:00Z"),
        ("01 Mar 2026 03:00:00 -0500", "2026-03-01T08:00:00Z"),
        ("March 1, 2026 4:05 PM", "2026-03-01T08:05:00Z"),
        ("Mar 1st, 2026 at 12:05 am", "2026-02-28T16:05:00Z"),
        ("1 March 2026, 16:05", "2026-03-01T08:05:00Z"),
        ("03/01/2026 4:05 PM", "2026-03-01T08:05:00Z"),
        ("1.3.2026 16:05", "2026-03-01T08:05:00Z"),
        ("2 hours ago", "2026-03-05T02:00:00Z"),
        ("an hour ago", "2026-03-05T03:00:00Z"),
        ("yesterday 16:00", "2026-03-04T08:00:00Z"),
    ],
)
def test_a_time_is_read_in_the_sources_zone(text: str, expected: str) -> None:
    found = read_time(text, SHANGHAI, NOW)
    assert found is not None
    assert clock.show(found) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-13-45", "31.31.2026", "99:99", "12345", "电话0531-88881234"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text, SHANGHAI, NOW) is None


def test_the_zone_counts() -> None:
    assert read_time("2026-07-01 12:00", ZoneInfo("Europe/Berlin"), NOW) == clock.parse("2026-07-01T10:00:00Z")


@settings(max_examples=500, derandomize=True, deadline=None)
@given(
    st.text(st.sampled_from("0123456789年月日-/:.T +ZAPMamr前天小时分钟 昨")) | st.text(),
    st.integers(0, 4_000_000_000),
)
def test_no_text_breaks_the_reading(text: str, now: int) -> None:
    assert isinstance(read_time(text, SHANGHAI, now), int | None)
