"""The heads on labelled texts that their weights never saw; a figure below its floor fails.

What is held out is decided by nlp/split.py alone. Figures of heads trained here come from the data's own splits.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from statistics import mean

import pytest

from nlp.corpora import Example, emotions, raw, sentiments, topics
from nlp.evaluate import evaluate
from nlp.heads import Heads
from nlp.scores import Scores, measure
from nlp.split import held_out
from nlp.train import train

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["heads"]
SETS = (
    "en/complaints/dev", "en/newhaven_issues/dev", "en/tweeteval/dev", "en/umsab/dev",
    "zh/reviews_sentiment/chnsenticorp_train", "zh/smp2020_ewect/usual_eval", "zh/smp2020_ewect/virus_eval",
    "zh/smp2020_ewect/virus_train", "zh/tipdm_c/labelled", "zh/weibo2018/train",
)  # fmt: skip

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not DATA.is_dir() and "CI" not in os.environ, reason="the labelled data are not beside the checkout"
    ),
]


@cache
def heads() -> Heads:
    return Heads.load()


def unseen(examples: Iterable[Example], *origins: str) -> list[Example]:
    chosen = [example for example in examples if example.origin in origins]
    return [example for example, out in zip(chosen, held_out([each.text for each in chosen]), strict=True) if out]


def shipped(head: str, examples: list[Example]) -> Scores:
    answers = heads().judge(head, [each.text for each in examples], [each.lang for each in examples])
    assert answers is not None
    return measure([each.label for each in examples], answers)


@cache
def zh_feelings() -> list[Example]:
    return list(sentiments(DATA, "zh"))


@cache
def tweets() -> Scores:
    return shipped("sentiment", unseen(sentiments(DATA, "en"), "en/tweeteval/dev"))


@cache
def eight_languages() -> dict[str, Scores]:
    every = [Example(row.text or "", str(row.label), row.lang or "", "u") for row in raw(DATA, "en/umsab/dev")]
    chosen = unseen(every, "u")
    return {
        lang: shipped("sentiment", [each for each in chosen if each.lang == lang])
        for lang in sorted({each.lang for each in chosen})
    }


def seven_languages() -> Scores:
    return shipped("sentiment", unseen(sentiments(DATA, "joint"), "en/umsab/dev"))


@cache
def zh_sentiment(name: str) -> Scores:
    return shipped("sentiment", unseen(zh_feelings(), f"zh/{name}"))


def zh_sentiment_all() -> Scores:
    return shipped("sentiment", unseen(zh_feelings(), *sorted({each.origin for each in zh_feelings()})))


@cache
def zh_emotion(*names: str) -> Scores:
    return shipped("emotion", unseen(emotions(DATA, "zh"), *(f"zh/smp2020_ewect/{name}" for name in names)))


@cache
def en_emotion() -> Scores:
    labelled = {row.text for row in raw(DATA, "en/tweeteval/dev") if row.task == "emotion"}
    return shipped(
        "emotion", [each for each in unseen(emotions(DATA, "en"), "en/tweeteval/dev") if each.text in labelled]
    )


@cache
def offices() -> Scores:
    return shipped("topic", unseen(topics(DATA, "zh"), "zh/tipdm_c/labelled"))


@cache
def kinds() -> Scores:
    return shipped("topic", unseen(topics(DATA, "en"), "en/newhaven_issues/dev"))


def trained(folder: Path, task: str, rows: Callable[[], tuple[list[dict[str, str]], list[dict[str, str]]]]) -> Scores:
    for name, part in zip(("seen", "unseen"), rows(), strict=True):
        (folder / name).write_text("\n".join(json.dumps(row) for row in part), "utf-8")
    train(task, folder / "seen", folder / "model", seed=1)
    return evaluate(task, folder / "unseen", folder / "model")


def four_emotions() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    rows = [row for row in raw(DATA, "en/tweeteval/dev") if row.task == "emotion"]
    parts = [[row for row in rows if row.split == split] for split in ("train", "val")]
    seen, new = ([{"text": row.text or "", "label": str(row.label), "lang": "en"} for row in part] for part in parts)
    return seen, new


def complaints() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    rows = [{"text": row.text or "", "label": str(row.label), "lang": "en"} for row in raw(DATA, "en/complaints/dev")]
    out = held_out([row["text"] for row in rows])
    return [row for row, held in zip(rows, out, strict=True) if not held], [
        row for row, held in zip(rows, out, strict=True) if held
    ]


FIGURES: dict[str, Callable[[Path], float]] = {
    "tweeteval_sentiment.macro_recall": lambda _: tweets().macro_recall,
    "umsab_eight_languages.mean_macro_f1": lambda _: mean(scores.macro_f1 for scores in eight_languages().values()),
    "chnsenticorp.accuracy": lambda _: zh_sentiment("reviews_sentiment/chnsenticorp_train").accuracy,
    "weibo2018.accuracy": lambda _: zh_sentiment("weibo2018/train").accuracy,
    "smp2020_usual.macro_f1": lambda _: zh_emotion("usual_eval").macro_f1,
    "smp2020_virus.macro_f1": lambda _: zh_emotion("virus_train", "virus_eval").macro_f1,
    "tweeteval_emotion_of_six.macro_f1": lambda _: en_emotion().macro_f1,
    "tipdm_seven_offices.macro_f1": lambda _: offices().macro_f1,
    "newhaven_kinds.macro_f1": lambda _: kinds().macro_f1,
    "trained.tweeteval_four_emotions.macro_f1": lambda folder: trained(folder, "emotion", four_emotions).macro_f1,
    "trained.complaints.macro_f1": lambda folder: trained(folder, "complaint", complaints).macro_f1,
}
CALIBRATED: dict[str, Callable[[], Scores]] = {
    "zh.sentiment": zh_sentiment_all,
    "zh.emotion": lambda: zh_emotion("usual_eval", "virus_train", "virus_eval"),
    "zh.topic": offices,
    "en.sentiment": tweets,
    "en.emotion": lambda: shipped("emotion", unseen(emotions(DATA, "en"), "en/tweeteval/dev")),
    "en.topic": kinds,
    "joint.sentiment": seven_languages,
}


def test_the_data_are_those_that_the_floors_were_measured_on() -> None:
    digest = hashlib.sha256()
    for name in SETS:
        with gzip.open(DATA / f"{name}.jsonl.gz") as lines:
            digest.update(lines.read())
    assert digest.hexdigest()[:16] == FLOORS["data"]


def test_every_figure_has_its_limit() -> None:
    assert sorted(FIGURES) == sorted(FLOORS["floor"])
    assert sorted(CALIBRATED) == sorted(FLOORS["calibration_error"])


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_stays_above_its_floor(name: str, tmp_path: Path) -> None:
    assert round(FIGURES[name](tmp_path), 4) >= FLOORS["floor"][name]


@pytest.mark.slow
@pytest.mark.parametrize("name", CALIBRATED)
def test_a_shipped_head_knows_how_sure_it_is(name: str) -> None:
    assert round(CALIBRATED[name]().ece, 4) <= FLOORS["calibration_error"][name]
