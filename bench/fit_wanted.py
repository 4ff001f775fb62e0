"""Fit what a short text that asks wants: `python -m bench.fit_wanted`.

Writes two tables of heads, nlp/models/wanted.*, and nlp/lexicon/pairs.tsv. The heads are logistic regressions, one
a verb and one a thing, on the hashed n-grams of texts of the frozen set of demands that may be read; each answer that
a label allows is right. What pairs and traits weigh is a logistic regression over what such heads say of texts that
they did not hear: each third of the taught texts in turn, where writers' texts stand together.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.fit_asks import tones
from bench.frozen import TAUGHT, table
from bench.gram_fit import chatter
from nlp import demands, harm, lexicon
from nlp.acts import THINGS, VERBS
from nlp.clean import folded
from nlp.features import Scheme
from nlp.fitting import rounded
from nlp.grams import LONGEST, prepared
from nlp.heads import FOLDER, WANTED
from nlp.lexicon import Lexicon, Scan, shipped
from nlp.matrix import count_matrix, features, idf_of
from nlp.table import HeadSpec
from nlp.wanted import FOUND, SHAPE, THING, TRAITS, VERB, Act, reasons
from nlp.weights import dump, write_manifest

_COST = 8.0  # inverse of the heads' L2 penalty
_ROWS = 16_000  # n-grams kept a language
_LEAST = 2  # texts that must hold an n-gram, and that must ask for what a head is fitted for
_UNHEARD = -8.0  # what a head says that no text was fitted for
_FOLDS = 3
_EASY = 1200  # microblogs that ask nothing
_NEAR = 40  # likeliest acts of a text that the regression sees, beside the right ones
_NAMES = ("asks", *VERB, *THING)
_LIST = Path(lexicon.__file__).parent / "lexicon" / "pairs.tsv"
_FOUND = {True: 2.0, False: 1.4}  # what a pair weighs that rules found: by a cue (1.4 by the fit), by words alone
_RARE = 0.05  # how often an act is held to be asked beyond what was seen, in parts of what chance would give

Grid = NDArray[np.float64]


class _Text(Struct, frozen=True):
    """A text, its acts (each demand with the pairs of verb and thing that are right), and what the rules found."""

    scan: Scan
    wants: tuple[frozenset[tuple[int, int]], ...]
    found: tuple[Act, ...]

    @property
    def right(self) -> frozenset[tuple[int, int]]:
        return frozenset().union(*self.wants)


def _texts(half: str, han: bool, words: Lexicon) -> list[_Text]:
    """Return the short texts of a half."""
    lang = "zh" if han else "en"
    found = []
    for of, labels, text in table("demands", half):
        scan = words.scan(folded(text), han)
        if of == lang and len(scan.text) <= LONGEST[han]:
            asked = demands.request(scan, lang, danger=harm.is_danger(harm.find(scan, han)))
            acts = tuple((item.verb, item.thing) for item in asked.found) if asked else ()
            wants = tuple(map(_pairs, labels.split(", "))) if labels != "-" else ()
            found.append(_Text(scan, wants, acts))
    return found


def _pairs(label: str) -> frozenset[tuple[int, int]]:
    parts = (one.partition(":") for one in label.split("|"))
    return frozenset((VERB[verb], THING[thing]) for verb, _, thing in parts)


def _columns(texts: Sequence[_Text]) -> NDArray[np.bool_]:
    """Return what each text asks, [texts, verbs and things]."""
    out = np.zeros((len(texts), len(_NAMES)), np.bool_)
    for row, text in enumerate(texts):
        for verb, thing in text.right:
            out[row, 0] = out[row, 1 + verb] = out[row, 1 + SHAPE[0] + thing] = True
    return out


class _Heads:
    """The heads of one language, fitted on texts."""

    def __init__(self, counts: Any, asked: NDArray[np.bool_]) -> None:
        self.idf = idf_of(counts, _LEAST)
        self.columns = np.flatnonzero(self.idf)
        self.weight, self.bias = _fitted(features(counts, self.idf, self.columns), asked)

    def prune(self, counts: Any, asked: NDArray[np.bool_]) -> None:
        """Keep the n-grams that move scores most, and fit again."""
        x = features(counts, self.idf, self.columns)
        worth = np.abs(self.weight).max(axis=0) * np.sqrt(np.asarray(x.multiply(x).sum(axis=0)).ravel())
        chosen = np.sort(np.argsort(-worth, kind="stable")[:_ROWS])
        self.columns = self.columns[chosen]
        self.weight, self.bias = _fitted(features(counts, self.idf, self.columns), asked)

    def sounds(self, counts: Any) -> Grid:
        return np.asarray(features(counts, self.idf, self.columns) @ self.weight.T + self.bias)

    def written(self, task: str) -> bytes:
        ends = {"asks": (0, 1), "verb": (1, 1 + SHAPE[0]), "thing": (1 + SHAPE[0], len(_NAMES))}
        heads = tuple(
            HeadSpec(name, _NAMES[low:high], 1.0, tuple(map(float, self.bias[low:high].round(6))))
            for name, (low, high) in ends.items()
        )
        return dump(rounded(self.columns, self.idf, self.weight, heads), task)


def _fitted(x: Any, asked: NDArray[np.bool_]) -> tuple[Grid, Grid]:
    """Fit whether texts ask on all of them, and what they ask on those of which it is known."""
    weight, bias = np.zeros((asked.shape[1], x.shape[1])), np.full(asked.shape[1], _UNHEARD)
    told = asked[:, 1:].any(axis=1)
    known, wants = x[told], asked[told]

    def one(head: int) -> None:
        model = LogisticRegression(C=_COST, solver="liblinear", tol=0.02, max_iter=50)
        model.fit(known if head else x, wants[:, head] if head else asked[:, head])
        weight[head], bias[head] = model.coef_[0], model.intercept_[0]

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the fits themselves let other threads run
        list(pool.map(one, np.flatnonzero(asked.sum(axis=0) >= _LEAST).tolist()))
    return weight, bias


def _read(han: bool, words: Lexicon) -> tuple[_Heads, list[_Text], Grid]:
    """Return one language's heads, the taught texts, and how each sounds to heads that did not hear it."""
    taught = _texts(TAUGHT, han, words)
    texts = [*taught, *_texts("seen", han, words), *_texts("open", han, words)]
    matters = [(text, asks) for text, asks in tones() if (not text.isascii()) is han]
    more = [(folded(text).text, asks) for text, asks in (*matters, *((text, False) for text in chatter(han, _EASY)))]
    every = [prepared(text, han) for text in (*(one.scan.text for one in texts), *(text for text, _ in more))]
    counts = count_matrix(every, [Scheme.HAN if han else Scheme.SPACED] * len(every))
    asked = np.zeros((len(every), len(_NAMES)), np.bool_)
    asked[: len(texts)] = _columns(texts)
    asked[len(texts) :, 0] = [asks for _, asks in more]
    fold = np.full(len(every), -1)
    fold[: len(taught)] = np.arange(len(taught)) * _FOLDS // len(taught)
    sounds = np.zeros((len(taught), len(_NAMES)))
    for part in range(_FOLDS):
        heads = _Heads(counts[fold != part], asked[fold != part])
        sounds[fold[: len(taught)] == part] = heads.sounds(counts[fold == part])
    heads = _Heads(counts, asked)
    heads.prune(counts, asked)
    return heads, taught, sounds


