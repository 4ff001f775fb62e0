"""The heads on texts that their weights never saw: what the sets' own splits keep, else a tenth (nlp/split.py).

Heads trained here are those of bench/trained_heads.py, peers those of bench/head_peers.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from statistics import mean

from msgspec import Struct, structs

from bench.figure import Figure
from bench.head_peers import Found, asked, fitted
from bench.load import DATA, digest_of
from bench.trained_heads import measured, svm
from nlp.build_models import training_part
from nlp.corpora import Example, emotions, for_measuring, raw, sentiments, topics
from nlp.heads import Heads
from nlp.language import Languages
from nlp.scores import Scores, measure

__all__ = ["CALIBRATED", "FIGURES", "Measure", "digest", "rows", "unseen"]

SETS = (
    "en/complaints/dev", "en/crisislex_t26/dev", "en/newhaven_issues/dev", "en/tweeteval/dev", "en/umsab/dev",
    "zh/reviews_sentiment/chnsenticorp_dev", "zh/smp2020_ewect/usual_eval", "zh/smp2020_ewect/virus_eval",
    "zh/tipdm_c/labelled", "zh/weibo2018/train",
)  # fmt: skip
_EXACT = 0.05  # calibration error
_EIGHT = ("ar", "de", "en", "es", "fr", "hi", "it", "pt")


class Measure(Struct, frozen=True):
    """What is measured of which head on which set, the study's figure and the goal, published ones of others."""

    data: str
    name: str
    value: Callable[[], float]
    study: float | None = None
    goal: float | None = None
    peers: tuple[tuple[str, float], ...] = ()
    note: str = ""


def rows() -> list[Figure]:
    """Measure every head."""
    found = [
        Figure(
            table="heads", data=one.data, name=one.name, value=round(one.value(), 4), goal=one.goal, study=one.study,
            peers=_PEERS.get(key, tuple)() + one.peers, note=one.note,
        )
        for key, one in FIGURES.items()
    ]  # fmt: skip
    return found + [
        Figure(
            table="heads", data=name, name="calibration error (ECE)", value=round(scores().ece, 4), goal=_EXACT,
            better="less", note=f"{scores().n} texts",
        )
        for name, scores in CALIBRATED.items()
    ]  # fmt: skip


def digest() -> str:
    """Identify the data."""
    return digest_of(f"{name}.jsonl.gz" for name in SETS)


@cache
def _heads() -> Heads:
    return Heads.load()


def unseen(examples: Iterable[Example], *origins: str) -> list[Example]:
    """Return the examples from the sets named that nlp/split.py holds out."""
    chosen = [example for example in examples if example.origin in origins]
    return [example for example, out in zip(chosen, for_measuring(chosen), strict=True) if out]


def _shipped(head: str, examples: Sequence[Example]) -> Scores:
    answers = _heads().judge(head, [each.text for each in examples], [each.lang for each in examples])
    if answers is None:
        raise LookupError(f"no head for {head} is shipped")
    return measure([each.label for each in examples], answers)


@cache
def _zh_feelings() -> list[Example]:
    return list(sentiments(DATA, "zh"))


@cache
def _tweets() -> Scores:
    return _shipped("sentiment", unseen(sentiments(DATA, "en"), "en/tweeteval/dev"))


@cache
def _eight_languages() -> dict[str, Scores]:
    chosen = unseen(sentiments(DATA, "umsab"), "en/umsab/dev")
    return {
        lang: _shipped("sentiment", [each for each in chosen if each.lang == lang])
        for lang in sorted({each.lang for each in chosen})
    }


@cache
def _seven_languages() -> Scores:
    return _shipped("sentiment", unseen(sentiments(DATA, "joint"), "en/umsab/dev"))


@cache
def _zh_sentiment(name: str) -> Scores:
    return _shipped("sentiment", unseen(_zh_feelings(), f"zh/{name}"))


@cache
def _zh_sentiment_all() -> Scores:
    return _shipped("sentiment", unseen(_zh_feelings(), *sorted({each.origin for each in _zh_feelings()})))


@cache
def _zh_emotion(*names: str) -> Scores:
    return _shipped("emotion", unseen(emotions(DATA, "zh"), *(f"zh/smp2020_ewect/{name}" for name in names)))


@cache
def _en_emotion() -> Scores:
    labelled = {row.text for row in raw(DATA, "en/tweeteval/dev") if row.task == "emotion"}
    return _shipped(
        "emotion", [each for each in unseen(emotions(DATA, "en"), "en/tweeteval/dev") if each.text in labelled]
    )


@cache
def _en_emotion_all() -> Scores:
    return _shipped("emotion", unseen(emotions(DATA, "en"), "en/tweeteval/dev"))


@cache
def _offices() -> Scores:
    return _shipped("topic", unseen(topics(DATA, "zh"), "zh/tipdm_c/labelled"))


@cache
def _kinds() -> Scores:
    return _shipped("topic", unseen(topics(DATA, "en"), "en/newhaven_issues/dev"))


def _named() -> float:
    """Return the share of tweets whose language is named, of eight languages."""
    chosen, of = unseen(sentiments(DATA, "umsab"), "en/umsab/dev"), Languages(sorted(_EIGHT)).of
    return mean(of(each.text) == each.lang for each in chosen)


