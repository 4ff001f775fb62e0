"""Fit the weights of letter groups and traits that nlp/grams.py sums up, and write their list.

Logistic regression with L2 on binary n-grams that occur twice in texts written for this project, and on traits beside
them; easy negatives are natural texts. The n-grams kept occur in the invented texts: nothing of anybody's text gets
into a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from bench.load import read
from nlp import grams
from nlp.clean import folded
from nlp.grams import LONGEST, SCALE, prepared

__all__ = ["COUNTED", "chatter", "fitted", "write"]

COUNTED = 9000  # rows of microblogs on which false alarms are counted, and which no fit sees
_LIST = Path(grams.__file__).parent / "lexicon"

Traits = Callable[[str], dict[str, float]]


def chatter(han: bool, most: int) -> list[str]:
    """Return microblogs about nothing in particular: the second part of one set, every twentieth of another."""
    if han:
        texts = [row["text"] for row in read("zh/weibo_senti_100k/dev")][COUNTED:]
    else:
        rows = list(read("en/tweeteval/dev"))
        texts = [row["text"] for at, row in enumerate(rows) if at >= COUNTED and at % 9][::20]
    return [text for text in texts if 8 <= len(text) <= LONGEST[han]][:most]


def fitted(
    told: Sequence[tuple[str, bool]],
    easy: Sequence[str],
    traits: Traits,
    han: bool,
    *,
    kept: int,
    strength: float,
    calm: float,
) -> list[tuple[str, int]]:
    """Return names with weights in hundredths of a logit, the bias first, from texts as written and easy negatives.

    At most `kept` letter groups have weights; `strength` is the inverse of the L2 penalty, `calm` the weight of an
    easy negative beside an invented text.
    """
    every = [*(text for text, _ in told), *easy]
    heard = [prepared(folded(text).text, han) for text in every]
    counted = [traits(text) for text in every]
    words = CountVectorizer(
        analyzer="char" if han else "char_wb", ngram_range=(1, 3) if han else (2, 5), binary=True, lowercase=False,
        min_df=2,
    ).fit(heard[: len(told)])  # fmt: skip
    marks = DictVectorizer().fit(counted[: len(told)])
    columns = hstack([words.transform(heard), marks.transform(counted)]).tocsr()
    sure = np.array([yes for _, yes in told] + [False] * len(easy))
    weight = np.where(np.arange(len(sure)) < len(told), 1.0, calm)
    fit = LogisticRegression(C=strength, max_iter=600).fit(columns, sure, sample_weight=weight)
    names, weights = words.get_feature_names_out(), fit.coef_[0]
    bias = ("", round(float(fit.intercept_[0]) * SCALE))
    found = [bias, *_strongest(names, weights[: len(names)], kept)]
    return found + _strongest(marks.get_feature_names_out(), weights[len(names) :], kept)


def _strongest(names: Sequence[str], weights: Sequence[float], kept: int) -> list[tuple[str, int]]:
    """Return the strongest names, in order, with weights in whole hundredths."""
    strongest = sorted(zip(names, weights, strict=True), key=lambda one: (-abs(one[1]), one[0]))[:kept]
    found = [(name, round(weight * SCALE)) for name, weight in sorted(strongest)]
    return [one for one in found if one[1]]


def write(name: str, languages: Callable[[bool], list[tuple[str, int]]]) -> None:
    """Fit both languages and write the list of that name."""
    lines = [
        f"# language <tab> n-gram, a space written _ <tab> weight in hundredths of a logit; from bench/fit_{name}.py"
    ]
    for han in (True, False):
        lines += [f"{'zh' if han else 'en'}\t{name.replace(' ', '_')}\t{weight}" for name, weight in languages(han)]
    (_LIST / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")
