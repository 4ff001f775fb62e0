"""Tells outcomes: a line for people who wait, and a table for the papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.chaos.runner import Outcome
from tests.chaos.scene import Fault

__all__ = ["page", "rows_of", "told", "write"]

_HEAD = """# Faults, and what came of them

Written by `make chaos`; a line is one run of `python -m tests.chaos --fault NAME --seed N`. The judge is a
ledger that is only appended to: what was called durable must be found, once; what got no word may be. At rest,
what was accepted is indexed, set aside, or dropped (deleted at its source). Every run also folds posts.analysed
again and compares the bytes, compares each shown incident's count with what a search finds in it, and looks for
authors' names in every file.

SIGKILL does not test a loss of power: what SQLite keeps (WAL, synchronous=FULL) is promised against that too; what a
server keeps, against a crash of its process only, unless its own replicas and settings say more.

| fault | promises | posts | accepted = indexed + set aside + dropped | lost | twice | mails | figures | seed | held |
|---|---|---:|---|---:|---:|---:|---|---:|---|
"""


def told(outcome: Outcome) -> str:
    """Return what came of a fault, in a line or a few."""
    verdict = outcome.verdict
    word = "held" if not outcome.problems else "BROKEN"
    head = (
        f"  {word} in {outcome.seconds:.0f} s: {verdict.accepted} accepted, "
        f"{verdict.indexed} indexed, {verdict.set_aside} set aside, {verdict.dropped} dropped; "
        f"{outcome.mails} mails; {_figures(outcome)}"
    )
    return "\n".join([head, *(f"  - {problem}" for problem in outcome.problems)])


def write(path: Path, outcome: Outcome, faults: Sequence[Fault]) -> None:
    """Write a run's line into the table, in the place of an earlier run of the same fault."""
    rows = rows_of(path)
    rows[outcome.fault] = _row(outcome, next(fault for fault in faults if fault.name == outcome.fault))
    path.write_text(page(rows, faults), "utf-8")


def page(rows: Mapping[str, str], faults: Sequence[Fault]) -> str:
    """Return the table of these lines, and below it which faults have none yet."""
    full = [fault for fault in faults if fault.full]
    missing = [fault.name for fault in full if fault.name not in rows]
    end = f"\nNot made with these numbers yet: {'; '.join(missing)}.\n" if missing else ""
    return _HEAD + "".join(rows[fault.name] for fault in full if fault.name in rows) + end


def rows_of(path: Path) -> dict[str, str]:
    """Return the lines of a table by fault; none where there is no table."""
    text = path.read_text("utf-8") if path.exists() else ""
    return {line[4 : line.index("**:")]: f"{line}\n" for line in text.splitlines() if line.startswith("| **")}


def _row(outcome: Outcome, fault: Fault) -> str:
    verdict = outcome.verdict
    sums = f"{verdict.accepted} = {verdict.indexed} + {verdict.set_aside} + {verdict.dropped}"
    held = "yes" if not outcome.problems else "; ".join(outcome.problems)
    cells = (
        f"**{fault.name}**: {fault.says}", fault.promises, outcome.size.posts, sums, len(verdict.lost),
        len(verdict.doubled), outcome.mails, _figures(outcome), outcome.seed, held,
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def _figures(outcome: Outcome) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in outcome.figures.items() if value)
