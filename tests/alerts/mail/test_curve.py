"""The curve: bins, and a picture of them."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from alerts.mail.draw import HEIGHT, PALETTES, WIDTH, draw
from alerts.mail.letterhead import Letterhead
from alerts.mail.reader import Reader
from alerts.mail.series import bins, curve
from alerts.mail.sheet import Plot
from answerable.clock import DAY, HOUR
from answerable.incident import Level
from tests.alerts.mail import example

READER = Reader(example.person("en"), example.NAMES, example.LINKS, Letterhead(), example.AT)


def test_the_bins_fit_the_age_of_the_matter() -> None:
    now = 1000 * DAY
    steps = [bins(((now - HOUR, 3),), first_at=now - age, at=now).step for age in (2 * HOUR, 3 * DAY, 40 * DAY)]
    assert steps == [HOUR, 6 * HOUR, DAY]


def test_a_running_hour_counts_only_once_it_can_be_compared() -> None:
    hours = ((0, 5), (HOUR, 1))
    assert bins(hours, 0, HOUR + 300).counts[-1] == 5
    assert bins(hours, 0, HOUR + 3000).counts[-2:] == (5, 1)
    assert bins(((0, 5), (HOUR, 9)), 0, HOUR + 300).counts[-1] == 9


def test_the_numbers_beside_the_curve_are_the_curves() -> None:
    found = curve(example.update("en"), READER, coming=True)
    assert found is not None
    assert tuple(count for _, count in found.cells) == found.plot.counts
    assert "highest 14 at 09:00" in found.alt
    assert "36 to 84 more expected within 3 h" in found.alt


def test_an_answer_is_marked_where_it_was_given() -> None:
    found = curve(replace(example.update("en"), answered_at=example.AT - 4 * HOUR - 720), READER, coming=True)
    assert found is not None
    assert found.plot.answered == 20.0
    assert found.answered == "answered 06:00"


def test_without_posts_there_is_no_curve() -> None:
    assert curve(replace(example.update("en"), hourly=()), READER, coming=True) is None


def test_an_answer_after_the_newest_bin_is_marked_at_the_edge_where_nothing_lies_ahead() -> None:
    assert draw(Plot((0, 0), 0.0, (), 2.0), Level.RED, dark=False) == draw(
        Plot((0, 0), 0.0, (), 1.5), Level.RED, dark=False
    )


COUNTS = st.lists(st.integers(0, 5000), min_size=2, max_size=28).map(tuple)
AHEAD = st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900), st.floats(0, 900)), max_size=3)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(counts=COUNTS, usual=st.floats(0, 99), ahead=AHEAD, answered=st.none() | st.floats(0, 28))
def test_any_series_is_drawn_small_and_in_both_schemes(
    counts: tuple[int, ...], usual: float, ahead: list[tuple[float, float, float]], answered: float | None
) -> None:
    points = tuple((float(n + 1), *sorted(values)) for n, values in enumerate(ahead))
    plot = Plot(counts, usual, tuple((p[0], p[1], p[2], p[3]) for p in points), answered)
    for dark in (False, True):
        data = draw(plot, Level.RED, dark=dark)
        image = Image.open(io.BytesIO(data)).convert("RGB")
        assert image.size == (WIDTH * 2, HEIGHT * 2)
        assert image.getpixel((image.width - 1, 0)) == PALETTES[dark]["paper"]
        assert len(data) < 12_000
