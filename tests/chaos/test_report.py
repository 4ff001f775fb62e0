from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.chaos.faults.deaths import nothing
from tests.chaos.judge import Verdict
from tests.chaos.report import rows_of, told, write
from tests.chaos.runner import Outcome
from tests.chaos.scene import Fault, Size

FAULTS = [
    Fault(name=name, promises="D1", says="nothing", make=nothing, full=Size(10)) for name in ("first", "second: half")
]
VERDICT = Verdict(
    lost=(), doubled=(), stray=(), asked=10, accepted=10, indexed=8, set_aside=1, dropped=1
)  # fmt: skip
HELD = Outcome(
    fault="first", seed=7, size=Size(10), verdict=VERDICT, mails=3, figures={"kills": 20.0, "words lost": 0.0},
    problems=(), seconds=4.0,
)  # fmt: skip
BROKEN = replace(HELD, fault="second: half", problems=("1 lost: a",))


def test_a_run_is_told_in_a_line_and_each_broken_promise_in_another() -> None:
    assert told(HELD) == "  held in 4 s: 10 accepted, 8 indexed, 1 set aside, 1 dropped; 3 mails; kills 20"
    assert told(BROKEN).splitlines()[1] == "  - 1 lost: a"


def test_the_table_keeps_the_last_run_of_each_fault_in_the_order_of_the_faults(tmp_path: Path) -> None:
    path = tmp_path / "chaos.md"
    assert rows_of(path) == {}
    write(path, BROKEN, FAULTS)
    assert path.read_text("utf-8").endswith("\nNot made with these numbers yet: first.\n")
    for outcome in (BROKEN, HELD, replace(HELD, seed=8)):
        write(path, outcome, FAULTS)
    rows = rows_of(path)
    assert list(rows) == ["first", "second: half"]
    assert "| 10 = 8 + 1 + 1 |" in rows["first"]
    assert rows["first"].endswith("| kills 20 | 8 | yes |\n")
    assert rows["second: half"].endswith("| 7 | 1 lost: a |\n")
