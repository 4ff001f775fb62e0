"""The closed word lists of all rule parts in one automaton: one pass over a text finds them all.

The lists are tab-separated files in lexicon/, surfaces joined by `|`, already folded (lower case, narrow width).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from nlp.clean import Folded

__all__ = ["Entry", "Hit", "Lexicon", "Scan", "Tag", "outside", "rows", "shipped"]

_FOLDER = Path(__file__).parent / "lexicon"
_STOPS = ("。", "!", "?", ";", "\n", "…", ". ", ".\n")  # what ends a sentence
_ENDLESS = 300  # characters each way that a sentence may reach
_LETTER = re.compile(r"\w")
_CLAUSE = re.compile(r"[。!?;\n,、:~()【】《》]+|\.(?=\s|$)|…+|--+| - ")


class Tag(IntEnum):
    """Which part a word belongs to."""

    CUE = 0
    VERB = 1
    OBJECT = 2
    BODY = 3
    HARM = 4
    ACCUSE = 5
    TOPIC = 6
    STOP = 7


_TAGS = tuple(Tag)


class Entry(NamedTuple):
    """A word of a part: what it stands for and how it is written, folded."""

    tag: Tag
    value: str
    surface: str


class Hit(NamedTuple):
    """A word found at folded positions start to end."""

    start: int
    end: int
    value: str


class Scan:
    """What one pass found in one text, and where its sentences and clauses lie."""

    def __init__(self, folded: Folded, raw: list[list[tuple[int, int, str]]]) -> None:
        self.folded = folded
        self.text = folded.text
        self._raw = raw
        self._hits: dict[Tag, list[Hit]] = {}

    def hits(self, tag: Tag) -> Sequence[Hit]:
        """Return the words of a part in order of their start; none lies inside another."""
        if tag not in self._hits:
            self._hits[tag] = list(map(Hit._make, self._raw[tag]))
        return self._hits[tag]

    def raw(self, tag: Tag) -> Sequence[tuple[int, int, str]]:
        """Return the same as plain tuples, for parts that only count."""
        return self._raw[tag]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the bounds of the sentence around a position, cut where it runs on without end."""
        start, end = _around(self._raw[Tag.STOP], at, len(self.text))
        return max(start, at - _ENDLESS), min(end, at + _ENDLESS)

    def sentences(self) -> list[int]:
        """Return where the sentences begin, at their first letter."""
        bounds = [0, *(end for _, end, _ in self._raw[Tag.STOP])]
        starts = {found.start() for start in bounds if (found := _LETTER.search(self.text, start))}
        return sorted(starts)

    def clause(self, at: int) -> tuple[int, int]:
        """Return the bounds of the clause (also cut at commas) around a position."""
        return _around(self._clauses, at, len(self.text))

    def part(self, start: int, end: int) -> Folded:
        """Return a stretch of the folded text, to be looked at by itself; its offsets count from `start`."""
        return Folded(self.text[start:end], "")

    @cached_property
    def _clauses(self) -> list[tuple[int, int, str]]:
        return [(*match.span(), "") for match in _CLAUSE.finditer(self.text)]


def _around(cuts: list[tuple[int, int, str]], at: int, length: int) -> tuple[int, int]:
    index = bisect_right(cuts, (at, length + 1, ""))
    return (cuts[index - 1][1] if index else 0), (cuts[index][0] if index < len(cuts) else length)


class _Part(NamedTuple):
    """A word inside a matched surface: its part, its offsets there, what it stands for."""

    tag: Tag
    start: int
    end: int
    value: str


_SMALL = Implementation.ContiguousNFA  # an eighth of a full table, and no slower


