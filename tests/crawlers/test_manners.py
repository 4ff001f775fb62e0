"""How often a host is asked, and when a visit ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.manners import Manners, Next, retry_after_seconds


def test_requests_to_a_host_stay_apart_and_other_hosts_do_not_wait() -> None:
    manners = Manners(5)
    assert manners.wait("a", 100) == 0
    manners.asked("a", 100)
    assert (manners.wait("a", 102), manners.wait("b", 102)) == (3, 0)
    manners.answered("a", 200, None, 103)
    assert manners.wait("a", 103) == 5


def test_a_crawl_delay_only_ever_slows_down() -> None:
    manners = Manners(5)
    manners.slower("a", 1)
    manners.asked("a", 0)
    assert manners.wait("a", 0) == 5
    manners.slower("a", 20)
    manners.asked("a", 10)
    assert manners.wait("a", 10) == 20


@pytest.mark.parametrize("status", [403, 429])
def test_three_refusals_in_a_row_end_the_visit(status: int) -> None:
    manners = Manners(1)
    steps = [manners.answered("a", status, None, at) for at in range(3)]
    assert steps == [Next.GO_ON, Next.GO_ON, Next.STOP]
    assert manners.retry_at > 0


def test_an_answer_in_between_starts_the_count_anew() -> None:
    manners = Manners(1)
    steps = [manners.answered("a", status, None, at) for at, status in enumerate((403, 429, 200, 403, 403, 500, 403))]
    assert Next.STOP not in steps


def test_a_short_retry_after_is_waited_for_and_a_long_one_ends_the_visit() -> None:
    manners = Manners(1)
    assert manners.answered("a", 429, 30, 100) is Next.AGAIN
    assert manners.wait("a", 100) == 30
    assert manners.answered("b", 503, 3600, 100) is Next.STOP
    assert manners.retry_at == 3701


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0), ("120", 120), (" 7 ", 7), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("٣", None),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 60), ("Thu, 01 Jan 1970 00:00:10 GMT", 0), ("Thu, 99 Jan", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after_seconds(value, 60) == seconds


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.text(max_size=40))
def test_no_retry_after_breaks_the_reading(value: str) -> None:
    found = retry_after_seconds(value, 0)
    assert found is None or found >= 0
