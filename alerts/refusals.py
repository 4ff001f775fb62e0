"""What no rule may name: persons, accounts, language, ethnicity, religion, assemblies, elections, tone."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import rjieba
from msgspec import Struct

from answerable.strict import convert, read_toml

__all__ = ["Objection", "object_to", "object_to_key"]

_FILE = Path(__file__).parent / "refused.toml"
_GAPS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·・.,，。、_*|/-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TRACE = re.compile(r"@\w|https?://|www\.|\b\d{6,}\b|\w@\w|[?&=]uid|/u/\d")
_KEYS = {
    "person": ("person", "people", "name", "names", "who"),
    "account": ("author", "account", "accounts", "user", "users", "handle", "profile", "followers"),
    "language": ("lang", "langs", "language", "languages"),
    "ethnicity": ("ethnicity", "race", "nation", "nationality", "origin"),
    "religion": ("religion", "faith", "creed"),
    "assembly": ("assembly", "assemblies", "gathering", "protest", "call", "petition"),
    "election": ("election", "elections", "party", "vote"),
    "tone": ("emotion", "emotions", "mood", "moods", "sentiment", "anger", "tone", "criticism", "stance", "negative"),
}


class Objection(Struct, frozen=True):
    """What a rule may not name, and what to write instead."""

    kind: str
    word: str
    repair: str


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    repair: str
    han: list[str]
    latin: list[str]


class _Names(Struct, frozen=True, forbid_unknown_fields=True):
    given: list[str]
    latin_places: list[str]
    commonest: str
    families: str
    double: list[str]
    place_ends: str
    ordinary: list[str]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    places: list[str]
    names: _Names
    person: _Words
    account: _Words
    language: _Words
    ethnicity: _Words
    religion: _Words
    assembly: _Words
    election: _Words
    tone: _Words


def object_to(text: str) -> Objection | None:
    """Return why a word may not stand in a rule, or None.

    >>> object_to("停水"), object_to("water main")
    (None, None)
    >>> object_to("游 行").kind, object_to("Protests").kind, object_to("@someone").kind
    ('assembly', 'assembly', 'account')
    """
    plain = unicodedata.normalize("NFKC", text)
    folded = plain.casefold()
    for kind in _KEYS:
        han, latin, _ = _patterns(kind)
        found = han.search(_GAPS.sub("", folded)) or latin.search(" ".join(_words(folded)))
        if found:
            return _objection(kind, found[0].strip())
    if _TRACE.search(folded):
        return _objection("account", plain)
    return _objection("person", plain) if _names_somebody(plain) else None


def object_to_key(key: str) -> Objection | None:
    """Return why a rule may not weigh something of that name, or None.

    >>> object_to_key("language").kind
    'language'
    """
    folded = key.casefold().removesuffix("_id")
    for kind, keys in _KEYS.items():
        if folded in keys:
            return _objection(kind, key)
    return None


def _objection(kind: str, word: str) -> Objection:
    return Objection(kind, word, _patterns(kind)[2])


def _names_somebody(text: str) -> bool:
    """Tell whether a term reads like a person's name: by the tagger in Chinese, by the given name in English.

    >>> _names_somebody("Jane Doe"), _names_somebody("Jane Street"), _names_somebody("水管")
    (True, False, False)
    """
    compact = _GAPS.sub("", text)
    if _HAN.search(compact):
        return _is_han_name(compact)
    words, names = _words(text.casefold()), _read().names
    return 2 <= len(words) <= 4 and words[0] in names.given and words[-1] not in names.latin_places


def _is_han_name(compact: str) -> bool:
    names = _read().names
    if compact[-1] in names.place_ends or compact in names.ordinary:
        return False
    named = [word for word, tag in rjieba.tag(compact) if tag.startswith("nr") and len(word) > 1]
    if not named:
        return False
    if len(compact) == 2:
        return compact[0] in names.commonest
    full = len(named[0]) > 2 or len(compact) == 3
    return full and (compact[:2] in names.double or compact[0] in names.commonest or compact[0] in names.families)


def _words(folded: str) -> list[str]:
    return re.findall(r"[a-z0-9][a-z0-9'.-]*[a-z0-9]|[a-z0-9]", folded)


@cache
def _read() -> _File:
    return convert(read_toml(_FILE), _File, str(_FILE), lambda steps: None)


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], re.Pattern[str], str]:
    words: _Words = getattr(_read(), kind)
    places = "|".join(map(re.escape, _read().places))
    han = "|".join(re.escape(word) for word in sorted(words.han, key=lambda word: (-len(word), word)))
    latin = "|".join(re.escape(word) for word in sorted(words.latin, key=lambda word: (-len(word), word)))
    return (
        re.compile(rf"(?:{han})(?!{places})"),
        re.compile(rf"(?<![a-z0-9])(?:{latin})(?:e?s)?(?![a-z0-9])"),
        (words.repair),
    )
