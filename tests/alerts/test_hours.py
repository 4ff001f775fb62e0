from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.hours import Quiet, is_quiet, next_at, read_quiet, read_time
from answerable.clock import DAY, parse, show

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("text", ["8:30", "24:00", "08:60", "", "0830", "08:30 "])
def test_what_is_no_time_of_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 08:30"):
        read_time(text)


def test_quiet_hours_without_a_dash_are_refused() -> None:
    with pytest.raises(ValueError, match="write it like 22:00-07:00"):
        read_quiet("22:00")


@pytest.mark.parametrize(
    ("time", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_quiet_hours_run_over_midnight(time: str, quiet: bool) -> None:
    assert is_quiet(parse(f"2026-03-02T{time}:00+08:00"), read_quiet("22:00-07:00"), SHANGHAI) is quiet


def test_no_quiet_hours_are_never_quiet() -> None:
    assert not any(
        is_quiet(parse(f"2026-03-02T{hour:02}:00:00+08:00"), read_quiet(""), SHANGHAI) for hour in range(24)
    )


def test_quiet_hours_within_a_day_end_in_it() -> None:
    noon = Quiet(720, 780)
    assert [is_quiet(parse(f"2026-03-02T{hour}:00:00+08:00"), noon, SHANGHAI) for hour in (11, 12, 13)] == [
        False, True, False,
    ]  # fmt: skip


def test_the_next_digest_is_later_than_the_one_that_is_due_now() -> None:
    now = parse("2026-03-02T08:30:00+08:00")
    assert show(next_at(now, (510, 1050), SHANGHAI)) == "2026-03-02T09:30:00Z"
    assert show(next_at(now - 1, (510, 1050), SHANGHAI)) == "2026-03-02T00:30:00Z"


def test_a_digest_in_the_hour_that_summer_time_leaves_out_still_comes_once_that_day() -> None:
    eve = parse("2026-03-28T12:00:00+01:00")
    first = next_at(eve, (150,), BERLIN)  # 02:30 does not exist on 29 March
    second = next_at(first, (150,), BERLIN)
    assert show(first)[:10] == "2026-03-29"
    assert show(second) == "2026-03-30T00:30:00Z"


@settings(derandomize=True, max_examples=200)
@given(after=st.integers(1_600_000_000, 1_900_000_000), minutes=st.sets(st.integers(0, 1439), min_size=1, max_size=4))
def test_a_next_time_is_later_and_within_a_day_and_an_hour(after: int, minutes: set[int]) -> None:
    for zone in (SHANGHAI, BERLIN):
        moment = next_at(after, tuple(sorted(minutes)), zone)
        assert after < moment <= after + DAY + 3600
