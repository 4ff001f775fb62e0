"""The one tokeniser for search: it cuts texts and queries alike, in every store."""

from __future__ import annotations

import re
import unicodedata

import rjieba

__all__ = ["fold", "terms", "words"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_RUN = re.compile(rf"{_HAN.pattern}|(?:(?!{_HAN.pattern})\w)+(?:['’](?:(?!{_HAN.pattern})\w)+)*")
_IGNORED = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]")


def fold(text: str) -> str:
    r"""Fold width, case and accents, and drop invisible characters, for matching only.

    >>> fold("ＣＡＦÉ\u200b １２")
    'cafe 12'
    """
    wide = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFD", wide) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)


def words(text: str) -> list[str]:
    """Cut folded text into words in order: rjieba for Han runs, Unicode words elsewhere.

    >>> words("停水3天，don’t wait")
    ['停水', '3', '天', "don't", 'wait']
    """
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if _HAN.match(run):
            found.extend(word for word in rjieba.cut(run) if _HAN.match(word))
        else:
            found.append(run.replace("’", "'"))
    return found


def terms(text: str) -> list[str]:
    """Cut text into what the stores hold: the words, and the bigrams of each Han run.

    >>> terms("居民停水")
    ['居民', '停水', '民停']
    """
    found: list[str] = []
    for run in _RUN.findall(fold(text)):
        if not _HAN.match(run):
            found.append(run.replace("’", "'"))
            continue
        cut = [word for word in rjieba.cut(run) if _HAN.match(word)]
        seen = set(cut)
        found.extend(cut)
        found.extend(pair for pair in (run[i : i + 2] for i in range(len(run) - 1)) if pair not in seen)
    return found
