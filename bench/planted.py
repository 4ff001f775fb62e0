"""Copies put among real texts: a few edits, repost prefixes, separators, look-alike letters.

What is seeded: which texts are taken, and how each is copied.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache

from msgspec import Struct
from scipy.sparse import csr_matrix

from bench.load import read
from crawlers.masks import mask

__all__ = ["FILES", "LEAST", "SETS", "Copy", "Planted", "planted", "texts"]

LEAST = 12  # letters: shorter texts are compared exactly
_SHORT = 40
_NATURAL = 0.5
_EVERY: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "letters, zh": (("zh/tipdm_c/stream", "zh/tipdm_c/contest_test_unlabelled"), "text", LEAST, 2000),
    "weibo": (("zh/weibo2018/train", "zh/smp2020_ewect/virus_train"), "text", _SHORT, 2000),
    "weibo, short": (("zh/weibo2018/train", "zh/smp2020_ewect/virus_train"), "text", LEAST, _SHORT),
    "tweets, en": (("en/tweeteval/dev", "en/event2012/dev"), "text", _SHORT, 2000),
    "tweets, en, short": (("en/tweeteval/dev", "en/event2012/dev"), "text", LEAST, _SHORT),
}
SETS = tuple(_EVERY)
FILES = tuple(sorted({file for files, *_ in _EVERY.values() for file in files}))
_ALIKE = {
    "a": "аɑα", "c": "с", "e": "е", "i": "іι", "j": "ј", "k": "к", "o": "о0ο", "p": "рρ", "s": "ѕ", "u": "υ",
    "v": "ν", "x": "х", "y": "у", "A": "АΑ", "B": "ВΒ", "E": "ЕΕ", "H": "НΗ", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ0", "P": "РΡ", "T": "ТΤ", "X": "ХΧ", "一": "⼀", "人": "⼈", "大": "⼤", "小": "⼩", "日": "⽇",
    "月": "⽉", "水": "⽔", "生": "⽣", "用": "⽤", "子": "⼦", "心": "⼼", "工": "⼯", "行": "⾏",
}  # fmt: skip
_INVISIBLE = ("\u200b", "\u2060", "\ufe0f")
_PREFIXES = (
    "RT @{name}: ", "RT @{name} ", "rt @{name}：", "via @{name}: ", "Repost: ", "FWD: ", "Fw: ", "转发微博：",
    "转发：", "转发 ", "【转发】", "[转发]", "（转）", "【转】", "[转] ", "//@{name}：", "//@{name}:",
    "转发//@{name}：", "转：", "转自{name}：", "回复@{name}：", "//@{name}://@{name}x：", "扩散！//@{name}:",
)  # fmt: skip
_REPOSTED = re.compile(r"//\s?@|^\s*(?:RT\b|转)", re.IGNORECASE)
_NAMES = ("lanting_01", "澜汀街坊", "KingsBridge", "河畔居民")
_SEPARATORS = (" ", "-", "·", "*", "_", ".", "|", "～", "\u3000", "\n", "。", "，", "\U0001f4a7", "\u200b")


class Copy(StrEnum):
    """How a text is copied."""

    EDITS = "1-3 edits"
    REPOST = "repost prefixes"
    APART = "separators"
    ALIKE = "look-alike letters"


class Planted(Struct, frozen=True):
    """Originals, none like another, and one copy of each: (number of the original, how, text)."""

    originals: tuple[str, ...]
    copies: tuple[tuple[int, Copy, str], ...]


def planted(name: str, seed: int, count: int) -> Planted:
    """Take up to `count` texts of a set that are no reposts, copy each in one of four ways, and mask both."""
    chance = random.Random(f"{name}/{seed}")  # noqa: S311 — seeded
    every = texts(name)
    originals = [mask(text, None) for text in _unlike(chance.sample(every, min(count, len(every))))]
    ways = [list(Copy)[number % len(Copy)] for number in range(len(originals))]
    chance.shuffle(ways)
    copies = [(number, way, mask(_WAYS[way](originals[number], chance), None)) for number, way in enumerate(ways)]
    chance.shuffle(copies)
    return Planted(tuple(originals), tuple(copies))


@cache
def texts(name: str) -> list[str]:
    """Return the distinct texts of a set by length in letters, sorted."""
    files, field, least, most = _EVERY[name]
    found = {row[field] for file in files for row in read(file) if row.get(field)}
    return sorted(text for text in found if not _REPOSTED.search(text) and least <= len(_letters(text)) < most)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, mask(text, None).lower()))


def _unlike(found: Sequence[str]) -> list[str]:
    """Leave out what is by nature a copy of an earlier text: half of all three-letter pieces in common."""
    pieces = [sorted({kept[i : i + 3] for i in range(len(kept) - 2)}) for kept in map(_letters, found)]
    numbers: dict[str, int] = {}
    columns = [numbers.setdefault(piece, len(numbers)) for each in pieces for piece in each]
    ends = [0]
    for each in pieces:
        ends.append(ends[-1] + len(each))
    matrix = csr_matrix(([1] * len(columns), columns, ends), shape=(len(pieces), len(numbers)))
    both = (matrix @ matrix.T).tocoo()
    gone: set[int] = set()
    for one, other, common in sorted(zip(both.row.tolist(), both.col.tolist(), both.data.tolist(), strict=True)):
        alike = common >= _NATURAL * (len(pieces[one]) + len(pieces[other]) - common)
        if one < other and alike and one not in gone:
            gone.add(other)
    return [text for number, text in enumerate(found) if number not in gone]


def _edited(text: str, chance: random.Random) -> str:
    """Change, put in or take out one to three letters."""
    marks = list(text)
    for _ in range(1 + chance.randrange(3)):
        places = [place for place, mark in enumerate(marks) if mark.isalnum()]
        place, other = chance.choice(places), chance.choice(marks)
        match chance.randrange(3):
            case 0:
                marks[place] = other
            case 1:
                marks.insert(place, other)
            case _:
                del marks[place]
    return "".join(marks)


def _reposted(text: str, chance: random.Random) -> str:
    return chance.choice(_PREFIXES).format(name=chance.choice(_NAMES)) + text


def _apart(text: str, chance: random.Random) -> str:
    """Put separators between letters, at every place or here and there, and change those there are."""
    mark, often = chance.choice(_SEPARATORS), chance.choice((1.0, 0.3, 0.1))
    return "".join(
        (mark if letter.isspace() else letter) + (mark if chance.random() < often else "") for letter in text
    )


def _alike(text: str, chance: random.Random) -> str:
    """Write letters as others that look the same: of other alphabets, wide, bold, or with an invisible mark."""
    return "".join(_one_alike(letter, chance) if chance.random() < 0.5 else letter for letter in text)


def _one_alike(letter: str, chance: random.Random) -> str:
    if letter in _ALIKE and chance.random() < 0.7:
        return chance.choice(_ALIKE[letter])
    if "!" <= letter <= "~":
        return chr(ord(letter) + 0xFEE0)
    return letter + chance.choice(_INVISIBLE)


_WAYS: dict[Copy, Callable[[str, random.Random], str]] = {
    Copy.EDITS: _edited,
    Copy.REPOST: _reposted,
    Copy.APART: _apart,
    Copy.ALIKE: _alike,
}
