"""Forecasts and counts in words that people use."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.mail.catalogue import phrases
from alerts.mail.layout import columns, wrap
from alerts.mail.told import outlook, span, times
from answerable.incident import Forecast

EN = phrases("en")


def test_a_forecast_is_told_by_when_there_may_be_twice_as_many() -> None:
    assert outlook(20, [Forecast(1, 5, 20, 40)], EN) == "about twice as many posts in 1 hour, or fewer"
    assert outlook(20, [Forecast(1, 20, 30, 40)], EN) == "twice as many posts in 1 hour, or more"
    assert outlook(40, [Forecast(24, 2, 9, 80)], EN).startswith("perhaps twice as many posts in 12 hours")
    assert outlook(40, [Forecast(24, 0, 0, 2)], EN).startswith("hardly any")
    assert outlook(40, [], EN) == ""


@settings(derandomize=True, max_examples=100, deadline=None)
@given(posts=st.integers(0, 2000), values=st.lists(st.integers(0, 3000), min_size=9, max_size=9).map(sorted))
def test_any_forecast_can_be_told(posts: int, values: list[int]) -> None:
    forecast = [Forecast(h, values[n], values[n + 3], values[n + 6]) for n, h in enumerate((1, 3, 24))]
    for locale in ("zh", "en"):
        assert outlook(posts, forecast, phrases(locale)) or posts < 1


def test_hardly_a_usual_is_told_as_such() -> None:
    assert times(400.0, 0.1, EN) == "usually almost none"
    assert times(11.7, 3.9, EN) == "12 × the usual 4 a day"


@settings(derandomize=True, max_examples=100, deadline=None)
@given(seconds=st.integers(0, 10**8))
def test_any_span_is_told_in_a_few_letters(seconds: int) -> None:
    assert 0 < columns(span(seconds, phrases("zh"))) <= 16


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=st.text("停水三天，。a b,cd efg", max_size=300), first=st.sampled_from(["", "- ", "46–61         "]))
def test_wrapped_text_loses_no_letter(text: str, first: str) -> None:
    lines = wrap(text, first)
    assert "".join("".join(lines).split()) == "".join((first * bool(text) + text).split())


@settings(derandomize=True, max_examples=200, deadline=None)
@given(text=st.lists(st.sampled_from(["停水", "三天，", "water", "no", "，"]), max_size=60).map("".join))
def test_wrapped_text_keeps_to_78_columns(text: str) -> None:
    spaced = text.replace("water", " water ").replace("no", " no ")
    assert all(columns(line) <= 78 + columns("，" * spaced.count("，")) * ("，，" in spaced) for line in wrap(spaced))
