"""The words of many meanings, found in one pass over a short text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, Implementation

__all__ = ["Meanings"]

_BETWEEN = re.compile(r"[^\w']+")


class Meanings:
    """Words of one language by their meaning; English ones as words or, with `*`, as beginnings of words.

    >>> Meanings([("water", "tap|pipe*"), ("dry", "dry")], False).of("the pipes are dry, the tap is dry")
    {'water': {1: 4, 0: 22}, 'dry': {2: 14}}
    """

    def __init__(self, meant: Iterable[tuple[str, str]], han: bool) -> None:
        self._han = han
        words: dict[str, list[str]] = {}
        for meaning, surfaces in meant:
            for surface in surfaces.split("|"):
                words.setdefault(surface if han else f" {surface} ".replace("* ", ""), []).append(meaning)
        self._means = list(words.values())
        self._automaton = AhoCorasick(list(words), implementation=Implementation.ContiguousNFA)

    def of(self, text: str) -> dict[str, dict[int, int]]:
        """Return by meaning which of its words stand in a folded text, and where each first begins.

        English positions count one space between words and before the first.
        """
        text = text if self._han else f" {_BETWEEN.sub(' ', text)} "
        found: dict[str, dict[int, int]] = {}
        for index, start, _ in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for meaning in self._means[index]:
                found.setdefault(meaning, {}).setdefault(index, start)
        return found
