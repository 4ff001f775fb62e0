from __future__ import annotations

import pytest

from alerts.conditions import Condition, Figure, View, holds, read
from answerable.clock import DAY
from answerable.incident import Between, Components, Evidence
from tests.alerts.givens import MORNING, update

FAST = Components(
    heat=3.0, growth=1.5, doubling_h=None, breadth=4, effective=6.0, danger=(("fire", 2),), service=(("water", 9),)
)
SEEN = View(
    update(
        components=FAST, authors=Between(7, 20), token_days=20, posts=40, duplicates=15, sources=("a", "b"),
        districts=(("4401-03", 9), ("4401-04", 2)),
    ), MORNING, MORNING - 3 * DAY, 2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "text", "value"),
    [
        (Figure.HEAT, ">= 3x", 3.0),
        (Figure.GROWTH, ">= doubling 6h", 1.5),
        (Figure.GROWTH, ">= 3 doublings in 12h", 3.0),
        (Figure.AUTHORS, ">= 7", 7),
        (Figure.AUTHOR_DAYS, ">= 20", 20),
        (Figure.EFFECTIVE, ">= 5", 6),
        (Figure.POSTS, ">= 25", 25),
        (Figure.BREADTH, "> 3", 4),
        (Figure.SOURCES, ">= 2", 2),
        (Figure.DISTRICTS, ">= 2", 2),
        (Figure.REGIONS, ">= 2", 2),
        (Figure.DANGER, ">=2", 2),
        (Figure.SERVICE, ">= 9", 9),
        (Figure.UNANSWERED, ">= 3d", 72),
        (Figure.UNANSWERED, ">= 72h", 72),
    ],
)
def test_a_condition_that_holds_gives_its_figure_beside_its_threshold(
    figure: Figure, text: str, value: float
) -> None:
    condition = read(figure, text)
    assert holds(condition, SEEN) == Evidence(f"rule.{figure.value}", value, condition.least)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (Figure.HEAT, "> 3x"), (Figure.HEAT, ">= 3.1x"), (Figure.GROWTH, ">= doubling 3h"), (Figure.AUTHORS, "> 7"),
        (Figure.POSTS, ">= 26"), (Figure.UNANSWERED, "> 3d"), (Figure.DANGER, ">= 3"),
    ],
)  # fmt: skip
def test_a_condition_that_does_not_hold_gives_nothing(figure: Figure, text: str) -> None:
    assert holds(read(figure, text), SEEN) is None


def test_what_was_answered_does_not_wait() -> None:
    assert holds(read(Figure.UNANSWERED, ">= 1h"), View(SEEN.update, MORNING)) is None


def test_growth_is_read_from_the_doubling_time_where_that_is_faster() -> None:
    quick = View(update(components=Components(growth=0.0, doubling_h=2.0)), MORNING)
    found = holds(read(Figure.GROWTH, ">= doubling 6h"), quick)
    assert found is not None
    assert found.value == 3.0


@pytest.mark.parametrize(
    ("figure", "text", "example"),
    [
        (Figure.AUTHORS, "< 5", "write '>= 5'"), (Figure.AUTHORS, "5", "write '>= 5'"),
        (Figure.AUTHORS, ">= many", "write '>= 5'"), (Figure.AUTHORS, ">= 5x", "write '>= 5'"),
        (Figure.HEAT, ">= 3", "write '>= 3x'"), (Figure.HEAT, "== 3x", "write '>= 3x'"),
        (Figure.GROWTH, ">= 6h", "write '>= doubling 6h'"), (Figure.UNANSWERED, ">= 30", "write '>= 30d'"),
        (Figure.UNANSWERED, ">= 2w", "write '>= 30d'"), (Figure.DANGER, "", "write '>= 5'"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_with_the_right_way_to_write_it(
    figure: Figure, text: str, example: str
) -> None:
    with pytest.raises(ValueError, match=r"no condition|does not fit") as caught:
        read(figure, text)
    assert example in str(caught.value)


def test_a_condition_is_a_value() -> None:
    assert read(Figure.GROWTH, ">= 2 doublings 6h") == Condition(Figure.GROWTH, 2.0, False, 6.0)
