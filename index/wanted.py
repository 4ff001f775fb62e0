"""What the text of a query asks for; every adapter reads queries with it, so that all answer alike."""

from __future__ import annotations

import re

from msgspec import Struct

from answerable.errors import Refused
from answerable.tokens import Phrase, phrase, words

__all__ = ["LONGEST", "Wanted", "read"]

LONGEST = 1000  # characters of a query's text
_MARKS = str.maketrans({**dict.fromkeys("“”„‟«»「」『』＂", '"'), "－": "-"})
_PART = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


class Wanted(Struct, frozen=True):
    """Phrases that a post must hold, all of them, and phrases of which it must hold none.

    `nothing`: something was typed in which there is no word, so no post is found.
    """

    required: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    nothing: bool = False


def read(text: str) -> Wanted:
    """Read words, "phrases" and -without; raise Refused for an overlong text. Nothing else is syntax.

    A run of Chinese is cut into words, each of which must be there; in quotes, or after a minus, it
    stands as it is.

    >>> read('停水 -"水费 账单"')
    Wanted(required=(Phrase(tokens=('停水',), open=False),), excluded=(Phrase(tokens=('水费', '费', '账单'), \
open=False),), nothing=False)
    """
    if len(text) > LONGEST:
        raise Refused(f"this search has {len(text)} characters; the most is {LONGEST}")
    required: dict[Phrase, None] = {}
    excluded: dict[Phrase, None] = {}
    for minus, quoted, plain in _PART.findall(text.translate(_MARKS)):
        if minus:
            excluded.update(_phrases([quoted or plain]))
        else:
            required.update(_phrases([quoted] if quoted else words(plain)))
    return Wanted(tuple(required), tuple(excluded), bool(text.strip()) and not required and not excluded)


def _phrases(texts: list[str]) -> dict[Phrase, None]:
    found = [phrase(text) for text in texts]
    return dict.fromkeys(one for one in found if one is not None)
