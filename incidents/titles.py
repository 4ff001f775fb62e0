"""What an incident is called: a place and terms that at least three author-days share, nobody's sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from answerable.incident import SharedWord, Title
from answerable.post import Term, TermKind
from incidents.records import Group

__all__ = ["LEAST", "sayable", "shared", "title"]

LEAST = 3
_MATTER = 3
_CODE = re.compile(r"[a-z]?\d+[a-z]?", re.IGNORECASE)  # a district, a bus, a block: no matter
_HAN = re.compile(r"[\u3400-\u9fff]")
_ANYWHERE = frozenset(["街道", "小区", "社区", "附近"])  # parts of a place's name: the title has the place already
_SAYABLE = frozenset({TermKind.WORD, TermKind.HASHTAG, TermKind.PAIR})


def sayable(term: Term) -> bool:
    """Tell whether a term may ever stand in a title: no number, code or link, at most 12 Han characters or 8 words.

    >>> sayable(Term("停水", 100)), sayable(Term("停" * 13, 100)), sayable(Term("42", 70, TermKind.NUMBER))
    (True, False, False)
    >>> sayable(Term("b7", 100))
    False
    """
    text = term.text
    if term.kind not in _SAYABLE or len(text) > 60 or text in _ANYWHERE or _CODE.fullmatch(text):
        return False
    return len(_HAN.findall(text)) <= 12 and len(text.split()) <= 8


def shared(
    counts: Iterable[tuple[int, int, int]], words: dict[int, str], kinds: dict[int, int], limit: int
) -> tuple[SharedWord, ...]:
    """Return the heaviest words that three author-days share, from (hash, author-days, weight).

    >>> shared([(1, 3, 900), (2, 2, 950)], {1: "停水", 2: "我家"}, {}, 5)
    (SharedWord(text='停水', authors=3, kinds=1),)
    """
    often = [entry for entry in counts if entry[1] >= LEAST and entry[0] in words]
    known = sorted((-weight, words[term], count, term) for term, count, weight in often)
    return tuple(SharedWord(text, count, kinds.get(term, 1)) for _, text, count, term in known[:limit])


def title(group: Group, words: tuple[SharedWord, ...], area: str = "", own: Collection[str] = ()) -> Title:
    """Return place and matter; an empty matter means: call it by its topic.

    A word that stands inside a longer one already chosen adds nothing and is passed over; so is one that is another
    with one character before it, as where the end of a district's name was taken for the start of a word. Of `own`
    words, which hardly anybody else in the `area` uses, one tells where or whose; more of them, the parts of an
    estate's name, come after the words that tell what.
    """
    if group.title:
        return Title(_place(group, area), tuple(group.title.split()))
    matter: list[str] = []
    said = {word.text for word in words}
    for text in _ordered([word.text for word in words], own):
        if len(matter) == _MATTER:
            break
        if text[1:] not in said and not any(text in chosen or chosen in text for chosen in matter):
            matter.append(text.removeprefix("#"))
    return Title(_place(group, area), tuple(matter))


def _ordered(words: Sequence[str], own: Collection[str]) -> list[str]:
    """Put all own words but the first last.

    >>> _ordered(["rowan", "court", "lift", "broken"], {"rowan", "court"})
    ['rowan', 'lift', 'broken', 'court']
    """
    first = next((word for word in words if word in own), None)
    return sorted(words, key=lambda word: word in own and word != first)


def _place(group: Group, area: str) -> str | None:
    """Return the place that half of the author-days name, three at least, a district rather than its whole area.

    Where no one place is named so often, a district may be.
    """
    if group.place:
        return group.place
    enough = max(LEAST, group.residents / 2)
    for votes in (group.places, group.districts):
        named = {place: count for place, count in votes.items() if count >= enough}
        if named.keys() & group.districts.keys():
            named.pop(area, None)
        if named:
            return min(named, key=lambda place: (-named[place], place))
    return None
