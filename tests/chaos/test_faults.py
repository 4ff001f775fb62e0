"""The short set: every fault that is quick, with small numbers and a new seed each time."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.chaos import disk
from tests.chaos.report import told
from tests.chaos.runner import run
from tests.chaos.table import FAULTS

SHORT = [fault for fault in FAULTS if fault.short is not None]


@pytest.mark.slow
@pytest.mark.parametrize("name", [fault.name for fault in SHORT])
def test_nothing_is_lost_or_doubled_and_every_promise_of_the_fault_holds(name: str, tmp_path: Path) -> None:
    fault = next(fault for fault in SHORT if fault.name == name)
    if fault.disk_mib and (reason := disk.why_not()):
        pytest.skip(reason)
    assert fault.short is not None
    seed = random.SystemRandom().randrange(1 << 31)
    outcome = run(fault, fault.short, seed, tmp_path)
    again = f"again with: python -m tests.chaos --short --fault '{name}' --seed {seed}"
    assert outcome.problems == (), f"{again}\n{told(outcome)}"
