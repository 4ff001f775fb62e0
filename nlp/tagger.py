"""How much a short text sounds like danger now: a sum of weights of its letter groups and of the meanings it touches.

The word lists of harm.py miss what nobody thought of; this catches a part of it, and mutes words that are told of
something else. Weights are whole numbers (lexicon/danger.tsv, fitted by bench/fit_danger.py), so that the sum is the
same on every machine. A meaning (lexicon/signs.tsv: fire, victims, weapons, drills, tales, what is over) counts once,
and once more where two of its words stand. Source: logistic regression on binary n-grams, as in Wang and Manning 2012
(Baselines and bigrams), without the count ratios.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from nlp.lexicon import rows
from nlp.meanings import Meanings

__all__ = ["FILE", "LONGEST", "SCALE", "Heard", "hears", "meanings", "prepared", "traits"]

FILE = Path(__file__).parent / "lexicon" / "danger.tsv"
LONGEST = {True: 140, False: 420}  # characters of a text that is read: Chinese, others
SCALE = 100  # parts of a logit
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
    other: bool  # it also speaks of drills, tales, the past, what is over, feared or only a figure of speech


def prepared(text: str) -> str:
    """Return a folded text with one space between words, before the first and after the last.

    >>> prepared("on  fire")
    ' on fire '
    """
    return f" {' '.join(text.split())} "


_SIGNS = {
    han: Meanings(((name, surfaces) for name, lang, surfaces in rows("signs") if (lang == "zh") is han), han)
    for han in (True, False)
}


def meanings(text: str, han: bool) -> dict[str, int]:
    """Return how many different words of each meaning of signs.tsv stand in a prepared text.

    >>> meanings(prepared("knife at her throat"), False)["weapon"]
    1
    """
    return {name: len(words) for name, words in _SIGNS[han].of(text).items()}


def traits(counts: dict[str, int], text: str) -> Iterator[str]:
    """Return the names, as the weights have them, of what is counted beside the letter groups."""
    yield from (f"[{name}]" for name in counts)
    yield from (f"[{name}]2" for name, count in counts.items() if count > 1)
    yield f"[danger]{min(_MANY, sum(name in _KINDS and name != 'body' for name in counts))}"
    yield f"[other]{min(3, sum(name in _OTHER for name in counts))}"
    yield from (f"[{sign}]" for sign in ("!", "!!", "?") if sign in text)


_OTHER = frozenset(("n_drill", "n_story", "n_past", "n_safe", "n_if", "n_figure"))  # what tells of no danger now


class _Weights:
    """The n-grams of a language, found in one pass, each counted once, and its traits; no name is the bias."""

    def __init__(self, lang: str) -> None:
        lines = (line.split("\t") for line in FILE.read_text("utf-8").splitlines() if line.startswith(f"{lang}\t"))
        pairs = [(name.replace("_", " ") if name[:1] != "[" else name, int(weight)) for _, name, weight in lines]
        grams = [(name, weight) for name, weight in pairs if name and name[0] != "["]
        self._traits = {name: weight for name, weight in pairs if not name or name[0] == "["}
        self._weights = [weight for _, weight in grams]
        self._automaton = AhoCorasick([name for name, _ in grams], implementation=Implementation.DFA)

    def of(self, text: str, counts: dict[str, int]) -> int:
        found = {index for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        weights, known = self._weights, self._traits
        return (
            known.get("", 0) + sum([weights[i] for i in found]) + sum(known.get(t, 0) for t in traits(counts, text))
        )


_WEIGHTS = {True: _Weights("zh"), False: _Weights("en")}


def hears(text: str, han: bool) -> Heard | None:
    """Return what a folded text sounds like, None where it is too long to be read as a whole."""
    if len(text) > LONGEST[han]:
        return None
    text = prepared(text)
    counts = meanings(text, han)
    return Heard(_WEIGHTS[han].of(text, counts), _kind(counts), not _OTHER.isdisjoint(counts))


def _kind(counts: dict[str, int]) -> str:
    """Return the kind of danger that most words speak of, injury where none does."""
    points: dict[str, int] = {"injury": 0}
    for name, count in counts.items():
        if name in _KINDS:
            kind, sure = _KINDS[name]
            points[kind] = points.get(kind, 0) + sure * min(3, count)
    return max(points, key=lambda kind: (points[kind], kind))
