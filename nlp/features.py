"""From texts to hashed n-grams: two blocks of 2^20 buckets, a whole batch at once.

The recipe is one for all heads. Texts are cut at CAP code points, entities are unescaped, a link reads
`http`, a mention `@`, every digit `0`; width and case are folded, invisible characters dropped and runs cut to three.
Block one holds character n-grams (1 to 3 in Chinese, 2 to 5 elsewhere, across words), block two holds
words and pairs of words, words in the scope of a negation, the first and the last word, and how a text is written
(capitals, exclamation and question marks, length, emoji). Only numbers leave this module: a bucket cannot be
read back into a word.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import chain

import numpy as np
import rjieba
from msgspec import Struct
from numpy.typing import NDArray

from nlp.letters import DROP, FOLD, KIND, UPPER, Letter
from nlp.rolling import U32, mix, slices, text_hash, windows

__all__ = ["BLOCK", "BUCKETS", "CAP", "Hits", "Scheme", "hash_texts", "normalise", "pieces", "scheme_of"]

CAP = 500  # code points of a text that the heads look at: bounds the cost and the sums
BLOCK = 1 << 20  # buckets a block
BUCKETS = 2 * BLOCK

_LINK = re.compile(r"(?:https?://|www\.)[!-~]*|(?<![\w/])http\b")
_MENTION = re.compile(r"[@＠][\w·-]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_APOSTROPHE, _BANG, _QUERY = ord("'"), ord("!"), ord("?")
_PAIR, _NEGATED, _FIRST, _LAST, _META = (U32(n) for n in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1))
_PAD = (" ",)
_NEGATORS = (
    "not no never nor cannot cant dont without nobody nothing neither hardly "
    "ne pas jamais rien aucun aucune sans nicht kein keine keinen nie niemals ohne "
    "non mai niente nessuno senza não nao nunca nem sem nada ni sin jamás jamas tampoco "
    "لا ليس لم لن ما مش نہیں नहीं न मत ना nahi "
    "不 没 没有 不是 别 无 未 不会 不能 不要 不可 从不 从未 毫无 并非 并不 没法 无法"
)


class Scheme(IntEnum):
    """Which n-grams are cut: Chinese has no spaces."""

    SPACED = 0
    HAN = 1


class Hits(Struct, frozen=True):
    """What was found in a batch: for each n-gram its post (0, 1, …) and its bucket, in no promised order."""

    post: NDArray[np.uint32]
    bucket: NDArray[np.uint32]


def scheme_of(text: str, lang: str | None) -> Scheme:
    """Return the scheme of a text: by language, or by its script where the language is not known.

    >>> scheme_of("停水了", None).name, scheme_of("no water", None).name, scheme_of("no water", "zh").name
    ('HAN', 'SPACED', 'HAN')
    """
    if lang:
        return Scheme.HAN if lang.startswith("zh") else Scheme.SPACED
    return Scheme.HAN if 4 * len(_HAN.findall(text)) > len(text) else Scheme.SPACED


def normalise(text: str) -> str:
    """Cut a text to CAP, unescape entities, write `http` for a link and `@` for a mention.

    >>> normalise("See https://x.example/a?b=1 &amp; ask @somebody")
    'See http & ask @'
    """
    text = text[:CAP]
    if "&" in text:
        text = html.unescape(text)
    if "http" in text or "www." in text:
        text = _LINK.sub("http", text)
    if "@" in text or "＠" in text:
        text = _MENTION.sub("@", text)
    return text


def pieces(text: str) -> list[str]:
    """Cut a Chinese text into the pieces that its words are counted in; joined they are normalise(text).

    >>> pieces("小区停水3天")
    ['小区', '停水', '3', '天']
    """
    return list(rjieba.cut(normalise(text)))


def hash_texts(texts: Sequence[str], scheme: Scheme, cuts: Sequence[Sequence[str]] | None = None) -> Hits:
    """Hash a batch of raw texts; `cuts` are their pieces() where a caller has them (Chinese only).

    >>> found = hash_texts(["ab"], Scheme.HAN)  # a, b, ab; the word, as first and last; five meta
    >>> int((found.bucket < BLOCK).sum()), int((found.bucket >= BLOCK).sum())
    (3, 8)
    """
    if scheme is Scheme.HAN and cuts is None:
        cuts = [pieces(text) for text in texts]
    stream = _Stream([f" {normalise(text)} " for text in texts])
    found = [(post, mix(hashed)) for post, hashed in stream.grams(scheme)]
    bounds = _cut_bounds(cuts) if scheme is Scheme.HAN and cuts is not None else stream.word_starts()
    words = [(post, mix(hashed) | U32(BLOCK)) for post, hashed in stream.words(bounds, scheme)]
    parts = found + words
    return Hits(np.concatenate([post for post, _ in parts]), np.concatenate([bucket for _, bucket in parts]))


def _cut_bounds(cuts: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Return where each piece starts in the joined texts, each of which has a space at either end."""
    padded = chain.from_iterable(part for cut in cuts for part in (_PAD, cut, _PAD))
    lengths = np.fromiter(map(len, padded), np.int64)
    starts = np.zeros(len(lengths), np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    return starts


class _Stream:
    """The batch as one array of folded code points, each with the post it belongs to."""

    def __init__(self, texts: Sequence[str]) -> None:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        raw = np.minimum(raw, U32(len(FOLD) - 1))
        self.count = len(texts)
        self.post = np.repeat(np.arange(len(texts), dtype=np.uint32), lengths)
        self.code = FOLD[raw]
        self.kind = KIND[raw]
        self.upper = UPPER[raw]
        self._join_apostrophes()

    def _join_apostrophes(self) -> None:
        at = np.flatnonzero(self.code == _APOSTROPHE)
        at = at[(at > 0) & (at < len(self.code) - 1)]
        inside = (self.kind[at - 1] == Letter.WORD) & (self.kind[at + 1] == Letter.WORD)
        self.kind[at[inside]] = Letter.WORD

    def kept(self, scheme: Scheme) -> NDArray[np.bool_]:
        """Mark what n-grams run over: no invisible characters, runs of three at most, spaces never doubled."""
        code, post = self.code, self.post
        keep = code != DROP
        same = np.zeros(len(code), np.bool_)
        same[1:] = (code[1:] == code[:-1]) & (post[1:] == post[:-1])
        keep[3:] &= ~(same[3:] & same[2:-1] & same[1:-2])
        space = self.kind == Letter.SPACE
        keep &= ~space if scheme is Scheme.HAN else ~(space & same)
        return np.asarray(keep, np.bool_)

    def grams(self, scheme: Scheme) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        """Hash every character n-gram."""
        keep = self.kept(scheme)
        low, high = (1, 3) if scheme is Scheme.HAN else (2, 5)
        return windows(self.code[keep], self.post[keep], low, high)

    def word_starts(self) -> NDArray[np.int64]:
        """Find where words, runs of punctuation and single signs start."""
        kind = self.kind
        starts = np.ones(len(kind), np.bool_)
        starts[1:] = (kind[1:] != kind[:-1]) | (kind[1:] >= Letter.SINGLE) | (self.post[1:] != self.post[:-1])
        return np.flatnonzero(starts)

    def words(self, starts: NDArray[np.int64], scheme: Scheme) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        """Hash words, pairs, negated words, first and last words, and the manner of writing."""
        kind = self.kind[starts]
        full, ends = kind != Letter.SPACE, np.append(starts[1:], len(self.code))
        starts, ends, kind = starts[full], ends[full], kind[full]
        post, word = self.post[starts], slices(self.code, starts, ends)
        first, last = np.ones(len(post), np.bool_), np.ones(len(post), np.bool_)
        first[1:] = last[:-1] = post[1:] != post[:-1]
        pair = mix(word[:-1] + _PAIR) * U32(5) + word[1:]
        negated = self._negated(word, kind, first, ends, 2 if scheme is Scheme.HAN else 3)
        return [
            (post, word),
            (post[1:][~first[1:]], pair[~first[1:]]),
            (post[negated], word[negated] ^ _NEGATED),
            (post[first], word[first] ^ _FIRST),
            (post[last], word[last] ^ _LAST),
            *self._manner(),
        ]

    def _negated(
        self,
        word: NDArray[np.uint32],
        kind: NDArray[np.uint8],
        first: NDArray[np.bool_],
        ends: NDArray[np.int64],
        reach: int,
    ) -> NDArray[np.bool_]:
        """Mark the words that stand at most `reach` after a negator, with no punctuation between."""
        index = np.arange(len(word))
        negator = _NEGATING.take(mix(word))
        tail = slices(self.code, np.maximum(ends - 3, 0), ends)
        negator |= (kind == Letter.WORD) & (tail == _NT)
        bar = np.maximum.accumulate(np.where(first | (kind == Letter.PUNCTUATION), index, 0))
        since = np.maximum.accumulate(np.where(negator, index, -1))
        apart = index - since
        inside = (since >= bar) & (apart >= 1) & (apart <= reach) & (kind != Letter.PUNCTUATION)
        return np.asarray(inside, np.bool_)

    def _manner(self) -> list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
        """Hash five bucketed counts a post: capitals, !, ?, emoji, length."""
        size = np.bincount(self.post, minlength=self.count)
        upper = np.bincount(self.post[self.upper], minlength=self.count)
        counts = [
            np.minimum(10 * upper // size, 5),
            *(np.minimum(self._count(self.code == sign), 3) for sign in (_BANG, _QUERY)),
            np.minimum(self._count(self.kind == Letter.SINGLE), 3),
            np.log2(size).astype(np.int64),
        ]
        posts = np.arange(self.count, dtype=np.uint32)
        return [
            (posts, _META ^ U32(97 * slot) ^ mix(count.astype(np.uint32))) for slot, count in enumerate(counts, 1)
        ]

    def _count(self, which: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.post[which], minlength=self.count)


_NEGATING = np.zeros(BLOCK, np.bool_)
_NEGATING[mix(np.array([text_hash(word) for word in _NEGATORS.split()], np.uint32))] = True
_NT = text_hash("n't")
