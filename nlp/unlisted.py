"""Names that look like places and that no gazetteer lists: counted over many posts, told only where many say them.

Chinese: words before an ending such as 路 or 小区, from where a name can begin. Elsewhere: capitals before Street,
Park …, or behind in, at and near. What a person is called is none. Of a name there is a count, and never a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import rjieba
from msgspec import Struct

from answerable.post import PlaceMention
from nlp.language import stop_words
from nlp.lexicon import rows
from nlp.place_words import GENERAL, GIVEN, NOWHERE, PERSON_AFTER

__all__ = ["Suggestion", "Unlisted", "candidates"]


def _endings(lang: str) -> dict[str, str]:
    listed = (row for row in rows("endings") if row[0] == lang and row[1] not in ("behind", "none", "surname"))
    return {word: level for _, level, words in listed for word in words.split("|")}


def _listed(lang: str, kind: str) -> frozenset[str]:
    return frozenset(word for row in rows("endings") if row[:2] == [lang, kind] for word in row[2].split("|"))


_HAN, _LATIN = _endings("zh"), _endings("en")
_BEHIND, _HAN_NONE, _LATIN_NONE = _listed("zh", "behind"), _listed("zh", "none"), _listed("en", "none")
_SURNAMES = _listed("en", "surname")
_END = re.compile("(?:" + "|".join(sorted(_HAN, key=len, reverse=True)) + ")$")
_SMALL = re.compile(r"[pcrdyewx]$|u.?$")  # classes of words that are no part of a name
_COUNTED = re.compile(r"[一二两三四五六七八九十几多每各全整某该此那旧新老大小条座个所家种些]+")
_SETTLED = re.compile(r"[省市区县镇乡村道路]$")
_WORDS, _LONGEST, _COMMON = 3, 10, 300  # words before an ending; characters; frequency of an ordinary word
_RUN = r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)"
_NAMED = re.compile(rf"\b({_RUN}{{0,2}}) ({'|'.join(_LATIN)})\b")
_CAPITAL = re.compile(r"\b[A-Z]")
_CAPITALS = re.compile(rf"\b{_RUN}{{0,2}}")
_IN_BEFORE = re.compile(r"(?:\b(?:in|at|near)|(?:^|[.!?\n]\s*)(?:In|At|Near)) (?:the )?$")
_OWNED = re.compile(r"['’]s?(?: .*)?$")
_HEADLINE = 0.5  # share of words with a capital
_HAN_SHARE, _LATIN_SHARE, _WHERE_SHARE = 0.5, 0.25, 0.05
_SHORT = {"St": "Street", "Rd": "Road", "Ave": "Avenue", "Blvd": "Boulevard"}
_MOST = 400_000  # names counted at once


class Candidate(Struct, frozen=True):
    """A name as one post has it: whether a name can begin there, and whether the words speak of a place."""

    name: str
    level: str
    begins: bool
    where: bool


class Suggestion(Struct, frozen=True):
    """A name, the level that its ending says, how many authors wrote it (each once a day), and where it may lie."""

    name: str
    level: str
    people: int
    parent: str | None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Return how the name is also written: St for Street."""
        own, _, ending = self.name.rpartition(" ")
        return tuple(f"{own} {short}" for short, full in _SHORT.items() if full == ending)


class _Seen:
    """How often a name was seen, by whom, and beside which places."""

    __slots__ = ("begins", "level", "parents", "people", "where")

    def __init__(self, level: str) -> None:
        self.level = level
        self.people: set[str] = set()
        self.begins = self.where = 0
        self.parents: Counter[str] = Counter()


class Unlisted:
    """Counts candidates; names that one author alone wrote are let go of where there are too many."""

    def __init__(self, least: int) -> None:
        self._least = least
        self._seen: dict[str, _Seen] = {}

    def add(self, body: str, mentions: Sequence[PlaceMention], author: str, home: str | None) -> None:
        """Count the candidates of one post by an author's token; `home` is where the post comes from."""
        parent = max(mentions, key=lambda one: one.p).id if mentions else home
        for one in {one.name: one for one in candidates(body, mentions)}.values():
            seen = self._seen.setdefault(one.name, _Seen(one.level))
            seen.people.add(author)
            seen.begins += one.begins
            seen.where += one.where
            if parent is not None:
                seen.parents[parent] += 1
        if len(self._seen) > _MOST:
            self._seen = {name: seen for name, seen in self._seen.items() if len(seen.people) > 1}

    def found(self) -> list[Suggestion]:
        """Return what enough people name, most first."""
        kept = {
            name: seen
            for name, seen in self._seen.items()
            if len(seen.people) >= self._least and _stands(name, seen) and not self._is_anothers(name, seen)
        }
        told = [
            Suggestion(name, seen.level, len(seen.people), _most(seen.parents))
            for name, seen in kept.items()
            if not any(len(kept[end].people) > 2 * len(seen.people) for end in _ends(name) if end in kept)
        ]
        return sorted(told, key=lambda one: (-one.people, one.name))

    def _is_anothers(self, name: str, seen: _Seen) -> bool:
        """Tell whether a Latin name is that of somebody, and something of theirs: Ada Quill Church, Ada Quills."""
        words = name.split() if name.isascii() else []
        shorter = [" ".join(words[:count]) for count in range(2, len(words))] + [name.removesuffix("s")]
        known = ((one, self._seen[one]) for one in shorter if one != name and one in self._seen)
        return any(len(one.people) >= len(seen.people) and not _stands(other, one) for other, one in known)


