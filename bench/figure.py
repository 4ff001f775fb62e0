"""One measured figure, beside its goal, the study's and those of peers in the same run."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

__all__ = ["Figure"]


class Figure(Struct, frozen=True, kw_only=True):
    """A row of docs/figures.md.

    `table` is the part ("grouping", "spread"), `data` the set it was measured on, `name` what is measured.
    `spread` is (least, most) over the seeds, None where nothing is seeded; `note` says what a reader must know.
    """

    table: str
    data: str
    name: str
    value: float
    goal: float | None = None
    study: float | None = None
    peers: tuple[tuple[str, float], ...] = ()
    better: Literal["more", "less"] = "more"
    spread: tuple[float, float] | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none.

        >>> Figure(table="spread", data="simulated", name="recall", value=0.8, goal=0.75).reached
        True
        """
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "more" else self.value <= self.goal
