"""Where the matter is: gazetteer names found in a text, told apart, and refused where they mean no place.

Names are found by one automaton (leftmost, longest). Of places that share a name the choice goes by: an ancestor
named in the text (the nearest, before the name rather than behind it), another shared name that only one goes with,
the post's place field, then what duplicates and the incident name (incidents/places.py; a mention tells of the others
for it), the source's home, then level and id. People's and firms' names, and common words that are
also place names, are no mentions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from msgspec import Struct
from msgspec.structs import replace

from answerable.post import PlaceMention
from nlp.clean import Folded, folded
from nlp.gazetteer import Gazetteer, shortened
from nlp.lexicon import rows
from nlp.place_words import (
    GENERAL,
    GIVEN,
    NOWHERE,
    PERSON_AFTER,
    is_event,
    is_locative,
    is_office,
    is_paper,
    stripped,
)

__all__ = ["Places"]

_LEVELS = ("country", "state", "province", "region", "city", "county", "district", "borough", "ward", "town",
           "street", "neighbourhood", "village", "community")  # fmt: skip
_BRAND_AFTER = re.compile(
    r"(?:牌|集团|股份|控股|有限公司|银行|啤酒|拉面|火锅|小吃|烤鸭|板面|米线|麻辣烫|烧饼|酒家|证券|信托|航空|大酒店)"
)
_AREA_AFTER = re.compile(
    r"(?:市|区|县|镇|乡|村|路|街|社区|小区|街道|大道|广场|花园|片区|新城|一带|附近|境内|这边|那边|当地|本地|站|公园)"
)
_PLACE_BEFORE = re.compile(r"(?:在|位于|家住|住|到|去|来|从|至|于|往|离|的|是|,|。|、|^|\s|\()$")
_ELSEWHERE_BEFORE = re.compile(
    r"(?:像|学习|参照|借鉴|不如|比如|例如|譬如|相比|比|同|外地|老家|来自|毕业于|不是|并非|而不是|"
    r"unlike|not in|instead of|moved from|as in|just like|"
    r"compared to|compared with|than in|originally from)\s?(?:the\s)?$"
)
_ELSEWHERE_AFTER = re.compile(r"(?:人$|人[,。]|那样|一样|就做得|做得比较好|等地|的经验)")
_TITLE_BEFORE = re.compile(
    r"(?:\bmr|\bmrs|\bms|\bmiss|\bdr|\bprof|\bmayor|\bsenator|\bofficer|\bjudge|\bcouncilman|\bsir|\blord|\bhurricane|\bcyclone|\btyphoon)\.?\s$"
)
_WORD_BEFORE = re.compile(r"(\w+)\.?\s$")
_CAPITAL_BEFORE = re.compile(r"(?:^|[.!?\n\"“(:]|[A-Z][\w'’]*)\s*$")
_CAPITAL_AFTER = re.compile(r"\s+[A-Z]\w")
_FIRM_AFTER = re.compile(
    r"(?:'s)?\s(?:inc|ltd|llc|corp|co|gmbh|plc|fc|united|airlines|motors|pizza|bank|brand|times|post|herald)\b"
)
_NOUN_AFTER = re.compile(
    r"\s(?:teachers?|class(?:es)?|clubs?|lists?|lessons?|books?|skills|members?|leaders?|dues|workers|rep|reps|group)\b"
)
_IN_BEFORE = re.compile(
    r"(?:\bin|\bat|\bnear|\bfrom|\bto|\baround|\boutside|\bof|\bacross|\bon|\bthrough|\bfor|#)\s?(?:the\s)?$"
)
_DOUBT = 0.4  # what is left of a mention's p where the words around make it doubtful
_OTHERS = 7  # places of the same name that a mention tells of
_BEHIND = 1000  # characters that an ancestor named behind a name is held to be farther off
_IS_LATIN = re.compile(r"[^\W_]")


class _Name(Struct, frozen=True):
    """A name as it is matched: the places that bear it, how it is written, whether it is also a common word."""

    ids: tuple[str, ...]
    latin: bool
    exact: str
    common: bool
    short: bool
    general: bool


class _Named:
    """What else a text names: places whose name nobody else bears, with their start, and those of shared names."""

    def __init__(self, found: Sequence[tuple[_Name, int, int]]) -> None:
        self.sure = [(name.ids[0], start) for name, start, _ in found if len(name.ids) == 1]
        self.doubtful = frozenset(place for name, _, _ in found if len(name.ids) > 1 for place in name.ids)


class Places:
    """Finds a gazetteer's places in texts; `p` is the confidence that this place, as the matter's, is meant."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        names = _names(gazetteer)
        self._surfaces = sorted(names)
        self._names = [names[surface] for surface in self._surfaces]
        self._by_surface = names
        self._ancestors = {place: frozenset(p.id for p in gazetteer.chain(place)) for place in gazetteer.places}
        self._automaton = AhoCorasick(
            self._surfaces, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    @property
    def ambiguous(self) -> frozenset[str]:
        """The folded names that several places bear, or that are common words as well."""
        return frozenset(surface for surface, name in self._by_surface.items() if len(name.ids) > 1 or name.common)

    def find(self, text: Folded, field: str | None = None, home: str | None = None) -> tuple[PlaceMention, ...]:
        """Return the places named, in order; `field` and `home` are the ids that the post came with."""
        found = [
            (self._names[index], start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text.text)
            if self._stands(self._names[index], text, start, end)
        ]
        named = _Named(found)
        mentions = (self._mention(text, name, start, end, named, field, home) for name, start, end in found)
        return _offices_doubted(text.body, [mention for mention in mentions if mention is not None])

    def resolve(self, words: str | None, home: str | None = None) -> str | None:
        """Return the place that an id or words in a place field mean, None where they mean none."""
        if not words or words in self._gazetteer.places:
            return words or None
        exact = self._by_surface.get(folded(words).text.strip())
        if exact:
            return self._choose(exact.ids, 0, _Named(()), None, home)[0]
        mentions = self.find(folded(words), None, home)
        return max(mentions, key=lambda m: (self._depth(m.id), -m.start)).id if mentions else None

    def _depth(self, place: str) -> int:
        return len(self._ancestors[place])

    def _stands(self, name: _Name, text: Folded, start: int, end: int) -> bool:
        folded_text = text.text
        if _joined(folded_text, start) or _joined(folded_text, end):
            return False
        before, after = folded_text[max(0, start - 24) : start], folded_text[end : end + 12]
        if name.latin:
            return self._stands_latin(name, text, start, end, before, after)
        if name.general and not is_locative(before, after):
            return False
        if is_paper(after):
            return False
        if name.common and not (_AREA_AFTER.match(after) or _PLACE_BEFORE.search(before)):
            return False
        return not (name.short and (PERSON_AFTER.match(after) or _BRAND_AFTER.match(after)))

    def _stands_latin(self, name: _Name, text: Folded, start: int, end: int, before: str, after: str) -> bool:
        first, last = text.span(start, end)
        written = text.body[first:last]
        tag = before.endswith("#")
        if len(name.exact) <= 3 and name.exact.isupper():
            return written == name.exact
        if not tag and not written[0].isupper() and any(c.isupper() for c in text.body):
            return False
        if name.common and not (
            written[0].isupper() and (_IN_BEFORE.search(before) or _alone(text.body, first, last))
        ):
            return False
        if name.common and _NOUN_AFTER.match(after):
            return False
        word = _WORD_BEFORE.search(before)
        return not (_TITLE_BEFORE.search(before) or _FIRM_AFTER.match(after) or (word and word[1] in GIVEN))

    def _mention(
        self,
        text: Folded,
        name: _Name,
        start: int,
        end: int,
        named: _Named,
        field: str | None,
        home: str | None,
    ) -> PlaceMention | None:
        place, p, told = self._choose(name.ids, start, named, field, home)
        before, after = text.text[max(0, start - 16) : start], text.text[end : end + 8]
        if _ELSEWHERE_BEFORE.search(before) or _ELSEWHERE_AFTER.match(after):
            p *= _DOUBT
        if p < 0.2:
            return None
        first, last = text.span(start, end)
        others = () if told else tuple(other for other in name.ids if other != place)[:_OTHERS]
        return PlaceMention(place, first, last, text.body[first:last], round(p, 2), others)

    def _choose(
        self, ids: tuple[str, ...], at: int, named: _Named, field: str | None, home: str | None
    ) -> tuple[str, float, bool]:
        """Choose among the places of a name (by level, then id), with p, and whether the post itself told."""
        if len(ids) == 1:
            return ids[0], 0.95, True
        far = (self._distance(place, at, named) for place in ids)
        told = min(((by, rank) for rank, by in enumerate(far) if by is not None), default=None)
        if told is not None:
            return ids[told[1]], 0.95, True
        kin = [place for place in ids if self._has_kin(place, named.doubtful)]
        if len(kin) == 1:
            return kin[0], 0.9, True
        for known, p, told_by_post in ((field, 0.9, True), (home, 0.85, False)):
            close = self._closest(ids, known)
            if close is not None:
                return close, p, told_by_post
        return ids[0], round(0.9 / len(ids), 2), False

    def _distance(self, place: str, at: int, named: _Named) -> int | None:
        """Return how far off the nearest ancestor is named, in characters; one behind the name counts as farther."""
        ancestors = self._ancestors[place]
        found = [_reach(at, start) for other, start in named.sure if other != place and other in ancestors]
        return min(found, default=None)

    def _has_kin(self, place: str, others: frozenset[str]) -> bool:
        """Tell whether a place lies in one of others, or one of them in it."""
        return any(
            other != place and (other in self._ancestors[place] or place in self._ancestors[other])
            for other in others
        )

    def _closest(self, ids: Iterable[str], known: str | None) -> str | None:
        """Return the place that shares most of a known place's chain, None where nothing below the top is shared."""
        if known is None or known not in self._ancestors:
            return None
        chain = self._ancestors[known]
        best = max(ids, key=lambda place: len(chain & self._ancestors[place]))
        shared = len(chain & self._ancestors[best])
        return best if shared >= min(2, len(chain)) and shared > 0 else None


def _offices_doubted(body: str, mentions: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    """Make those mentions doubtful that only say whose office it is, of places that are also named otherwise."""
    if len(mentions) < 2 or body.isascii():
        return tuple(mentions)
    office = [is_office(body[one.end : one.end + 8]) for one in mentions]
    named = {one.id for one, whose in zip(mentions, office, strict=True) if not whose}
    return tuple(
        replace(one, p=round(one.p * _DOUBT, 2)) if whose and one.id in named else one
        for one, whose in zip(mentions, office, strict=True)
    )


def _reach(at: int, start: int) -> int:
    return at - start if start <= at else start - at + _BEHIND


def _alone(body: str, start: int, end: int) -> bool:
    """Tell whether a capital inside a sentence marks a name by itself, no first word, no part of a longer name."""
    return not (_CAPITAL_BEFORE.search(body[max(0, start - 24) : start]) or _CAPITAL_AFTER.match(body, end))


def _names(gazetteer: Gazetteer) -> dict[str, _Name]:
    common = {word for row in rows("common_names") if row[0] in ("zh", "en") for word in row[1].split("|")}
    bearers: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    short: set[str] = set()
    for place in gazetteer.places.values():
        for name in (place.name, *place.aliases, *shortened(place.name)):
            surface = folded(name).text.strip()
            if len(surface) > 1 or (surface and not surface.isascii() and name != place.name):
                bearers.setdefault(surface, []).append(place.id)
                written.setdefault(surface, name)
    bearers = {surface: ids for surface, ids in bearers.items() if not _is_none(surface, bearers)}
    short.update(surface for surface in bearers if len(surface) <= 3 and surface[-1:] not in "市区县镇乡村路街省州")

    def order(place: str) -> tuple[int, int, str]:
        level = gazetteer.places[place].level
        return (_LEVELS.index(level) if level in _LEVELS else len(_LEVELS), len(list(gazetteer.chain(place))), place)

    return {
        surface: _Name(
            tuple(sorted(set(ids), key=order)), bool(_IS_LATIN.match(surface)) and surface[0] < "\u2e80" and
            surface[-1] < "\u2e80", written[surface], surface in common, surface in short,
            surface in GENERAL,
        )
        for surface, ids in bearers.items()
    }  # fmt: skip


def _is_none(surface: str, listed: Collection[str]) -> bool:
    """Tell whether a name is no place, or another one with something about it."""
    base = stripped(surface)
    return surface in NOWHERE or is_event(surface) or (base != surface and base in listed)


def _joined(text: str, at: int) -> bool:
    """Tell whether two Latin letters or digits meet at a position: then no name begins or ends there."""
    return 0 < at < len(text) and _letter(text[at - 1]) and _letter(text[at])


def _letter(character: str) -> bool:
    return character.isalnum() and character < "\u0900"
