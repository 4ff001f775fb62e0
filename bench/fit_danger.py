"""Fit the light tagger of danger, and write nlp/lexicon/danger.tsv: `python -m bench.fit_danger`.

Binary character n-grams and meanings, logistic regression with L2; positives and hard negatives are the halves of the
frozen set that may be read, easy negatives are sentences of letters and short reports (every second one), microblogs
and invented complaints and cities. The n-grams kept occur in the frozen set, whose texts are invented: nothing of
anybody's text gets into the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from answerable.app.demo.city import pages
from bench.frozen import table
from bench.load import read
from bench.pairs import MATTERS, told
from nlp.clean import folded
from nlp.tagger import FILE, LONGEST, SCALE, meanings, prepared, traits

_KEPT = 3000  # n-grams a language
_GROUP = 0.5  # how much a letter group counts beside a meaning
_COUNTED = 9000  # rows on which false alarms are counted, and which the fit does not see
_STRENGTH, _EASY = 1.0, 0.15  # inverse of the L2 penalty; weight of an easy negative beside a text of the set
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


def _city(han: bool) -> list[str]:
    """Return what the demo's city says but for its leaking gas: complaints, sorrow and news, no danger now."""
    texts = sorted({f"{page.title}\n{page.text}" for page in pages(0)})
    return [text for text in texts if "煤气" not in text and (not text.isascii()) is han]


def _chatter(han: bool) -> list[str]:
    """Return microblogs about nothing in particular: the second part of one set, every twentieth of another."""
    if han:
        texts = [row["text"] for row in read("zh/weibo_senti_100k/dev")][_COUNTED:]
    else:
        rows = list(read("en/tweeteval/dev"))
        texts = [row["text"] for at, row in enumerate(rows) if at >= _COUNTED and at % 9][::20]
    return [text for text in texts if 8 <= len(text) <= LONGEST[han]][:_MOST]


def _told(han: bool) -> list[tuple[str, bool]]:
    """Return the invented texts, prepared, with whether they tell of danger now."""
    return [
        (prepared(folded(text).text), dangers != "-")
        for half in ("seen", "taught", "open")
        for lang, dangers, _, text in table("harm", half)
        if (lang == "zh") is han
    ]


def _traits(texts: Sequence[str], han: bool) -> list[dict[str, float]]:
    return [dict.fromkeys(traits(meanings(text, han), text), 1.0) for text in texts]


def _fitted(han: bool) -> list[tuple[str, int]]:
    told = _told(han)
    easy = [prepared(folded(text).text) for text in _natural(han) + _matters(han) + _city(han) + _chatter(han)]
    texts = [text for text, _ in told]
    words = CountVectorizer(
        analyzer="char" if han else "char_wb", ngram_range=(1, 3) if han else (2, 5), binary=True, lowercase=False,
        min_df=2,
    ).fit(texts)  # fmt: skip
    marks = DictVectorizer().fit(_traits(texts, han))
    every = texts + easy
    columns = hstack([words.transform(every) * _GROUP, marks.transform(_traits(every, han))]).tocsr()
    sure = np.array([danger for _, danger in told] + [False] * len(easy))
    weight = np.where(np.arange(len(sure)) < len(told), 1.0, _EASY)
    fit = LogisticRegression(C=_STRENGTH, max_iter=600).fit(columns, sure, sample_weight=weight)
    names, weights = words.get_feature_names_out(), fit.coef_[0]
    bias = ("", round(float(fit.intercept_[0]) * SCALE))
    found = [bias, *_kept(names, weights[: len(names)] * _GROUP)]
    return found + _kept(marks.get_feature_names_out(), weights[len(names) :])


def _kept(names: Sequence[str], weights: Sequence[float]) -> list[tuple[str, int]]:
    """Return the strongest names, in order, with weights in whole hundredths."""
    strongest = sorted(zip(names, weights, strict=True), key=lambda one: (-abs(one[1]), one[0]))[:_KEPT]
    found = [(name, round(weight * SCALE)) for name, weight in sorted(strongest)]
    return [one for one in found if one[1]]


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
