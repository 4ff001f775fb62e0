"""What a short text that asks wants: how well each verb with each thing of the closed lists fits it.

"Pitch dark from the chapel to the bus stop" names neither repair nor street light. Heads over hashed n-grams
(models/wanted.*, read by nlp/heads.py) say whether a text asks at all (nlp/demands.py draws the line), and how much
it sounds like each verb and like each thing; how well both go together, and what the lists and the rules found in
the text, weigh beside them (lexicon/pairs.tsv). All of it is fitted by bench/fit_wanted.py on texts written for this
project.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nlp.acts import THINGS, VERBS, Thing, Verb
from nlp.lexicon import Scan, Tag, rows

__all__ = ["FOUND", "SHAPE", "THING", "TRAITS", "VERB", "Act", "acts", "reasons"]

Act = tuple[Verb, Thing | None]
Grid = NDArray[np.float64]  # [verbs, things]

VERB = {name: index for index, name in enumerate(VERBS)}
THING = {name: index for index, name in enumerate(("", *THINGS))}  # "" is no thing
SHAPE = (len(VERB), len(THING))
TRAITS = ("[verb]", "[verb named]", "[thing]", "[thing named]")
FOUND = {True: "[found]", False: "[guessed]"}  # pairs that rules found by a cue, or by words alone

_ACTS: list[list[Act]] = [[(verb, thing) for thing in (None, *THINGS.values())] for verb in VERBS.values()]
_NEVER = -1e6
_MOST = 4
_PLACES = 4  # of a logit: coarser than what processors differ in
_FURTHER = 2.5  # logit above which a further act is told
_AGAIN = 1.0  # what a verb loses once it has been told
_EXPLICIT = 2.5  # what a pair under a cue wins as a further act: whoever lists requests makes each of them plain


def acts(scan: Scan, han: bool, sounds: NDArray[np.float64], found: Iterable[Act], *, cued: bool) -> list[Act]:
    """Return what a text that asks most likely asks, best first: one act at least.

    `sounds` are its scores as Heads.sounds reads them, `found` is what the rules made of it,
    by a cue where it is `cued`.
    """
    verbs, things, both = reasons(scan, sounds, found)
    grid = _PAIRS[han] + (verbs[:, 0] * _WEIGHTS[0] + verbs[:, 1] * _WEIGHTS[1])[:, None]
    grid = grid + things[:, 0] * _WEIGHTS[2] + things[:, 1] * _WEIGHTS[3]
    for pair in both:
        grid[pair] += _FOUND[cued]
    grid = grid.round(_PLACES)
    told: list[Act] = []
    while len(told) < _MOST:
        verb, thing = divmod(int(grid.argmax()), SHAPE[1])
        if told and grid[verb, thing] < _FURTHER:
            break
        told.append(_ACTS[verb][thing])
        grid[verb] -= _AGAIN
        if len(told) == 1 and cued:
            for pair in both:
                grid[pair] += _EXPLICIT
        grid[:, [0, thing]] = _NEVER
    return told


def reasons(scan: Scan, sounds: NDArray[np.float64], found: Iterable[Act]) -> tuple[Grid, Grid, set[tuple[int, int]]]:
    """Return what speaks for each verb, float64 [verbs, 2], for each thing, [things, 2], and pairs that rules found.

    The columns are in the order of TRAITS: how it sounds, and whether the text has a listed word of it.
    """
    verbs, things = np.zeros((SHAPE[0], 2)), np.zeros((SHAPE[1], 2))
    verbs[:, 0], things[:, 0] = sounds[1 : 1 + SHAPE[0]], sounds[1 + SHAPE[0] :]
    verbs[[VERB[name] for _, _, name in scan.raw(Tag.VERB) if name in VERB], 1] = 1
    things[[THING[name] for _, _, name in scan.raw(Tag.OBJECT)], 1] = 1
    return verbs, things, {(VERB[verb.id], THING[thing.id if thing else ""]) for verb, thing in found}


_WEIGHT = {(verb, thing): int(weight) / 100 for verb, thing, weight in rows("pairs")}
_WEIGHTS = np.array([_WEIGHT[trait, ""] for trait in TRAITS])
_FOUND = {cued: _WEIGHT[name, ""] for cued, name in FOUND.items()}


def _pairs(han: bool) -> Grid:
    """Return what each verb with each thing weighs; what no words say without a thing is never told alone."""
    grid = np.array([[_WEIGHT.get((verb, thing), _NEVER) for thing in THING] for verb in VERB])
    grid[[not (verb.bare_zh if han else verb.bare_en) for verb in VERBS.values()], 0] = _NEVER
    return grid


_PAIRS = {han: _pairs(han) for han in (True, False)}
