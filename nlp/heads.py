"""The fast heads: sentiment, emotion and topics of a batch of posts, from the shipped tables.

Three tables share one recipe: zh, en, and a joint one for all other languages. The answer to a post does not
depend on its batch: sums are of whole numbers, and probabilities are rounded to four places.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from answerable.errors import SettingsError
from answerable.post import Reading, Topic
from nlp.features import Scheme, hash_texts
from nlp.table import HeadSpec, Table, Weights
from nlp.weights import parse, read_manifest, read_verified

__all__ = [
    "FOLDER",
    "TOPIC_FLOOR",
    "WANTED",
    "HeadOutput",
    "Heads",
    "family_of",
    "probabilities",
    "readings",
    "shipped",
]

FOLDER = Path(__file__).parent / "models"
TOPIC_FLOOR = 0.4  # below this probability of the best topic the head abstains
TOPICS_SHOWN = 3
_PLACES = 4  # of a probability: coarser than what libraries differ in
_BATCH = 256  # posts scored at once: small enough for the cache
_FAMILIES = ("zh", "en", "joint")
WANTED = {True: "wanted.zh", False: "wanted.en"}  # what short texts ask for (nlp/wanted.py): in Chinese, elsewhere


class HeadOutput(Struct, frozen=True):
    """What the heads read from one post; `topics` are the best three, best first, () = abstain."""

    sentiment: Reading
    emotion: Reading
    topics: tuple[Topic, ...]


def probabilities(scores: NDArray[np.float64], temperature: float, doubt: float = 0.0) -> NDArray[np.float64]:
    """Turn scores [posts, labels] into probabilities that sum to one.

    `doubt` is the share of labels taken for chance: no label gets all the weight, none gets nothing.

    >>> probabilities(np.array([[0.0, 0.0], [9.0, 0.0]]), 1.0, 0.02).round(2).tolist()
    [[0.5, 0.5], [0.99, 0.01]]
    """
    scaled = scores / temperature
    risen = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    share = risen / risen.sum(axis=1, keepdims=True)
    return np.asarray((1 - doubt) * share + doubt / scores.shape[1], np.float64)


def readings(head: HeadSpec, scores: NDArray[np.float64]) -> list[Reading]:
    """Turn a head's scores [posts, labels] into answers; of equal labels the first wins."""
    labels = head.labels
    rows = probabilities(scores, head.temperature, head.doubt).round(_PLACES).tolist()
    return [Reading(labels[row.index(max(row))], dict(zip(labels, row, strict=True))) for row in rows]


def shipped(family: str, folder: Path = FOLDER) -> Weights:
    """Read a table's weights (zh, wanted.en, …); raise SettingsError where a byte is not what the manifest says."""
    manifest, name = read_manifest(folder), f"{family}.safetensors"
    if name not in manifest.sha256:
        raise SettingsError(f"does not list {name}", file=str(folder / "manifest.json"))
    return parse(read_verified(folder, name, manifest.sha256[name]), str(folder / name))[1]


def family_of(lang: str) -> str:
    """Return which of the three tables reads a language.

    >>> family_of("zh"), family_of("en"), family_of("pt")
    ('zh', 'en', 'joint')
    """
    if lang.startswith("zh"):
        return "zh"
    return "en" if lang == "en" else "joint"