def _together(texts: Sequence[_Text]) -> list[Grid]:
    """Return what is known of pairs: how often asked beside chance, given the thing, and by the lists."""
    seen = np.full(SHAPE, 1e-9)
    for text in texts:
        for want in text.wants:
            for pair in want:
                seen[pair] += 1 / len(want)
    chance = (seen.sum(1, keepdims=True) + 1) @ (seen.sum(0, keepdims=True) + 1) / (seen.sum() + 1)
    share = seen + _RARE * chance
    share /= share.sum()
    beside = np.log(share / (share.sum(1, keepdims=True) @ share.sum(0, keepdims=True)))
    fits = np.array([[False, *(thing.cls in verb.classes for thing in THINGS.values())] for verb in VERBS.values()])
    alone = np.zeros(SHAPE)
    alone[:, 0] = 1
    return [beside, np.log(share / share.sum(0, keepdims=True)), fits.astype(np.float64), alone]


def _weighed(texts: Sequence[_Text], sounds: Grid) -> tuple[Grid, Grid]:
    """Return the weights of the traits, and what each pair weighs by itself."""
    pairs = _together(texts)
    rows, right = list[Grid](), list[bool]()
    for text, heard in zip(texts, sounds, strict=True):
        if not text.wants:
            continue
        verbs, things, found = reasons(text.scan, heard, text.found)
        likely = (verbs[:, 0, None] + 2 * things[:, 0] + pairs[0]).argsort(axis=None, kind="stable")[::-1][:_NEAR]
        near = {divmod(index, SHAPE[1]) for index in likely.tolist()}
        for pair in sorted(near | found | text.right):
            own = [*verbs[pair[0]], *things[pair[1]], *(one[pair] for one in pairs), pair in found]
            rows.append(np.array(own, np.float64))
            right.append(pair in text.right)
    fit = LogisticRegression(max_iter=2000).fit(np.array(rows), np.array(right))
    weight = fit.coef_[0]
    return weight[: len(TRAITS)], np.tensordot(weight[len(TRAITS) : -1], np.array(pairs), 1) + fit.intercept_[0]


def main() -> None:
    """Fit both languages, and write tables, manifest and list."""
    words = Lexicon(shipped())
    heads = {han: _read(han, words) for han in (True, False)}
    for han, (fitted, _, _) in heads.items():
        (FOLDER / f"{WANTED[han]}.safetensors").write_bytes(fitted.written(WANTED[han]))
    write_manifest(FOLDER)
    texts = [text for _, taught, _ in heads.values() for text in taught]
    traits, pairs = _weighed(texts, np.concatenate([sounds for _, _, sounds in heads.values()]))
    lines = ["# verb or [trait] <tab> thing <tab> weight in hundredths of a logit; from bench/fit_wanted.py"]
    told = {**dict(zip(TRAITS, traits, strict=True)), **{FOUND[cued]: weight for cued, weight in _FOUND.items()}}
    lines += [f"{name}\t\t{round(100 * weight)}" for name, weight in told.items()]
    lines += [f"{verb}\t{thing}\t{round(100 * pairs[VERB[verb], THING[thing]])}" for verb in VERB for thing in THING]
    _LIST.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
