"""Which labelled data the shipped heads learn from, and how foreign labels read in ours.

The data lie beside the checkout and never enter it; see nlp/models/*.md for where each set comes from.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from nlp.weak import feeling_named, letter_tone

__all__ = [
    "EMOTIONS",
    "EN_TOPICS",
    "SENTIMENTS",
    "ZH_TOPICS",
    "Example",
    "emotions",
    "helping",
    "raw",
    "sentiments",
    "topics",
]

SENTIMENTS = ("negative", "neutral", "positive")
EMOTIONS = ("anger", "fear", "joy", "none", "sadness", "surprise")
ZH_TOPICS = {
    "城乡建设": "urban", "党务政务": "governance", "国土资源": "land", "环境保护": "environment",
    "纪检监察": "discipline", "交通运输": "transport", "经济管理": "economy", "科技与信息产业": "technology",
    "民政": "civil", "农村农业": "rural", "商贸旅游": "commerce", "卫生计生": "health", "政法": "justice",
    "教育文体": "education", "劳动和社会保障": "labour",
}  # fmt: skip
_EN_KINDS = (
    "tree street_light sidewalk pothole traffic trash illegal_dumping policing private_property signs graffiti snow "
    "street_sweeping parks parking"
)
EN_TOPICS = {kind: kind for kind in _EN_KINDS.split()} | {"drain_or_public_space": "drainage"}
_SMP_EMOTION = {
    "happy": "joy", "angry": "anger", "sad": "sadness", "fear": "fear", "surprise": "surprise", "neutral": "none",
}  # fmt: skip
_SMP_SENTIMENT = {
    "angry": "negative",
    "sad": "negative",
    "fear": "negative",
    "happy": "positive",
    "neutral": "neutral",
}
_POLAR = (
    "zh/reviews_sentiment/chnsenticorp_train", "zh/reviews_sentiment/waimai_10k",
    "zh/reviews_sentiment/online_shopping_10_cats", "zh/weibo2018/train", "zh/weibo_senti_100k/dev",
)  # fmt: skip
_EN_EMOTION = {"anger": "anger", "joy": "joy", "optimism": "joy", "sadness": "sadness"}


class Raw(Struct, frozen=True):
    """The fields of the data sets that are read here; all else is left where it lies."""

    text: str | None
    label: str | int | None = None
    lang: str | None = None
    task: str = ""
    split: str = ""
    reply: str | None = None


class Example(Struct, frozen=True):
    """A text, its label in our words, its language, and the set it comes from."""

    text: str
    label: str
    lang: str
    origin: str


def raw(data: Path, name: str) -> Iterator[Raw]:
    """Read the set of a name such as zh/weibo2018/train."""
    decode = msgspec.json.Decoder(Raw).decode
    with gzip.open(data / f"{name}.jsonl.gz") as lines:
        for line in lines:
            row = decode(line)
            if row.text and row.text.strip():
                yield row


def _read(
    data: Path, name: str, lang: str, labels: dict[str, str], tasks: tuple[str, ...] = ("",)
) -> Iterator[Example]:
    for row in raw(data, name):
        label = labels.get(str(row.label))
        if label is not None and row.task in tasks:
            yield Example(row.text or "", label, row.lang or lang, name)


def sentiments(data: Path, family: str) -> Iterator[Example]:
    """Read the sentiment examples of a family of languages: zh, en or joint."""
    same = {label: label for label in SENTIMENTS}
    if family == "zh":
        for name in _POLAR:
            yield from _read(data, name, "zh", same)
        for name in ("usual_eval", "virus_train", "virus_eval"):
            yield from _read(data, f"zh/smp2020_ewect/{name}", "zh", _SMP_SENTIMENT)
        yield from _letters(data)
    elif family == "en":
        yield from _read(data, "en/tweeteval/dev", "en", same, ("sentiment",))
    else:
        yield from (example for example in _read(data, "en/umsab/dev", "en", same) if example.lang != "en")


def _letters(data: Path) -> Iterator[Example]:
    """Label letters to a city by their tone, and offices' answers as neutral: no set has such labels."""
    for name in ("stream", "contest_test_unlabelled"):
        for row in raw(data, f"zh/tipdm_c/{name}"):
            tone = letter_tone(row.text or "")
            if tone is not None:
                yield Example(row.text or "", tone, "zh", f"zh/tipdm_c/{name}")
    for row in raw(data, "zh/tipdm_c/replies"):
        if row.reply:
            yield Example(row.reply, "neutral", "zh", "zh/tipdm_c/replies")


def helping(data: Path, task: str, apart: Collection[str] = ()) -> Iterator[Example]:
    """Read a task that only helps other heads, without the texts of those: an English one, or zh polarity."""
    if task == "polarity":
        yield from (example for example in sentiments(data, "zh") if example.origin in _POLAR)
        return
    for row in raw(data, "en/tweeteval/dev"):
        if row.task == task and row.text not in apart:
            yield Example(row.text or "", str(row.label), "en", "en/tweeteval/dev")


def emotions(data: Path, family: str) -> Iterator[Example]:
    """Read the emotion examples of a family; English and the joint family lean on nlp/weak.py."""
    if family == "zh":
        for name in ("usual_eval", "virus_train", "virus_eval"):
            yield from _read(data, f"zh/smp2020_ewect/{name}", "zh", _SMP_EMOTION)
        return
    yield from _read(data, "en/tweeteval/dev", "en", _EN_EMOTION, ("emotion",))
    pool = [row for row in raw(data, "en/tweeteval/dev") if row.task != "emotion"]
    yield from _weak(pool, "en/tweeteval/dev", "en", ("fear", "surprise"))
    if family == "joint":
        others = [row for row in raw(data, "en/umsab/dev") if row.lang != "en"]
        yield from _weak(others, "en/umsab/dev", "", EMOTIONS)


def _weak(pool: Iterable[Raw], origin: str, lang: str, wanted: Collection[str]) -> Iterator[Example]:
    """Label by the feeling a text names; every neutral tenth text without one stands for no feeling."""
    for number, row in enumerate(pool):
        text = row.text or ""
        named = feeling_named(text)
        if named in wanted and row.label != ("negative" if named == "joy" else "positive"):
            yield Example(text, str(named), row.lang or lang, origin)
        elif named is None and row.label == "neutral" and (number % 10 == 0 or not lang):
            yield Example(text, "none", row.lang or lang, origin)


def topics(data: Path, family: str) -> Iterator[Example]:
    """Read the topic examples of a family, by taxonomy id."""
    if family == "zh":
        yield from _read(data, "zh/tipdm_c/labelled", "zh", ZH_TOPICS)
        for row in raw(data, "zh/tipdm_c/labelled_segmented"):
            text = (row.text or "").replace(" ", "")
            yield Example(text, ZH_TOPICS[str(row.label)], "zh", "zh/tipdm_c/labelled_segmented")
    elif family == "en":
        yield from _read(data, "en/newhaven_issues/dev", "en", EN_TOPICS)
