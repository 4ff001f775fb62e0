"""Fit what a short text that asks sounds like, and write nlp/lexicon/asks.tsv: `python -m bench.fit_asks`.

Positives and hard negatives are the halves of the frozen set of demands that may be read, easy negatives are
microblogs. Invented complaints stand there with their request and without it, calm, angry and with a call to gather:
tone is no part of what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.frozen import table
from bench.gram_fit import chatter, fitted, write
from bench.pairs import MATTERS, told
from nlp.asks import traits
from nlp.clean import folded
from nlp.lexicon import Lexicon, shipped

__all__ = ["tones"]

_MOST, _KEPT, _STRENGTH, _CALM = 4000, 16_000, 0.5, 1.2
_RESIDENTS, _SEED = 6, 7


def tones() -> Iterator[tuple[str, bool]]:
    """Yield complaints in each tone with whether they ask."""
    for matter in MATTERS:
        for angry, gathers in ((False, False), (True, False), (False, True)):
            for post in told(matter, _RESIDENTS, _SEED, angry=angry, gathers=gathers):
                yield post.body, True
                yield post.body.replace(matter.ask, ""), False


def _fitted(han: bool) -> list[tuple[str, int]]:
    lexicon = Lexicon(shipped())
    texts = [
        (text, acts != "-")
        for half in ("seen", "taught", "open")
        for lang, acts, text in table("demands", half)
        if (lang == "zh") is han
    ]
    texts += [(text, asked) for text, asked in tones() if (not text.isascii()) is han]

    def marks(text: str) -> dict[str, float]:
        return dict.fromkeys(traits(lexicon.scan(folded(text), han)), 1.0)

    return fitted(texts, chatter(han, _MOST), marks, han, kept=_KEPT, strength=_STRENGTH, calm=_CALM)


if __name__ == "__main__":
    write("asks", _fitted)
