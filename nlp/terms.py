"""The terms that grouping works with: what a post is about, word by word.

Chinese: words of two characters or more, the title three times, the first 600 characters, 1 + ln of the count,
the best 25. Elsewhere: words without small words, lightly stemmed; capitalised 1.3, hashtags 1.5, URLs 1.5,
numbers .7, adjacent pairs .5. Masks and mentions never become terms.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import rjieba
from msgspec.structs import replace

from answerable.post import Term, TermKind
from answerable.tokens import fold
from nlp.clean import Folded
from nlp.language import stop_words

__all__ = ["placed", "stem", "terms"]

_HEAD = 600
_CHINESE, _OTHERS = 25, 60
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_HAN}]{{2,}}|[a-z][a-z0-9]+")
_MENTION = re.compile(r"@[\w*]+")
_TAG = re.compile(r"#([^#\s*]{2,30})#")
_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)[^\s*]+)|(?P<mention>@[\w*]+)|#(?P<tag>\w[\w*]*)|(?P<mask>\w*\*[\w*]*)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)(?!\w)|(?P<word>[^\W_]+(?:'[^\W_]+)*)"
)
_ELIDED = {
    "fr": re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=.)"),
    "it": re.compile(r"(?:[cdlmnstv]|un|all|dall|dell|nell|sull|quest|quell)'(?=.)"),
}
_CAMEL = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+")
_URL = re.compile(r"^(?:https?://)?(?:www\.)?([^?#]*)")
_NAMES = frozenset({TermKind.WORD, TermKind.PAIR})
_MANY, _REMEMBERED = 99, 200_000
_LOG = [0.0, *(1 + math.log(count) for count in range(1, _MANY + 1))]
_HUNDREDTHS = [round(100 * weight) for weight in _LOG]
_DICTIONARY = 60_000_000  # the sum of all frequencies of the segmenter's dictionary, about


def terms(
    folded: Folded, title: int, lang: str, cut: Sequence[str] | None = None, spans: Sequence[tuple[int, int]] = ()
) -> tuple[Term, ...]:
    """Return a post's terms, the most telling first.

    `title` is the length of the title in the text; `cut` is the text's segmentation as far as a caller has it
    (Chinese only): its pieces joined are the text's beginning. `spans` are the places named there (Chinese only): no
    word reaches over their ends, and none is made of them.

    >>> from nlp.clean import folded
    >>> [term.text for term in terms(folded("A3区金岚小区停水"), 0, "zh", spans=[(0, 3)])]
    ['金岚', '停水', '小区']
    """
    return _chinese(folded.text, title, cut or (), spans) if lang == "zh" else _others(folded, title, lang)


def _chinese(text: str, title: int, cut: Sequence[str], spans: Sequence[tuple[int, int]]) -> tuple[Term, ...]:
    if "@" in text:
        text, cut = _MENTION.sub(lambda mention: " " * len(mention[0]), text), ()
    if spans:
        text, cut = _blanked(text[: title + 1 + _HEAD], spans), ()
    known = sum(map(len, cut))
    words = [*cut, *rjieba.cut(text[known : title + 1 + _HEAD])]
    position = split = 0
    while position < title and split < len(words):
        position += len(words[split])
        split += 1
    counts = Counter([word for word in words[:split] * 3 if len(word) > 1])
    counts.update([word for word in words[split:] if len(word) > 1])
    weights = {
        word: -_LOG[count if count < _MANY else _MANY] * rarity
        for word, count in counts.items()
        if (rarity := _rarity[word])
    }
    best = sorted(weights, key=weights.__getitem__)[:_CHINESE]
    found = [_term(word, counts[word]) for word in best]
    return tuple([*_topic_tags(text[: title + 1 + _HEAD]), *found] if "#" in text else found)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += text[done:start], " " * (end - start)
        done = end
    return "".join([*parts, text[done:]])


@lru_cache(maxsize=131072)
def _term(word: str, count: int) -> Term:
    """Make a term once: posts share the same ones."""
    return Term(word.lower(), _HUNDREDTHS[min(count, _MANY)])


class _Rarity(dict[str, float]):
    """How rare the segmenter's dictionary has a word, for the choice of terms only; 0 = no term at all."""

    def __missing__(self, word: str) -> float:
        if len(self) > _REMEMBERED:
            self.clear()
        plain = word.lower()
        if len(word) < 2 or plain in stop_words()["zh"] or not _WORD.fullmatch(plain):
            weight = 0.0
        else:
            weight = math.sqrt(math.log(_DICTIONARY / (1 + rjieba.suggest_freq(word))))
        self[word] = weight
        return weight


_rarity = _Rarity()


def _topic_tags(text: str) -> list[Term]:
    found = dict.fromkeys(match[1] for match in _TAG.finditer(text))
    return [Term(f"#{tag}", 150, TermKind.HASHTAG) for tag in found]


