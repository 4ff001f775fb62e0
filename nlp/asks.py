"""How much a short text sounds as if it asked for something, whatever the cues say: a sum over its letter groups.

"A new bulb for the streetlight outside number nine, that is all it needs" asks without any word of asking. The
weights are those of lexicon/asks.tsv, fitted by bench/fit_asks.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from nlp.grams import LONGEST, Weights, prepared
from nlp.lexicon import Scan, Tag

__all__ = ["logit", "traits"]

_MOST = 3  # how many different verbs are told apart by number

_WEIGHTS = {han: Weights("asks", han) for han in (True, False)}


def logit(scan: Scan, han: bool) -> int | None:
    """Return how much a text sounds as if it asked for something, None where it is too long to be read as a whole."""
    return _WEIGHTS[han].of(prepared(scan.text, han), traits(scan)) if len(scan.text) <= LONGEST[han] else None


def traits(scan: Scan) -> Iterator[str]:
    """Return the names, as the weights have them, of what is counted beside the letter groups."""
    yield from (f"[{cue}]" for cue in sorted({cue for _, _, cue in scan.raw(Tag.CUE)}))
    yield f"[verbs]{min(_MOST, len({verb for _, _, verb in scan.raw(Tag.VERB)}))}"
    if "?" in scan.text:
        yield "[?]"
