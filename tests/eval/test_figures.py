"""The page of figures: a row a figure, a line for each goal that is missed, parts that stay when others change."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bench.eval import PAGE, PARTS, main, measured, page, section, sections
from bench.figure import Figure

REACHED = Figure(table="spread", data="simulated", name="recall at 30", value=0.8125, goal=0.8, study=0.77)
MISSED = Figure(
    table="spread", data="simulated", name="false alerts a week", value=1.5, goal=1, better="less",
    peers=(("ratio spike", 86), ("mean + 3 sigma", 32)), spread=(1.25, 1.75), note="500 series",
)  # fmt: skip


def test_a_figure_is_a_row_beside_goal_study_and_others() -> None:
    lines = section("Spread", [REACHED, MISSED]).splitlines()
    assert lines[0] == "## Spread"
    assert lines[4] == "| simulated | recall at 30 | **0.812** | ≥ 0.8 | 0.77 |  |  |  |"
    assert lines[5] == (
        "| simulated | false alerts a week | 1.5 | ≤ 1 |  | ratio spike 86; mean + 3 sigma 32 | 1.25 … 1.75 |"
        " 500 series |"
    )
    assert lines[7:] == ["Not reached: simulated, false alerts a week: 1.5 > 1"]


def test_a_part_that_is_measured_again_leaves_the_others_as_they_were() -> None:
    first = page("", {"Spread": section("Spread", [MISSED]), "Heads": section("Heads", [REACHED])})
    second = page(first, {"Spread": section("Spread", [REACHED])})
    assert list(sections(second)) == ["Spread", "Heads"]
    assert sections(second)["Heads"] == sections(first)["Heads"]
    assert "Not reached" not in second
    assert page(second, {}) == second


def test_a_part_that_is_not_there_yet_is_said_and_passed_over() -> None:
    told: list[str] = []
    assert measured("weather", told.append) is None
    assert told == ["weather: there is no bench/weather.py yet; the part is passed over\n"]


def test_an_unknown_part_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["groupings"]) == 2
    assert "unknown part 'groupings'; parts: grouping" in capsys.readouterr().err


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_there_can_be_called(part: str) -> None:
    path = Path(__file__).parents[2] / "bench" / f"{part}.py"
    assert not path.exists() or callable(importlib.import_module(f"bench.{part}").rows)


def test_the_page_has_no_part_that_nobody_measures() -> None:
    assert not PAGE.exists() or set(sections(PAGE.read_text("utf-8"))) <= set(PARTS.values())
