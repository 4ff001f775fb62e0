"""How much a short text sounds like danger now: a sum of weights of its letter groups, whatever words it uses.

The word lists miss what nobody thought of; this catches a part of it. Weights are whole numbers (lexicon/danger.tsv,
fitted by bench/fit_danger.py), so that the sum is the same on every machine. Source: logistic regression on binary
n-grams, as in Wang and Manning 2012 (Baselines and bigrams), without the count ratios.
"""

from __future__ import annotations

from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation

__all__ = ["FILE", "LONGEST", "SCALE", "prepared", "sounds"]

FILE = Path(__file__).parent / "lexicon" / "danger.tsv"
LONGEST = {True: 90, False: 260}  # characters of a text that is read: Chinese, others
SCALE = 100  # parts of a logit


def prepared(text: str) -> str:
    """Return a folded text with one space between words, before the first and after the last.

    >>> prepared("on  fire")
    ' on fire '
    """
    return f" {' '.join(text.split())} "


class _Weights:
    """The n-grams of a language, found in one pass, each counted once; the line without an n-gram is the bias."""

    def __init__(self, lang: str) -> None:
        lines = (line.split("\t") for line in FILE.read_text("utf-8").splitlines() if line.startswith(f"{lang}\t"))
        pairs = [(name.replace("_", " "), int(weight)) for _, name, weight in lines]
        self._bias = sum(weight for name, weight in pairs if not name)
        self._weights = [weight for name, weight in pairs if name]
        self._automaton = AhoCorasick([name for name, _ in pairs if name], implementation=Implementation.DFA)

    def of(self, text: str) -> int:
        found = {index for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        return self._bias + sum(self._weights[index] for index in found)


_WEIGHTS = {True: _Weights("zh"), False: _Weights("en")}


def sounds(text: str, han: bool) -> int:
    """Return the logit, in hundredths, that a folded text tells of danger now; a text that is too long says no."""
    if len(text) > LONGEST[han]:
        return -10 * SCALE
    return _WEIGHTS[han].of(prepared(text))
