"""Labelled examples as people bring them: JSON Lines with a text and a label, one task a file."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.errors import SettingsError
from answerable.lines import BadLine, numbered
from answerable.strict import nearest
from nlp.taxonomy import SHIPPED, Taxonomy

__all__ = ["Labelled", "Task", "own_label", "read_labelled", "task_named"]


class Task(StrEnum):
    """What a head can be trained and measured on."""

    SENTIMENT = "sentiment"
    EMOTION = "emotion"
    TOPIC = "topic"
    INFORMATIVE = "informative"
    COMPLAINT = "complaint"


class Labelled(Struct, frozen=True):
    """One line of a file; only `text` and `label` are required."""

    text: str
    label: str
    id: str | None = None
    lang: str | None = None
    time: str | None = None


_EMOTION_WORDS = {
    "happy": "joy", "optimism": "joy", "angry": "anger", "sad": "sadness", "scared": "fear", "neutral": "none",
}  # fmt: skip
_INFORMATIVE_WORDS = {
    "Related and informative": "informative", "Related - but not informative": "not_informative",
    "Not related": "not_informative", "Not applicable": "not_informative",
}  # fmt: skip
_decoder = msgspec.json.Decoder(Labelled)


def own_label(task: Task, label: str) -> str:
    """Return our own label for one that names the same thing, else the label as it is.

    >>> own_label(Task.TOPIC, "环境保护"), own_label(Task.EMOTION, "happy"), own_label(Task.TOPIC, "night market")
    ('environment', 'joy', 'night market')
    """
    if task is Task.TOPIC:
        return _topic_names().get(label, label)
    if task is Task.EMOTION:
        return _EMOTION_WORDS.get(label, label)
    return _INFORMATIVE_WORDS.get(label, label) if task is Task.INFORMATIVE else label


def task_named(name: str) -> Task:
    """Return the task of a name; raise SettingsError that names the nearest one."""
    try:
        return Task(name)
    except ValueError:
        raise SettingsError("there is no such task", key=name, repair=nearest(name, [*Task])) from None


@lru_cache(maxsize=1)
def _topic_names() -> dict[str, str]:
    names = {"drain_or_public_space": "drainage"}
    for shipped in SHIPPED:
        categories = Taxonomy.load(shipped).categories.values()
        names |= {name: category.id for category in reversed(list(categories)) for name in category.name.values()}
    return names


def read_labelled(path: Path) -> list[Labelled]:
    """Read a file; raise SettingsError with file and line at the first line that is no labelled text."""
    found = []
    for line in numbered(path):
        if isinstance(line, BadLine):
            raise SettingsError(line.reason, file=str(path), line=line.number, repair="fetch it again")
        found.append(_decode(line.text, path, line.number))
    if not found:
        raise SettingsError("holds no labelled text", file=str(path), repair='write lines of {"text":…,"label":…}')
    return found


def _decode(line: bytes, path: Path, number: int) -> Labelled:
    try:
        row = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        what = str(error) if isinstance(error, msgspec.ValidationError) else "no JSON"
        raise SettingsError(
            what[:1].lower() + what[1:], file=str(path), line=number, repair='write {"text":"…","label":"…"}'
        ) from None
    if not row.text.strip() or not row.label.strip():
        raise SettingsError(
            "text or label is empty", file=str(path), line=number, repair="fill it in, or drop the line"
        )
    return row
