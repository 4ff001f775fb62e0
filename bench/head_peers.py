"""What others make of the same texts in the same run; one that is not installed is told and passed over.

scikit-learn's TF-IDF and linear SVM are fitted on the very texts that our head learned from; VADER, SnowNLP and
langdetect (requirements/peers.txt, which `make eval` installs) come as they are.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import rjieba

from answerable.post import Reading
from nlp.corpora import Example
from nlp.scores import Scores, measure

__all__ = ["PEERS", "Found", "asked", "by_svm", "fitted"]

_NEUTRAL = 0.05  # VADER's own threshold
Found = tuple[tuple[str, float], ...]
Peer = Callable[[Sequence[Example]], list[Reading]]


def by_svm(seen: Sequence[Example], unseen: Sequence[Example]) -> list[Reading]:
    """Fit words and pairs of words, TF-IDF, and a linear SVM with balanced classes, as the manual does."""
    text, svm = importlib.import_module("sklearn.feature_extraction.text"), importlib.import_module("sklearn.svm")
    words = text.TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, preprocessor=str.lower)
    model = svm.LinearSVC(class_weight="balanced", random_state=1)
    model.fit(words.fit_transform(map(_spaced, seen)), [each.label for each in seen])
    return [_said(label) for label in model.predict(words.transform(map(_spaced, unseen))).tolist()]


def _spaced(example: Example) -> str:
    return " ".join(rjieba.cut(example.text)) if example.lang == "zh" else example.text


def by_vader(examples: Sequence[Example]) -> list[Reading]:
    """Ask VADER, with its own thresholds."""
    judge = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    found = [judge.polarity_scores(each.text)["compound"] for each in examples]
    return [
        _said("positive" if tone >= _NEUTRAL else "negative" if tone <= -_NEUTRAL else "neutral") for tone in found
    ]


def by_snownlp(examples: Sequence[Example]) -> list[Reading]:
    """Ask SnowNLP, which knows negative and positive."""
    ask = importlib.import_module("snownlp").SnowNLP
    return [_said("positive" if ask(each.text).sentiments > 0.5 else "negative") for each in examples]


def by_langdetect(examples: Sequence[Example]) -> list[Reading]:
    """Ask langdetect, seeded."""
    langdetect = importlib.import_module("langdetect")
    langdetect.DetectorFactory.seed = 1
    return [_said(_language(langdetect, each.text)) for each in examples]


def _language(langdetect: Any, text: str) -> str:
    try:
        return str(langdetect.detect(text)).partition("-")[0]
    except langdetect.LangDetectException:
        return ""


def _said(label: str) -> Reading:
    return Reading(label, {label: 1.0})


PEERS: dict[str, tuple[str, Peer]] = {
    "VADER": ("vaderSentiment", by_vader), "SnowNLP": ("snownlp", by_snownlp),
    "langdetect": ("langdetect", by_langdetect),
}  # fmt: skip


def asked(name: str, unseen: Sequence[Example], of: Callable[[Scores], float]) -> Found:
    """Return a figure of the peer of this name; nothing, and a word, where it is not installed."""
    module, ask = PEERS[name]
    if find_spec(module) is None:
        sys.stderr.write(f"{name} is not installed and passed over; pip install -r requirements/peers.txt\n")
        return ()
    return ((name, of(measure([each.label for each in unseen], ask(unseen)))),)


def fitted(seen: Sequence[Example], unseen: Sequence[Example], of: Callable[[Scores], float]) -> Found:
    """Return a figure of TF-IDF and a linear SVM."""
    return (("TF-IDF, linear SVM", of(measure([each.label for each in unseen], by_svm(seen, unseen)))),)