def _stands(name: str, seen: _Seen) -> bool:
    """Tell whether enough of those who wrote a name wrote it as a place, and some were or went there."""
    if not seen.where or seen.where < _WHERE_SHARE * len(seen.people):
        return False
    return seen.begins >= (_LATIN_SHARE if name.isascii() else _HAN_SHARE) * len(seen.people)


def _most(votes: Counter[str]) -> str | None:
    return min(votes, key=lambda place: (-votes[place], place), default=None)


def _ends(name: str) -> Iterator[str]:
    return (name[at:] for at in range(1, len(name) - 1))


def candidates(body: str, mentions: Sequence[PlaceMention]) -> list[Candidate]:
    """Return the names in one text that look like places, beside the mentions of those that are listed.

    >>> [one.name for one in candidates("请问金岚路为什么停水", ()) if one.begins]
    ['金岚路']
    >>> [one.name for one in candidates("Lamps in Elm Street and at Northgate are out, says Mary Hill", ())]
    ['Elm Street', 'Lamps', 'Northgate']
    """
    if body.isascii():
        return list(_latin(body, mentions))
    found: list[Candidate] = []
    at, after_place = 0, False
    for start, end in sorted((one.start, one.end) for one in mentions if _SETTLED.search(one.text)):
        found += _han(body[at:start], after_place)
        at, after_place = max(at, end), True
    return [*found, *_han(body[at:], after_place), *_latin(body, mentions)]


def _han(text: str, after_place: bool) -> Iterator[Candidate]:
    words: list[tuple[str, str]] = rjieba.tag(text)
    for last, (word, _) in enumerate(words):
        ending = _END.search(word)
        if ending is None or _is_ordinary(word, ending[0]):
            continue
        if not PERSON_AFTER.match("".join(after for after, _ in words[last + 1 : last + 3])):
            yield from _before(words, last, ending[0], after_place)


def _before(words: list[tuple[str, str]], last: int, ending: str, after_place: bool) -> Iterator[Candidate]:
    """Yield the names that end with a word, each with one word more before it."""
    for first in range(last, max(-1, last - _WORDS - 1), -1):
        if first < last and _is_small(*words[first]):
            return
        before = words[first - 1] if first else ("", "")
        name = "".join(word for word, _ in words[first : last + 1])
        if _is_name(name, ending):
            begins = not first or _is_small(*before) or before[1] == "v"
            where = before[0] in _BEHIND or (not first and after_place)
            yield Candidate(name, _HAN[ending], begins, where)


def _is_small(word: str, kind: str) -> bool:
    return _SMALL.match(kind) is not None or word in _BEHIND or word in _HAN_NONE or word in stop_words()["zh"]


def _is_ordinary(word: str, ending: str) -> bool:
    return word != ending and rjieba.suggest_freq(word) > _COMMON


def _is_name(name: str, ending: str) -> bool:
    own = name.removesuffix(ending)
    if not 3 <= len(name) <= _LONGEST or not name.isalnum() or _COUNTED.fullmatch(own):
        return False
    return not (name in GENERAL or own in GENERAL or _is_ordinary(name, ending))


def _latin(body: str, mentions: Sequence[PlaceMention]) -> Iterator[Candidate]:
    """Yield names with an ending, then other runs of capitals, also where they are no place; none of a headline."""
    taken = [(one.start, one.end) for one in mentions]
    for found in _NAMED.finditer(body):
        run = _without_small(found[1])
        if run and not (found[2] in _SURNAMES and run.split()[0].lower() in GIVEN):
            span = found.end() - len(f"{run} {found[2]}"), found.end()
            if not _meets(span, taken):
                taken.append(span)
                where = (
                    found[2] not in _SURNAMES or _IN_BEFORE.search(body, max(0, span[0] - 16), span[0]) is not None
                )
                yield Candidate(f"{run} {_SHORT.get(found[2], found[2])}", _LATIN[found[2]], where, where)
    if len(_CAPITAL.findall(body)) > _HEADLINE * len(body.split()):
        return
    for found in _CAPITALS.finditer(body):
        words = found[0].lower().split()
        known = words[0] in GIVEN or found[0].isupper() or any(w in _LATIN_NONE or w in NOWHERE for w in words)
        if not known and not _meets(found.span(), taken):
            stands_in = _IN_BEFORE.search(body, max(0, found.start() - 16), found.start()) is not None
            stands_in = stands_in and not _OWNED.search(found[0])
            yield Candidate(_OWNED.sub("", found[0]), "site", stands_in, stands_in)


def _without_small(run: str) -> str:
    """Leave out the first words of a run that begin a sentence rather than a name."""
    words = run.split()
    while words and words[0].lower() in _LATIN_NONE:
        del words[0]
    return " ".join(words)


def _meets(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)
