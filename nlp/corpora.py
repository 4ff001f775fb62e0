"""Which labelled data the shipped heads learn from, and how foreign labels read in ours.

The data lie beside the checkout and never enter it; see nlp/models/*.md for where each set comes from.
"""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from nlp.split import held_out
from nlp.weak import feeling_named, letter_tone, sign_meant

__all__ = [
    "EMOTIONS",
    "EN_TOPICS",
    "SENTIMENTS",
    "ZH_TOPICS",
    "Example",
    "emotions",
    "for_measuring",
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
_REVIEWS = (
    "zh/reviews_sentiment/chnsenticorp_train", "zh/reviews_sentiment/chnsenticorp_dev",
    "zh/reviews_sentiment/waimai_10k", "zh/reviews_sentiment/online_shopping_10_cats",
)  # fmt: skip
_POLAR = {"reviews": _REVIEWS, "weibo2018": ("zh/weibo2018/train",), "weibo_senti": ("zh/weibo_senti_100k/dev",)}
_OWN_SPLIT = {  # does the set's own split keep a whole file for measuring?
    "zh/reviews_sentiment/chnsenticorp_train": False, "zh/reviews_sentiment/chnsenticorp_dev": True,
    "zh/smp2020_ewect/virus_train": False, "zh/smp2020_ewect/virus_eval": True,
}  # fmt: skip
_EN_EMOTION = {"anger": "anger", "joy": "joy", "optimism": "joy", "sadness": "sadness"}


class Raw(Struct, frozen=True):
    """The fields of the data sets that are read here; all else is left where it lies."""

    text: str | None
    label: str | int | None = None
    lang: str | None = None
    task: str = ""
    split: str = ""
    event: str = ""
    reply: str | None = None
    pred_a: str | None = None
    pred_b: str | None = None


class _Cascade(Struct, frozen=True):
    """A post and its reposts, each with its delay, author, parent and text."""

    text: str | None
    reposts: list[tuple[int, str, int, str | None]] = []


class Example(Struct, frozen=True):
    """A text, its label in our words, its language, and the set it comes from.

    `kept`: whether the set's own split keeps it for measuring; None where the set has none.
    """

    text: str
    label: str
    lang: str
    origin: str
    kept: bool | None = None


def for_measuring(examples: Sequence[Example]) -> NDArray[np.bool_]:
    """Mark what is never trained on: what the set's own split keeps, a tenth (nlp/split.py) of a set without one."""
    tenth = held_out([example.text for example in examples])
    kept = [bool(out) if each.kept is None else each.kept for each, out in zip(examples, tenth, strict=True)]
    return np.array(kept, np.bool_)


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
            yield Example(row.text or "", label, row.lang or lang, name, _kept(row, name))


def _kept(row: Raw, name: str) -> bool | None:
    return row.split == "val" if row.split else _OWN_SPLIT.get(name)


def sentiments(data: Path, family: str) -> Iterator[Example]:
    """Read the sentiment examples of a family of languages: zh, en or joint; or of `umsab`, all its languages."""
    same = {label: label for label in SENTIMENTS}
    if family == "zh":
        for name in (name for names in _POLAR.values() for name in names):
            yield from _read(data, name, "zh", same)
        for name in ("usual_eval", "virus_train", "virus_eval"):
            yield from _read(data, f"zh/smp2020_ewect/{name}", "zh", _SMP_SENTIMENT)
        yield from _letters(data)
    elif family == "en":
        yield from _read(data, "en/tweeteval/dev", "en", same, ("sentiment",))
    else:
        eight = _read(data, "en/umsab/dev", "en", same)
        yield from (example for example in eight if family == "umsab" or example.lang != "en")


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
    """Read a task that only helps other heads, without the texts of those: an English one, zh polarity or signs."""
    if task == "signs":
        yield from _signs(data)
    elif task in _POLAR:
        for name in _POLAR[task]:
            yield from _read(data, name, "zh", {"negative": "negative", "positive": "positive"})
    else:
        for row in raw(data, "en/tweeteval/dev"):
            if row.task == task and row.text not in apart:
                yield Example(row.text or "", str(row.label), "en", "en/tweeteval/dev", row.split == "val")


def _signs(data: Path) -> Iterator[Example]:
    """Label Weibo comments by the signs in brackets that they hold, and take those out."""
    name = "zh/ced_cascades/cascades"
    decode = msgspec.json.Decoder(_Cascade).decode
    found: dict[str, str] = {}
    with lzma.open(data / f"{name}.jsonl.xz") as lines:
        for line in lines:
            cascade = decode(line)
            for text in (cascade.text, *(repost[3] for repost in cascade.reposts)):
                meant = sign_meant(text) if text and "[" in text else None
                if meant:
                    found.setdefault(*meant)
    yield from (Example(text, label, "zh", name, False) for text, label in sorted(found.items()))


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
            yield Example(text, str(named), row.lang or lang, origin, row.split == "val")
        elif named is None and row.label == "neutral" and (number % 10 == 0 or not lang):
            yield Example(text, "none", row.lang or lang, origin, row.split == "val")


def topics(data: Path, family: str) -> Iterator[Example]:
    """Read the topic examples of a family, by taxonomy id."""
    if family == "zh":
        yield from _read(data, "zh/tipdm_c/labelled", "zh", ZH_TOPICS)
        for row in raw(data, "zh/tipdm_c/labelled_segmented"):
            text = (row.text or "").replace(" ", "")
            yield Example(text, ZH_TOPICS[str(row.label)], "zh", "zh/tipdm_c/labelled_segmented")
        yield from _agreed(data)
    elif family == "en":
        yield from _read(data, "en/newhaven_issues/dev", "en", EN_TOPICS)


def _agreed(data: Path) -> Iterator[Example]:
    """Label letters without a label where two teams' answers agree."""
    name = "zh/tipdm_c/contest_test_unlabelled"
    for row in raw(data, name):
        label = ZH_TOPICS.get(row.pred_a or "")
        if label and row.pred_a == row.pred_b:
            yield Example(row.text or "", label, "zh", name, False)