class Lexicon:
    """All words of all parts, found in one pass; Latin words only between word boundaries.

    The automaton takes the leftmost longest surface; the words that lie inside it are looked up when it is met
    first, so that a long word of one part does not hide a short one of another.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        meanings: dict[str, list[tuple[Tag, str]]] = {}
        for entry in (*entries, *(Entry(Tag.STOP, "", stop) for stop in _STOPS)):
            meaning = (entry.tag, entry.value)
            if entry.surface and meaning not in meanings.setdefault(entry.surface, []):
                meanings[entry.surface].append(meaning)
        self._meanings, self._surfaces = meanings, sorted(meanings)
        surfaces = self._surfaces
        self._every = AhoCorasick(surfaces, matchkind=MatchKind.Standard, implementation=_SMALL)
        self._longest = AhoCorasick(surfaces, matchkind=MatchKind.LeftmostLongest, implementation=_SMALL)
        self._own = [tuple(_Part(tag, 0, len(s), value) for tag, value in meanings[s]) for s in surfaces]
        self._parts: list[_Variants | None] = [None] * len(surfaces)
        self._plain: list[tuple[_Part, ...] | None] = [None] * len(surfaces)

    def scan(self, folded: Folded, han: bool = True) -> Scan:
        """Find every word; of words of one part that contain each other, the longest stays.

        Chinese goes the fast way, by leftmost longest surfaces; elsewhere words are long and overlap more.
        """
        return Scan(folded, self._by_longest(folded.text) if han else self._by_every(folded.text))

    def _by_longest(self, text: str) -> list[list[tuple[int, int, str]]]:
        length = len(text)
        found: list[list[tuple[int, int, str]]] = [[] for _ in _TAGS]
        put = [words.append for words in found]
        for index, start, end in self._longest.find_matches_as_indexes(text):
            parts = self._plain[index]
            if parts is None:
                left, right, variants = self._parts[index] or self._met(index)
                variant = 1 if left and start and _latin(text[start - 1]) else 0
                parts = variants[variant + 2 if right and end < length and _latin(text[end]) else variant]
            for tag, first, last, value in parts:
                put[tag]((start + first, start + last, value))
        return found

    def _met(self, index: int) -> _Variants:
        """Look up the words inside a surface, for the texts to come too."""
        met = _variants(self._surfaces[index], self._surfaces, self._meanings, self._every)
        left, right, variants = self._parts[index] = met
        self._plain[index] = None if left or right else variants[0]
        return met

    def _by_every(self, text: str) -> list[list[tuple[int, int, str]]]:
        kept: list[list[_Part]] = [[] for _ in _TAGS]
        for index, start, end in self._every.find_matches_as_indexes(text, overlapping=True):
            if not _joined(text, start) and not _joined(text, end):
                for tag, _, _, value in self._own[index]:
                    _keep_longest(kept[tag], _Part(tag, start, end, value))
        return [sorted([(part.start, part.end, part.value) for part in parts]) if parts else [] for parts in kept]


_Variants = tuple[bool, bool, tuple[tuple[_Part, ...], ...]]


def _variants(
    surface: str, surfaces: list[str], meanings: dict[str, list[tuple[Tag, str]]], automaton: AhoCorasick
) -> _Variants:
    """List the words inside a surface for the four cases: bounded, not at the left, at the right, at both."""
    found = [
        _Part(tag, start, end, value)
        for index, start, end in automaton.find_matches_as_indexes(surface, overlapping=True)
        if not _joined(surface, start) and not _joined(surface, end)
        for tag, value in meanings[surfaces[index]]
    ]
    free = [
        [part for part in found if not (left and part.start == 0) and not (right and part.end == len(surface))]
        for right in (False, True)
        for left in (False, True)
    ]
    return _latin(surface[0]), _latin(surface[-1]), tuple(_longest(parts) for parts in free)


def _longest(found: Sequence[_Part]) -> tuple[_Part, ...]:
    """Of the words of each part keep those that no other one contains."""
    parts: dict[Tag, list[_Part]] = {}
    for part in found:
        _keep_longest(parts.setdefault(part.tag, []), part)
    return tuple(part for tag in Tag for part in parts.get(tag, ()))


def _keep_longest(parts: list[_Part], part: _Part) -> None:
    """Append a word (they come by end) unless one held contains it; drop those it contains."""
    if parts and parts[-1].end == part.end and parts[-1].start < part.start:
        return
    while parts and parts[-1].start >= part.start and (parts[-1].start, parts[-1].end) != (part.start, part.end):
        parts.pop()
    parts.append(part)


def _joined(text: str, at: int) -> bool:
    return 0 < at < len(text) and _latin(text[at - 1]) and _latin(text[at])


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u0900"


def outside(hits: Sequence[tuple[int, int, str]], names: Sequence[Hit]) -> Sequence[tuple[int, int, str]]:
    """Leave out hits (by start) that are only a part of a longer name: the price bureau is no price."""
    covered = set[int]()
    starts = [one[0] for one in hits] if names else []
    for name in names:
        for index in range(bisect_left(starts, name.start), bisect_left(starts, name.end)):
            start, end, _ = hits[index]
            if end <= name.end and end - start < name.end - name.start:
                covered.add(index)
    return [one for index, one in enumerate(hits) if index not in covered] if covered else hits


def rows(name: str) -> list[list[str]]:
    """Read a word list: its rows as columns; lines that start with # are remarks."""
    lines = (_FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def shipped() -> list[Entry]:
    """Return the words of every shipped list."""
    plan = ((Tag.CUE, "cues", 1), (Tag.VERB, "verbs", 7), (Tag.OBJECT, "objects", 4), (Tag.BODY, "bodies", 3),
            (Tag.ACCUSE, "accusations", 1))  # fmt: skip
    entries = [
        Entry(tag, row[0], surface)
        for tag, name, column in plan
        for row in rows(name)
        for surface in row[column].split("|")
    ]
    harms = [Entry(Tag.HARM, ":".join(row[:3]), surface) for row in rows("harm") for surface in row[3].split("|")]
    return entries + harms
