"""The acts that can be demanded: verbs with the classes of things they take, and how each is worded.

Both are closed lists (lexicon/verbs.tsv, lexicon/objects.tsv), so that an act never holds a word of anybody's text.
"""

from __future__ import annotations

from msgspec import Struct

from nlp.lexicon import rows

__all__ = ["THINGS", "VERBS", "Thing", "Verb", "wording"]


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

    cls: str
    zh: str
    en: str


VERBS = {
    row[0]: Verb(row[0], row[1], frozenset(row[2].split(",")), *row[3:7]) for row in rows("verbs") if row[0] != "none"
}
THINGS = {row[0]: Thing(*row[1:4]) for row in rows("objects")}


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
