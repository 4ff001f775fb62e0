"""Measure every part on the labelled data and write docs/figures.md; some parts where they are named.

python -m bench.eval
python -m bench.eval grouping heads
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from bench.figure import Figure

__all__ = ["PAGE", "PARTS", "measured", "page", "section", "sections"]

PAGE = Path(__file__).parents[1] / "docs" / "figures.md"
PARTS = {
    "grouping": "Grouping",
    "grouping_cost": "Grouping, cost",
    "gate": "Gate",
    "duplicates": "Near-duplicates",
    "spread": "Spread",
    "forecast": "Forecast",
    "amplification": "Amplification",
    "levels": "Levels",
    "alerts": "Alerts",
    "shuffled": "Shuffled",
    "heads": "Heads",
    "frozen": "Demands, harm, places and masks",
    "toponyms": "Places in foreign texts",
}
_HEAD = """# Figures

Written by `make eval` on the labelled data beside the checkout. *Study* is what a study for this project reached,
*others* are rules and programs that people use today, on the same data in the same run unless marked as published.
*Spread* is the least and the most over the seeds. Bold: no goal is missed. Ratchet floors: `tests/eval/floors.toml`.
"""


def measured(part: str, say: Callable[[str], object]) -> list[Figure] | None:
    """Return a part's figures; None, and a word to `say`, where it or its data are missing."""
    if importlib.util.find_spec(f"bench.{part}") is None:
        say(f"{part}: there is no bench/{part}.py yet; the part is passed over\n")
        return None
    say(f"{part}: …\n")
    rows: Callable[[], list[Figure]] | None = getattr(importlib.import_module(f"bench.{part}"), "rows", None)
    if rows is None:
        say(f"{part}: bench/{part}.py has no rows(); the part is passed over\n")
        return None
    try:
        return rows()
    except FileNotFoundError as error:
        say(f"{part}: {error.filename} is missing; the part is passed over\n")
        return None


def section(title: str, figures: Sequence[Figure]) -> str:
    """Return a part's table, and a line for each goal that is not reached."""
    lines = [
        f"## {title}", "",
        "| data | figure | ours | goal | study | others | spread | |", "|---|---|---|---|---|---|---|---|",
        *map(_row, figures), "",
    ]  # fmt: skip
    lines += [f"Not reached: {line}" + "  " for line in _missed(figures)]
    return "\n".join(lines).rstrip() + "\n"


def _row(figure: Figure) -> str:
    goal = f"{'≥' if figure.better == 'more' else '≤'} {_number(figure.goal)}" if figure.goal is not None else ""
    peers = "; ".join(f"{name} {_number(value)}" for name, value in figure.peers)
    spread = f"{_number(figure.spread[0])} … {_number(figure.spread[1])}" if figure.spread else ""
    ours = f"**{_number(figure.value)}**" if figure.reached is not False else _number(figure.value)
    study = _number(figure.study) if figure.study is not None else ""
    cells = (figure.data, figure.name, ours, goal, study, peers, spread, figure.note)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _missed(figures: Iterable[Figure]) -> Iterator[str]:
    for one in figures:
        if one.reached is False and one.goal is not None:
            sign = "<" if one.better == "more" else ">"
            yield f"{one.data}, {one.name}: {_number(one.value)} {sign} {_number(one.goal)}"


def _number(value: float) -> str:
    """Write a figure with three digits behind the point at most.

    >>> _number(0.87654), _number(3.0), _number(1234.56)
    ('0.877', '3', '1235')
    """
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3f}".rstrip("0").rstrip(".")


def sections(text: str) -> dict[str, str]:
    r"""Return the sections of a page by title.

    >>> sections("# Figures\n\n## Spread\n\n| a |\n")
    {'Spread': '## Spread\n\n| a |\n'}
    """
    found = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip() + "\n" for part in found}


def page(before: str, fresh: dict[str, str]) -> str:
    """Return the page with fresh sections in the order of PARTS; those not measured now stay as they were."""
    every = sections(before) | fresh
    return "\n".join([_HEAD, *(every[title] for title in PARTS.values() if title in every)])


def main(wanted: Sequence[str]) -> int:
    """Measure, and write the page after each part, so that a run that is ended keeps what it has."""
    unknown = [part for part in wanted if part not in PARTS]
    if unknown:
        sys.stderr.write(f"unknown part {unknown[0]!r}; parts: {', '.join(PARTS)}\n")
        return 2
    for part in wanted or PARTS:
        figures = measured(part, sys.stderr.write)
        if figures is not None:
            before = PAGE.read_text("utf-8") if PAGE.exists() else ""
            fresh = section(PARTS[part], figures)
            PAGE.write_text(page(before, {PARTS[part]: fresh}), "utf-8")
            sys.stdout.write(fresh + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