def _others(folded: Folded, title: int, lang: str) -> tuple[Term, ...]:
    """Return terms by weight, those of one weight in the order in which they first stood."""
    found = _Found(folded, _small(lang), _ELIDED.get(lang))
    for match in _TOKEN.finditer(folded.text, 0, min(len(folded.text), title + 1 + _HEAD)):
        found.take(match)
    return tuple(found.ranked()[:_OTHERS])


@lru_cache(maxsize=64)
def _small(lang: str) -> frozenset[str]:
    """Return a language's small words as they stand in folded text, where accents are gone."""
    words = stop_words().get(lang, frozenset())
    return words | {fold(word) for word in words}


class _Found:
    """The terms of a text by kind: all addresses and tags weigh the same, and so do all numbers and all pairs."""

    def __init__(self, folded: Folded, small: frozenset[str], elided: re.Pattern[str] | None = None) -> None:
        self._folded, self._small, self._elided = folded, small, elided
        self._rare: dict[str, TermKind] = {}
        self._words: dict[str, int] = {}
        self._numbers: dict[str, None] = {}
        self._pairs: dict[str, None] = {}
        self._shown: dict[str, str] = {}
        self._before, self._surface = "", ""

    def take(self, match: re.Match[str]) -> None:
        """Take the next token in."""
        kind, token = match.lastgroup, match[0]
        word = ""
        if kind == "word":
            start = match.start()
            if self._elided is not None and "'" in token and (article := self._elided.match(token)):
                token, start = token[article.end() :], start + article.end()
            if len(token) > 1 and token not in self._small:
                word = self._word(stem(token), token, 130 if _capital(self._folded, start) else 100)
        elif kind == "number":
            self._numbers[token] = None
        elif kind == "url":
            address = _URL.match(token)
            if address and address[1]:
                self._rare.setdefault(address[1].rstrip("/.,"), TermKind.URL)
        elif kind == "tag" and "*" not in token:
            word = token = self._hashtag(match)
        self._before, self._surface = word, token

    def _word(self, word: str, surface: str, weight: int) -> str:
        if weight > self._words.get(word, 0):
            self._words[word] = weight
        if word != surface:
            self._shown.setdefault(word, surface)
        before = self._before
        if before and before != word:
            pair = f"{before} {word}"
            if pair not in self._pairs:
                self._pairs[pair] = None
                self._shown[pair] = f"{self._surface} {surface}"
        return word

    def _hashtag(self, match: re.Match[str]) -> str:
        start, end = self._folded.span(match.start("tag"), match.end("tag"))
        self._rare.setdefault(f"#{match['tag']}", TermKind.HASHTAG)
        word = stem(match["tag"])
        self._word(word, word, 100)
        for part in _CAMEL.findall(self._folded.body[start:end]):
            low = part.lower()
            if len(low) > 1 and low not in self._small:
                self._words.setdefault(stem(low), 100)
        return word

    def ranked(self) -> list[Term]:
        """Return the terms, the heaviest first."""
        shown, words = self._shown.get, self._words.items()
        return [
            *(Term(text, 150, kind, shown(text, "")) for text, kind in self._rare.items()),
            *(Term(text, 130, TermKind.WORD, shown(text, "")) for text, weight in words if weight == 130),
            *(Term(text, 100, TermKind.WORD, shown(text, "")) for text, weight in words if weight == 100),
            *(Term(text, 70, TermKind.NUMBER, shown(text, "")) for text in self._numbers),
            *(Term(text, 50, TermKind.PAIR, shown(text, "")) for text in self._pairs),
        ]


def placed(terms: Sequence[Term], names: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms, those that stand in the name of a place that is mentioned marked as such.

    >>> [term.kind.name for term in placed([Term("linjiang", 100), Term("water", 100)], ["Linjiang Street"])]
    ['PLACE', 'WORD']
    """
    whole = " ".join(names).lower()
    if not whole:
        return tuple(terms)
    return tuple(
        replace(term, kind=TermKind.PLACE) if term.kind in _NAMES and term.text in whole else term for term in terms
    )


def _capital(folded: Folded, at: int) -> bool:
    return folded.body[at if folded.starts is None else folded.span(at, at + 1)[0]].isupper()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut the commonest English endings, lightly: a stem is for comparing, not for reading.

    >>> [stem(word) for word in ["trees", "potholes", "flooding", "flooded", "city's", "bus", "glass", "cities"]]
    ['tree', 'pothole', 'flood', 'flood', 'city', 'bus', 'glass', 'city']
    """
    word = word.removesuffix("'s").replace("'", "")
    if len(word) < 5 and not (len(word) == 4 and word.endswith("s")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 6), ("es", 6), ("s", 4)):
        if not word.endswith(ending) or len(word) < least:
            continue
        return _ending(word, ending)
    return word


def _ending(word: str, ending: str) -> str:
    bare = word[: -len(ending)]
    if ending == "s":
        return word if word[-2] in "sui" else bare
    if ending == "es":
        return bare if bare.endswith(("sh", "ch", "ss", "x", "zz")) else word[:-1]
    return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
