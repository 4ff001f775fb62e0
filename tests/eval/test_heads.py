"""The heads on labelled texts that their weights never saw; a figure below its floor fails."""

from __future__ import annotations

import pytest

from bench.heads import CALIBRATED, FIGURES, digest
from tests.eval.floors import ON_DATA, floors

FLOORS = floors("heads")

pytestmark = ON_DATA


def test_the_data_are_those_that_the_floors_were_measured_on() -> None:
    assert digest() == FLOORS["data"]


def test_every_figure_has_its_limit() -> None:
    assert sorted(FIGURES) == sorted(FLOORS["floor"])
    assert sorted(CALIBRATED) == sorted(FLOORS["calibration_error"])


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_stays_above_its_floor(name: str) -> None:
    assert round(FIGURES[name].value(), 4) >= FLOORS["floor"][name]


@pytest.mark.slow
@pytest.mark.parametrize("name", CALIBRATED)
def test_a_shipped_head_knows_how_sure_it_is(name: str) -> None:
    assert round(CALIBRATED[name]().ece, 4) <= FLOORS["calibration_error"][name]
