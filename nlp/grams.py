"""A sum of weights over a short text: its letter groups, each counted once, and traits named beside them.

Weights are whole numbers, hundredths of a logit (lexicon/NAME.tsv), so that a sum is the same on every machine.
Source: logistic regression on binary n-grams, as in Wang and Manning 2012 (Baselines and bigrams), without the count
ratios.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter

from ahocorasick_rs import AhoCorasick, Implementation

from nlp.lexicon import rows

__all__ = ["LONGEST", "SCALE", "Weights", "prepared"]

LONGEST = {True: 140, False: 420}  # characters of a text that is short enough to be read as a whole: Chinese, others
SCALE = 100  # parts of a logit
_INDEX = itemgetter(0)
_LOUD = {True: re.compile("[!！.。]+"), False: re.compile(r"[!.]+")}


def prepared(text: str, han: bool) -> str:
    """Return a folded text as weights read it: one space between words, and nothing of how loudly it is said.

    >>> prepared("on  fire!!", False), prepared("着火了！快来", True)
    (' on fire. ', ' 着火了。快来 ')
    """
    text = _LOUD[han].sub("。" if han else ".", " ".join(text.split()))
    return f" {text} "


class Weights:
    """The letter groups of a language, found in one pass, and traits, whose names stand in brackets.

    The list is read when the first text is: many a process reads none, or none of a language.
    """

    def __init__(self, name: str, han: bool) -> None:
        """Name a list: language, letter group (a space written _) or trait, weight."""
        self._name, self._lang = name, "zh" if han else "en"

    def of(self, text: str, traits: Iterable[str]) -> int:
        """Sum up a prepared text and its traits, in hundredths of a logit."""
        automaton, weights, known = self._list
        found = set(map(_INDEX, automaton.find_matches_as_indexes(text, overlapping=True)))
        told = sum([known.get(trait, 0) for trait in traits])
        return known.get("", 0) + sum(map(weights.__getitem__, found)) + told

    @cached_property
    def _list(self) -> tuple[AhoCorasick, list[int], dict[str, int]]:
        pairs = [(key, int(weight)) for of, key, weight in rows(self._name) if of == self._lang]
        grams = [(key.replace("_", " "), weight) for key, weight in pairs if key and key[0] != "["]
        automaton = AhoCorasick([key for key, _ in grams], implementation=Implementation.ContiguousNFA)
        return automaton, [weight for _, weight in grams], {k: w for k, w in pairs if not k or k[0] == "["}
