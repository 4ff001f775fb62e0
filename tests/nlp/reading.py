"""What the tests of this room share: the lexicon, labelled accusations, texts of the frozen sets' seen half."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.frozen import FOLDER, table
from nlp.clean import folded
from nlp.lexicon import Lexicon, Scan, shipped

CASES = Path(__file__).parent / "cases"
GAZETTEER = FOLDER / "gazetteer.csv"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """One labelled text: the offices that it accuses."""

    text: str
    lang: str = "zh"
    accused: tuple[str, ...] = ()


def accusing() -> list[Case]:
    return [msgspec.json.decode(line, type=Case) for line in (CASES / "accusations.jsonl").read_bytes().splitlines()]


def texts() -> list[str]:
    """Return the seen texts of every rule part."""
    return [row[-1] for name in ("demands", "harm", "places") for row in table(name, "seen")]


def asking() -> list[tuple[str, str]]:
    """Return language and text of the seen half of the demands."""
    return [(lang, text) for lang, _, text in table("demands", "seen")]


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon(shipped())


def scan(text: str, lang: str = "zh") -> Scan:
    return _lexicon().scan(folded(text), lang == "zh")
