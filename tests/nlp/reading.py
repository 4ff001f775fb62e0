"""What the tests of this room share: labelled cases, the lexicon, and a count of hits and misses."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from nlp.clean import folded
from nlp.lexicon import Lexicon, Scan, shipped

CASES = Path(__file__).parent / "cases"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One labelled text; a table uses the fields that it is about."""

    text: str
    lang: str = "zh"
    acts: tuple[str, ...] = ()
    to: str | None = None
    danger: tuple[str, ...] = ()
    service: tuple[str, ...] | None = None
    accused: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    home: str | None = None
    field: str | None = None


class Score:
    """Counts of right, wrong and missed answers, with the texts that went wrong."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0
        self.faults: list[str] = []

    def add(self, text: str, want: Iterable[str], got: Iterable[str]) -> None:
        wanted, given = set(want), set(got)
        self.right += len(wanted & given)
        self.wrong += len(given - wanted)
        self.missed += len(wanted - given)
        if wanted != given:
            self.faults.append(f"{text}: {sorted(wanted)} != {sorted(given)}")

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def cases(name: str) -> list[Case]:
    return [msgspec.json.decode(line, type=Case) for line in (CASES / f"{name}.jsonl").read_bytes().splitlines()]


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon(shipped())


def scan(text: str, lang: str = "zh") -> Scan:
    return _lexicon().scan(folded(text), lang == "zh")
