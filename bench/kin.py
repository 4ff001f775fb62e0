"""Which texts are one text in several hands, so that none of them is fitted on while another is measured on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import xxhash

__all__ = ["kin"]

_LEFT_OUT = re.compile(r"https?\S+|@\S+|[\s【】#,，。！!]")
_PIECE = 4
_SHARE, _FEWEST = 0.4, 3
_MOST = 60  # texts that one piece is looked up in; what more of them hold is a phrase of the day
_ONE_IN = 4  # pieces that are compared, picked by their hash


def kin(texts: Sequence[str]) -> tuple[int, ...]:
    """Return for each text the place of the first that it is linked to, its own where it stands alone.

    Linked are texts that share two fifths of the shorter one's pieces of four characters, and all linked to either.

    >>> told = "the bridge over the mill stream is closed again"
    >>> kin([told, "Good morning", f"Please pass on: {told}, use the ford"])
    (0, 1, 0)
    """
    first, holders = list(range(len(texts))), defaultdict[int, list[int]](list)
    pieces = [_pieces(text) for text in texts]
    for place, held in enumerate(pieces):
        shared = Counter[int]()
        for piece in held:
            shared.update(holders[piece][:_MOST])
        for other, count in shared.items():
            if count >= max(_FEWEST, _SHARE * min(len(held), len(pieces[other]))):
                one, two = sorted((_first(first, place), _first(first, other)))
                first[two] = one
        for piece in held:
            holders[piece].append(place)
    return tuple(_first(first, place) for place in range(len(texts)))


def _pieces(text: str) -> set[int]:
    kept = _LEFT_OUT.sub("", text.lower())
    hashed = {xxhash.xxh3_64_intdigest(kept[at : at + _PIECE].encode()) for at in range(len(kept) - _PIECE + 1)}
    return {piece for piece in hashed if piece % _ONE_IN == 0}


def _first(first: list[int], place: int) -> int:
    while first[place] != place:
        place = first[place] = first[first[place]]
    return place
