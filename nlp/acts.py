"""The acts that can be demanded: verbs with the classes of things they take, and how each is worded.

Both are closed lists (lexicon/verbs.tsv, lexicon/objects.tsv), so that an act never holds a word of anybody's text.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from nlp.lexicon import rows

__all__ = ["THINGS", "USUAL", "VERBS", "Thing", "Verb", "bare", "takers", "wording"]

_PLAIN = "handle"  # what a word that is not said of a thing means where it can mean that


class Verb(Struct, frozen=True):
    """What is asked; `classes` of things it takes, its wording with a thing and alone ("" = never alone)."""

    id: str
    category: str
    classes: frozenset[str]
    zh: str
    en: str
    bare_zh: str
    bare_en: str


class Thing(Struct, frozen=True):
    """What it is asked of: its class and its wording."""

    id: str
    cls: str
    zh: str
    en: str


VERBS = {
    row[0]: Verb(row[0], row[1], frozenset(row[2].split(",")), *row[3:7]) for row in rows("verbs") if row[0] != "none"
}
THINGS = {row[0]: Thing(*row[:4]) for row in rows("objects")}

USUAL = {  # what is mostly asked of a class of things, for requests whose verb no list has
    cls: VERBS[verb]
    for verb, classes in {
        "restore": "utility", "repair": "pipe works signal lift", "replace": "sign",
        "clean": "waste snow water_body graffiti",
        "collect": "carcass", "trim": "tree", "stop": "noise pollution",
        "curb": "pests dogs traffic parking vehicle illegal",
        "install": "safety", "solve": "hazard schooling medical", "pay": "wage compensation subsidy pension",
        "refund": "deposit money", "lower": "fee price", "adjust": "policy transit",
        "publish": "result accounts plan",
        "issue": "cert permit", "deliver": "house", "inspect": "food quality",
        "investigate": "fraud crime corruption",
        "improve": "school clinic", "move": "line stop", "protect": "heritage",
    }.items()
    for cls in classes.split()
}  # fmt: skip


def wording(verb: Verb, thing: Thing | None, lang: str) -> str:
    """Word an act in Chinese for Chinese posts, in English for all others.

    >>> wording(VERBS["restore"], THINGS["water"], "zh"), wording(VERBS["restore"], THINGS["water"], "en")
    ('恢复供水', 'restore the water supply')
    """
    if thing is None:
        return verb.bare_zh if lang == "zh" else verb.bare_en
    if lang == "zh":
        ending = "问题" if verb.id == "solve" and not thing.zh.endswith("问题") else ""
        return verb.zh + thing.zh + ending
    return f"{verb.en} {thing.en}"


@cache
def takers(names: tuple[str, ...]) -> dict[str, Verb]:
    """Return which of the verbs that a word can be takes a class of things: the first that does."""
    return {cls: VERBS[name] for name in reversed(names) for cls in VERBS[name].classes}


@cache
def bare(names: tuple[str, ...], han: bool) -> Verb | None:
    """Return which of the verbs that a word can be stands without a thing; the plainest, if it is one of them."""
    alone = [VERBS[name] for name in names if (VERBS[name].bare_zh if han else VERBS[name].bare_en)]
    return next((verb for verb in alone if verb.id == _PLAIN), alone[0] if alone else None)
