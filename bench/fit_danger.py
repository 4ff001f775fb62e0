"""Fit the light tagger of danger, and write nlp/lexicon/danger.tsv: `python -m bench.fit_danger`.

Binary character n-grams, logistic regression with L2; positives and hard negatives are the seen half of the frozen
set, easy negatives are sentences of letters and short reports (every second one) and invented complaints. The n-grams
kept occur in the frozen set, whose texts are invented: nothing of anybody's text gets into the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bench.frozen import table
from bench.load import read
from bench.pairs import MATTERS, told
from nlp.clean import folded
from nlp.tagger import FILE, LONGEST, SCALE, prepared

_KEPT = 1500  # n-grams a language
_STRENGTH, _EASY = 0.3, 0.15  # inverse of the L2 penalty; weight of an easy negative beside a text of the set
_MOST = 3000
_RESIDENTS, _SEED = 14, 3


def _natural(han: bool) -> list[str]:
    """Return every second sentence of letters, or every second short report."""
    if han:
        texts = (row["text"] for row in read("zh/tipdm_c/stream"))
        parts: Iterable[str] = (part for text in texts for part in re.split("[。!?！？\n]", text))
    else:
        parts = (f"{row['title']}\n{row['text']}" for row in read("en/newhaven_issues/dev"))
    return [part for part in parts if 12 <= len(part) <= LONGEST[han]][::2][:_MOST]


def _matters(han: bool) -> list[str]:
    """Return invented complaints told calmly, angrily and with a call to gather: neither tone is danger."""
    posts = (
        post
        for matter in MATTERS
        for angry, gathers in ((False, False), (True, False), (False, True))
        for post in told(matter, _RESIDENTS, _SEED, angry=angry, gathers=gathers)
    )
    return sorted({post.body for post in posts if (not post.body.isascii()) is han})


def _fitted(han: bool) -> list[tuple[str, int]]:
    seen = [(text, dangers != "-") for lang, dangers, _, text in table("harm", "seen") if (lang == "zh") is han]
    texts = [prepared(folded(text).text) for text, _ in seen]
    easy = [prepared(folded(text).text) for text in _natural(han) + _matters(han)]
    words = CountVectorizer(
        analyzer="char" if han else "char_wb", ngram_range=(1, 3) if han else (2, 5), binary=True, lowercase=False
    ).fit(texts)
    sure = np.array([danger for _, danger in seen] + [False] * len(easy))
    weight = np.where(np.arange(len(sure)) < len(seen), 1.0, _EASY)
    fit = LogisticRegression(C=_STRENGTH, max_iter=400).fit(words.transform(texts + easy), sure, sample_weight=weight)
    return _kept(words.get_feature_names_out(), fit.coef_[0], float(fit.intercept_[0]))


def _kept(names: Sequence[str], weights: Sequence[float], bias: float) -> list[tuple[str, int]]:
    strongest = sorted(zip(names, weights, strict=True), key=lambda one: (-abs(one[1]), one[0]))[:_KEPT]
    found = [(name, round(weight * SCALE)) for name, weight in sorted(strongest)]
    return [("", round(bias * SCALE)), *(one for one in found if one[1])]


def main() -> None:
    """Fit both languages and write the list."""
    lines = [
        "# language <tab> n-gram, a space written _ <tab> weight in hundredths of a logit; from bench/fit_danger.py"
    ]
    for han in (True, False):
        lines += [f"{'zh' if han else 'en'}\t{name.replace(' ', '_')}\t{weight}" for name, weight in _fitted(han)]
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
