"""Fit what a short text that asks sounds like, and write nlp/lexicon/asks.tsv: `python -m bench.fit_asks`.

Positives and hard negatives are the halves of the frozen set of demands that may be read, easy negatives are
microblogs.
"""

from __future__ import annotations

from bench.frozen import table
from bench.gram_fit import chatter, fitted, write
from nlp.asks import traits
from nlp.clean import folded
from nlp.grams import prepared
from nlp.lexicon import Lexicon, shipped

_MOST = 1200


def _fitted(han: bool) -> list[tuple[str, int]]:
    lexicon = Lexicon(shipped())
    told = [
        (prepared(folded(text).text), acts != "-")
        for half in ("seen", "taught", "open")
        for lang, acts, text in table("demands", half)
        if (lang == "zh") is han
    ]
    easy = [prepared(folded(text).text) for text in chatter(han, _MOST)]
    return fitted(told, easy, lambda text: dict.fromkeys(traits(lexicon.scan(folded(text), han)), 1.0), han)


if __name__ == "__main__":
    write("asks", _fitted)
