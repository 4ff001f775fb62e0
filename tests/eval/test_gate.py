"""The gate: matters among chatter are shown, chatter is not; a figure below its floor fails."""

from __future__ import annotations

import pytest

from bench import gate
from tests.eval.floors import ON_DATA, floors

LIMITS = floors("gate")
SEED, COUNT = 1, 1000

pytestmark = [*ON_DATA, pytest.mark.slow]


def test_the_data_are_those_that_the_floors_were_measured_on() -> None:
    assert gate.digest() == LIMITS["data"]


@pytest.mark.parametrize("name", ["letters", "reports"])
def test_matters_are_shown_and_chatter_is_not(name: str) -> None:
    seen = {"letters": gate.letters, "reports": gate.reports}[name](SEED, COUNT)
    assert seen.matters >= LIMITS["floor"][f"{name}.matters"]
    assert seen.chatter >= LIMITS["floor"][f"{name}.chatter"]
    assert seen.matters_shown / seen.matters >= LIMITS["floor"][f"{name}.matters_shown"]
    assert seen.chatter_shown / seen.chatter <= LIMITS["ceiling"][f"{name}.chatter_shown"]
