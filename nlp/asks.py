"""How much a short text sounds as if it asked for something, whatever the cues say: a sum over its letter groups.

"Somebody with a shovel, before Monday" and 还差一盏灯 ask without any word of asking. The weights are those of
lexicon/asks.tsv, fitted by bench/fit_asks.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.grams import LONGEST, Weights, prepared
from nlp.lexicon import Scan, Tag

__all__ = ["logit", "toneless", "traits"]

_LOUD = re.compile(r"[!.]+")
_MOST = 3  # how many different verbs are told apart by number

_WEIGHTS = {han: Weights("asks", han) for han in (True, False)}


def logit(scan: Scan, han: bool) -> int | None:
    """Return how much a text sounds as if it asked for something, None where it is too long to be read as a whole."""
    return _WEIGHTS[han].of(toneless(scan.text), traits(scan)) if len(scan.text) <= LONGEST[han] else None


def toneless(text: str) -> str:
    """Return a folded text as the weights read it: how loudly it is said is no part of what it asks.

    >>> toneless("mend  it!!")
    ' mend it. '
    """
    return prepared(_LOUD.sub(".", text))


def traits(scan: Scan) -> Iterator[str]:
    """Return the names, as the weights have them, of what is counted beside the letter groups."""
    yield from (f"[{cue}]" for cue in sorted({cue for _, _, cue in scan.raw(Tag.CUE)}))
    yield f"[verbs]{min(_MOST, len({verb for _, _, verb in scan.raw(Tag.VERB)}))}"
    if "?" in scan.text:
        yield "[?]"
