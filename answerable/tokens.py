"""The one tokeniser for search: it cuts texts and queries alike, in every store.

A store holds `terms(text)`: one token for each character of a Chinese, Japanese or Korean run (the pair
it begins, or the character alone where the run ends) and one token a word elsewhere. So every stretch
of a run is a stretch of tokens, whatever a segmenter makes of its surroundings, and a query is a list
of phrases over one field.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import rjieba
from msgspec import Struct

__all__ = ["Phrase", "fold", "phrase", "terms", "words"]

_LONGEST = 64  # code points of a token; what is longer is no word that anybody searches
_HAN_CHARS = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PAIRED_CHARS = rf"{_HAN_CHARS}\u3041-\u309a\u309d-\u30fa\u30fc-\u30ff\uac00-\ud7a3"
_MARKED = r"[\w\u0900-\u0963\u0966-\u0dff]"  # \w leaves out the vowel signs of Indic scripts
_IGNORED = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


def _runs_of(characters: str) -> re.Pattern[str]:
    word = rf"(?:(?![{characters}]){_MARKED})+"
    return re.compile(rf"[{characters}]+|{word}(?:'{word})*")


_HAN, _PAIRED = re.compile(f"[{_HAN_CHARS}]"), re.compile(f"[{_PAIRED_CHARS}]")
_HAN_RUNS, _PAIRED_RUNS = _runs_of(_HAN_CHARS), _runs_of(_PAIRED_CHARS)


class Phrase(Struct, frozen=True):
    """Tokens that stand side by side in `terms` of a text; `open`: the last one is only the start of a token."""

    tokens: tuple[str, ...]
    open: bool = False


def fold(text: str) -> str:
    r"""Fold width, case, accents and apostrophes, and drop invisible characters, for matching only.

    >>> fold("ＣＡＦÉ\u200b １２")
    'cafe 12'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    return unicodedata.normalize("NFKC", bare).translate(_APOSTROPHES)


def words(text: str) -> list[str]:
    """Cut folded text into words in order: rjieba for Han runs, Unicode words elsewhere.

    >>> words("停水3天，don’t wait")
    ['停水', '3', '天', "don't", 'wait']
    """
    found: list[str] = []
    for run in _HAN_RUNS.findall(fold(text)):
        if _HAN.match(run):
            found.extend(rjieba.cut(run))
        else:
            found.append(run)
    return found


def terms(text: str) -> list[str]:
    """Cut text into the tokens that the stores hold, in order.

    >>> terms("居民停水, don't use snake_case")
    ['居民', '民停', '停水', '水', "don't", 'use', 'snake_case']
    """
    found: list[str] = []
    for run in _PAIRED_RUNS.findall(fold(text)):
        if _PAIRED.match(run):
            found.extend(map("".join, pairwise(run)))
            found.append(run[-1])
        else:
            found.append(run[:_LONGEST])
    return found


def phrase(text: str) -> Phrase | None:
    """Return what to look for so as to find `text` word for word; None where it holds no word.

    >>> phrase("停水")
    Phrase(tokens=('停水',), open=False)
    >>> phrase("3天")
    Phrase(tokens=('3', '天'), open=True)
    """
    runs = _PAIRED_RUNS.findall(fold(text))
    if not runs:
        return None
    tokens = tuple(terms(text))
    if not _PAIRED.match(runs[-1]):
        return Phrase(tokens)
    return Phrase(tokens, open=True) if len(runs[-1]) == 1 else Phrase(tokens[:-1])