FIGURES: dict[str, Measure] = {
    "tweeteval_sentiment.macro_recall": Measure(
        "tweeteval, sentiment", "macro recall", lambda: _tweets().macro_recall, 0.660, 0.67,
        (("SVM (published)", 0.629), ("BERTweet (published)", 0.737)),
    ),
    "umsab_eight_languages.mean_macro_f1": Measure(
        "umsab, 8 languages", "mean macro F1", lambda: mean(one.macro_f1 for one in _eight_languages().values()),
        0.590, 0.60, (("TF-IDF and SVM (published)", 0.552),),
    ),
    "chnsenticorp.accuracy": Measure(
        "chnsenticorp", "accuracy", lambda: _zh_sentiment("reviews_sentiment/chnsenticorp_dev").accuracy,
        0.882, 0.89, (("transformers (published)", 0.95),),
    ),
    "weibo2018.accuracy": Measure(
        "weibo2018", "accuracy", lambda: _zh_sentiment("weibo2018/train").accuracy, 0.878, 0.88,
        note="a tenth; the study took the official test set, which is not here",
    ),
    "smp2020_usual.macro_f1": Measure(
        "smp2020_ewect, usual", "macro F1 of 6", lambda: _zh_emotion("usual_eval").macro_f1, 0.645, 0.65,
        (("ensembles (published)", 0.786),), "a tenth, 198 posts; others learned from 27,768 more of them",
    ),
    "smp2020_virus.macro_f1": Measure(
        "smp2020_ewect, virus", "macro F1 of 6", lambda: _zh_emotion("virus_eval").macro_f1,
        0.616, 0.62, (("ensembles (published)", 0.708),),
    ),
    "tweeteval_emotion_of_six.macro_f1": Measure(
        "tweeteval, emotion", "macro F1, the shipped head of six", lambda: _en_emotion().macro_f1,
    ),
    "tipdm_seven_offices.macro_f1": Measure(
        "tipdm_c, 7 offices", "macro F1", lambda: _offices().macro_f1, 0.920, 0.93,
        note="others reach .90 to .93 on splits that share near-identical letters",
    ),
    "newhaven_kinds.macro_f1": Measure("newhaven_issues, kind", "macro F1", lambda: _kinds().macro_f1, 0.653, 0.67),
    "umsab_languages.accuracy": Measure("umsab, 8 languages", "language named, accuracy", _named),
    "trained.tweeteval_four_emotions.macro_f1": Measure(
        "tweeteval, emotion of 4", "macro F1, trained here", lambda: measured("tweeteval_four_emotions").macro_f1,
        0.723, 0.73, (("SVM (published)", 0.647), ("BERTweet (published)", 0.802)),
    ),
    "trained.complaints.macro_f1": Measure(
        "complaints", "macro F1, trained here", lambda: measured("complaints").macro_f1, 0.820, 0.83,
        note="all 2,402 texts, each by a head trained on four fifths without it",
    ),
    "trained.crisislex_informative.macro_f1": Measure(
        "crisislex_t26, informative", "macro F1, trained here", lambda: measured("crisislex_informative").macro_f1,
        0.804, 0.81, note="four of 16 events held out",
    ),
}  # fmt: skip


def _svm_on(examples: Iterable[Example], origin: str, of: Callable[[Scores], float]) -> Found:
    every = list(examples)
    return fitted(training_part(every), unseen(every, origin), of)


def _svm_by_language() -> Found:
    every = list(sentiments(DATA, "umsab"))
    found = [_svm_on([each for each in every if each.lang == lang], "en/umsab/dev", _f1)[0] for lang in _EIGHT]
    return ((f"{found[0][0]}, one a language", mean(value for _, value in found)),)


def _langdetect() -> Found:
    chosen = unseen(sentiments(DATA, "umsab"), "en/umsab/dev")
    return asked(
        "langdetect", [structs.replace(each, label=each.lang) for each in chosen], lambda found: found.accuracy
    )


def _snow(name: str) -> Found:
    return asked("SnowNLP", unseen(_zh_feelings(), f"zh/{name}"), lambda found: found.accuracy)


def _f1(found: Scores) -> float:
    return found.macro_f1


_PEERS: dict[str, Callable[[], Found]] = {
    "tweeteval_sentiment.macro_recall": lambda: (
        asked("VADER", unseen(sentiments(DATA, "en"), "en/tweeteval/dev"), lambda found: found.macro_recall)
        + _svm_on(sentiments(DATA, "en"), "en/tweeteval/dev", lambda found: found.macro_recall)
    ),
    "umsab_eight_languages.mean_macro_f1": _svm_by_language,
    "umsab_languages.accuracy": _langdetect,
    "chnsenticorp.accuracy": lambda: _snow("reviews_sentiment/chnsenticorp_dev"),
    "weibo2018.accuracy": lambda: (
        _snow("weibo2018/train")
        + _svm_on(
            [each for each in _zh_feelings() if each.origin == "zh/weibo2018/train"],
            "zh/weibo2018/train",
            lambda found: found.accuracy,
        )
    ),
    "smp2020_usual.macro_f1": lambda: _svm_on(emotions(DATA, "zh"), "zh/smp2020_ewect/usual_eval", _f1),
    "smp2020_virus.macro_f1": lambda: _svm_on(emotions(DATA, "zh"), "zh/smp2020_ewect/virus_eval", _f1),
    "tipdm_seven_offices.macro_f1": lambda: _svm_on(topics(DATA, "zh"), "zh/tipdm_c/labelled", _f1),
    "newhaven_kinds.macro_f1": lambda: _svm_on(topics(DATA, "en"), "en/newhaven_issues/dev", _f1),
    **{
        f"trained.{name}.macro_f1": partial(svm, name)
        for name in ("tweeteval_four_emotions", "complaints", "crisislex_informative")
    },
}
CALIBRATED: dict[str, Callable[[], Scores]] = {
    "zh.sentiment": _zh_sentiment_all,
    "zh.emotion": lambda: _zh_emotion("usual_eval", "virus_eval"),
    "zh.topic": _offices,
    "en.sentiment": _tweets,
    "en.emotion": _en_emotion_all,
    "en.topic": _kinds,
    "joint.sentiment": _seven_languages,
}
