"""How much a short text sounds like danger now: a sum of weights of its letter groups and of the meanings it touches.

The word lists of harm.py miss what nobody thought of, and name what is told of something else; what they find is one
trait of the sum. The weights are those of lexicon/danger.tsv, fitted by bench/fit_danger.py. A meaning
(lexicon/signs.tsv: fire, victims, weapons, drills, tales, what is over) counts once, and once more where two of its
words stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from nlp.grams import LONGEST, Weights, prepared
from nlp.lexicon import rows
from nlp.meanings import Meanings

__all__ = ["Heard", "hears", "meanings", "traits"]

_KINDS = {  # what a meaning is a kind of, and how surely
    "fire": ("fire", 3), "smoke": ("fire", 2), "gas": ("gas", 3), "blast": ("explosion", 4),
    "fall_down": ("collapse", 2), "water": ("drowning", 2), "ingest": ("poisoning", 2),
    "sick": ("poisoning", 1), "weapon": ("violence", 3),
    "attack": ("violence", 2), "hiding": ("violence", 2), "missing": ("missing", 2), "crushed": ("injury", 2),
    "crash": ("injury", 3), "blood": ("injury", 2), "fell": ("injury", 2), "electric": ("injury", 3),
    "animal_bite": ("injury", 2), "unconscious": ("injury", 1), "crowd": ("injury", 1), "body": ("injury", 1),
}  # fmt: skip
_MANY = 4  # how many meanings of danger are told apart by number


class Heard(Struct, frozen=True):
    """What a text sounds like: the logit of danger now in hundredths, and the kind its words come closest to."""

    logit: int
    kind: str


_SIGNS = {
    han: Meanings(((name, surfaces) for name, lang, surfaces in rows("signs") if (lang == "zh") is han), han)
    for han in (True, False)
}


def meanings(text: str, han: bool) -> dict[str, int]:
    """Return how many different words of each meaning of signs.tsv stand in a prepared text.

    >>> meanings(prepared("knife at her throat", False), False)["weapon"]
    1
    """
    return {name: len(words) for name, words in _SIGNS[han].of(text).items()}


def traits(counts: dict[str, int], text: str, *, listed: bool) -> Iterator[str]:
    """Return the names, as the weights have them, of what is counted beside the letter groups."""
    if listed:
        yield "[listed]"
    yield from (f"[{name}]" for name in counts)
    yield from (f"[{name}]2" for name, count in counts.items() if count > 1)
    yield f"[danger]{min(_MANY, sum(name in _KINDS and name != 'body' for name in counts))}"
    yield f"[other]{min(3, sum(name in _OTHER for name in counts))}"
    if "?" in text:
        yield "[?]"


_OTHER = frozenset(("n_drill", "n_story", "n_past", "n_safe", "n_if", "n_figure"))  # what tells of no danger now


_WEIGHTS = {han: Weights("danger", han) for han in (True, False)}


def hears(text: str, han: bool, *, listed: bool) -> Heard | None:
    """Return what a folded text sounds like, None where it is too long to be read as a whole.

    `listed`: a word of the lists tells of danger now.
    """
    if len(text) > LONGEST[han]:
        return None
    text = prepared(text, han)
    counts = meanings(text, han)
    return Heard(_WEIGHTS[han].of(text, traits(counts, text, listed=listed)), _kind(counts))


def _kind(counts: dict[str, int]) -> str:
    """Return the kind of danger that most words speak of, injury where none does."""
    points: dict[str, int] = {"injury": 0}
    for name, count in counts.items():
        if name in _KINDS:
            kind, sure = _KINDS[name]
            points[kind] = points.get(kind, 0) + sure * min(3, count)
    return max(points, key=lambda kind: (points[kind], kind))