class Heads:
    """The shipped tables, verified and ready."""

    def __init__(self, tables: dict[str, Table], digest: str) -> None:
        self._tables = tables
        self._digest = digest

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Heads:
        """Read a folder's tables; raise SettingsError naming the file where a byte is not what the manifest says."""
        manifest = read_manifest(folder)
        tables = {family: Table(shipped(family, folder)) for family in (*_FAMILIES, *WANTED.values())}
        whole = "".join(f"{name}{manifest.sha256[name]}" for name in sorted(manifest.sha256))
        return cls(tables, hashlib.sha256(whole.encode()).hexdigest()[:12])

    @property
    def digest(self) -> str:
        """Short digest of all weights."""
        return self._digest

    def read(
        self,
        texts: Sequence[str],
        langs: Sequence[str],
        taxonomy_topics: Collection[str] | None = None,
        cuts: Sequence[Sequence[str] | None] | None = None,
    ) -> list[HeadOutput]:
        """Read a batch of texts in languages as nlp.language names them.

        `taxonomy_topics` are the topic ids to answer with (None: all). `cuts` may hold the pieces() of
        Chinese posts where the caller has cut them already.
        """
        out: list[HeadOutput | None] = [None] * len(texts)
        for family in _FAMILIES:
            members = [i for i, lang in enumerate(langs) if family_of(lang) == family]
            for low in range(0, len(members), _BATCH):
                part = members[low : low + _BATCH]
                shared = _shared(part, cuts) if family == "zh" else None
                scores = self._scores(family, [texts[i] for i in part], shared)
                for i, answer in zip(part, self._answers(family, scores, taxonomy_topics), strict=True):
                    out[i] = answer
        return [answer for answer in out if answer is not None]

    def judge(self, head: str, texts: Sequence[str], langs: Sequence[str]) -> list[Reading] | None:
        """Let one head answer without abstaining; None where a language's table has no such head."""
        out: dict[int, Reading] = {}
        for family in _FAMILIES:
            members = [i for i, lang in enumerate(langs) if family_of(lang) == family]
            for low in range(0, len(members), _BATCH):
                part = members[low : low + _BATCH]
                scores = self._scores(family, [texts[i] for i in part])
                found = [each for each in self._tables[family].split(scores) if each[0].name == head]
                if not found:
                    return None
                out.update(zip(part, readings(*found[0]), strict=True))
        return [out[i] for i in range(len(texts))]

    def sounds(self, texts: Sequence[str], han: Sequence[bool]) -> list[NDArray[np.float64]]:
        """Return logits of prepared texts (nlp/grams.py): that it asks, then each verb, then each thing."""
        out: dict[int, NDArray[np.float64]] = {}
        for chinese, family in WANTED.items():
            members = [i for i, own in enumerate(han) if own is chinese]
            for low in range(0, len(members), _BATCH):
                part = members[low : low + _BATCH]
                out.update(zip(part, self._scores(family, [texts[i] for i in part]), strict=True))
        return [out[i] for i in range(len(texts))]

    def labels(self, head: str) -> set[str]:
        """Return all labels that a head of this name can answer in any language."""
        specs = (spec for family in _FAMILIES for spec in self._tables[family].heads)
        return {label for spec in specs if spec.name == head for label in spec.labels}

    def _scores(self, family: str, texts: list[str], cuts: list[Sequence[str]] | None = None) -> NDArray[np.float64]:
        scheme = Scheme.HAN if family in ("zh", WANTED[True]) else Scheme.SPACED
        return self._tables[family].scores(hash_texts(texts, scheme, cuts), len(texts))

    def _answers(self, family: str, scores: NDArray[np.float64], allowed: Collection[str] | None) -> list[HeadOutput]:
        parts = {head.name: (head, part) for head, part in self._tables[family].split(scores)}
        sentiment, emotion = (readings(*parts[name]) for name in ("sentiment", "emotion"))
        topics = _topics(*parts["topic"], allowed) if "topic" in parts else [()] * len(scores)
        return [HeadOutput(*answer) for answer in zip(sentiment, emotion, topics, strict=True)]


def _shared(part: list[int], cuts: Sequence[Sequence[str] | None] | None) -> list[Sequence[str]] | None:
    if cuts is None:
        return None
    found = [cut for i in part if (cut := cuts[i]) is not None]
    return found if len(found) == len(part) else None


def _topics(head: HeadSpec, scores: NDArray[np.float64], allowed: Collection[str] | None) -> list[tuple[Topic, ...]]:
    keep = [(i, label) for i, label in enumerate(head.labels) if allowed is None or label in allowed]
    found: list[tuple[Topic, ...]] = []
    for row in probabilities(scores, head.temperature, head.doubt).round(_PLACES).tolist():
        if not keep or max([row[i] for i, _ in keep]) < TOPIC_FLOOR:
            found.append(())
            continue
        ranked = sorted([(-row[i], label) for i, label in keep])[:TOPICS_SHOWN]
        found.append(tuple(Topic(label, -p) for p, label in ranked))
    return found
