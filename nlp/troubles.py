"""Trouble with a service in a short text that uses other words than the lists of harm.

A kind of service wins points for each of its things and of what is wrong with them (lexicon/troubles.tsv), more where
a sentence holds both, and loses them where something is over, praised or feared and where another kind has more. The
points are whole numbers, fitted once by logistic regression for all kinds alike on the halves of the frozen set that
may be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from nlp.lexicon import rows
from nlp.meanings import Meanings

__all__ = ["find"]

_CUT = re.compile(r"[。!?;…\n]+|\.(?=\s|$)")
_CLOSE = {True: 8, False: 25}  # characters between a thing and what has stopped: Chinese, others
_RUN = frozenset(("water", "power", "gas_supply", "heating", "lift", "network", "road", "transit"))  # can stop
_LEAST = 50  # points of a trouble
_Places = Mapping[str, Mapping[int, int]]  # what stands in a sentence: by role and kind, words and where they begin


class _Told(Struct, frozen=True):
    """How much is told of one kind: things, faults, faults beside a thing, that it stopped, and close by."""

    things: int
    faults: int
    beside: int
    stopped: bool
    close: bool

    @property
    def strength(self) -> int:
        return self.things + 2 * self.beside + self.stopped

    @property
    def points(self) -> int:
        both = bool(self.things and self.faults)
        own = 12 * self.things + 13 * self.faults + 6 * self.beside
        return own + 12 * self.stopped + 9 * self.close + 5 * both


_WORDS = {
    han: Meanings(
        ((f"{role} {kind}", words) for role, kind, lang, words in rows("troubles") if (lang == "zh") is han), han
    )
    for han in (True, False)
}


def find(text: str, han: bool) -> list[str]:
    """Return the kinds of service that a folded text tells trouble of, at most two, the surest first.

    >>> find("taps dry since breakfast, neighbours filling kettles", False)
    ['water']
    """
    words = _WORDS[han]
    sentences = [found for part in _CUT.split(text) if (found := words.of(part))]
    over = min(3, sum(len(found.get("over any", ())) for found in sentences))
    kinds = sorted({mean[6:] for found in sentences for mean in found if mean.startswith("thing ")})
    told = {kind: _told(kind, sentences, _CLOSE[han]) for kind in kinds}
    first, second = sorted((0, 0, *(one.strength for one in told.values())), reverse=True)[:2]
    scored: list[tuple[int, str]] = []
    for kind, one in told.items():
        ahead = one.strength - (second if one.strength == first else first)
        points = one.points - 5 * over + (6 * min(4, ahead) if ahead > 0 else 4 * max(-4, ahead))
        if points > _LEAST:
            scored.append((-points, kind))
    return [kind for _, kind in sorted(scored)[:2]]


def _told(kind: str, sentences: Sequence[_Places], reach: int) -> _Told:
    things, faults = set[int](), set[int]()
    beside, stopped, close = 0, False, False
    for found in sentences:
        here, wrong = found.get(f"thing {kind}", {}), found.get(f"fault {kind}", {})
        still = found.get("fault stopped", {}) if kind in _RUN else {}
        things.update(here)
        faults.update(wrong)
        if here:
            beside = max(beside, len(wrong.keys() - here.keys()))
            stopped = stopped or bool(still)
            close = close or any(abs(a - b) < reach for a in here.values() for b in still.values())
    return _Told(min(3, len(things)), min(3, len(faults)), min(3, beside), stopped, close)
