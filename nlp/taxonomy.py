"""Topics in two levels, each with the office that answers, from a file that a city edits.

A model answers on the first level; the file's terms make its answer finer, and give a topic where the model
abstains. Posts in the other language keep their own shipped topics; a small table finds the same offices.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from answerable.errors import SettingsError
from answerable.post import Topic
from answerable.strict import nearest, read_yaml
from nlp.clean import folded
from nlp.lexicon import Entry, Tag

__all__ = ["SHIPPED", "Category", "Taxonomies", "Taxonomy"]

_FOLDER = Path(__file__).parent / "taxonomies"
SHIPPED = {"zh-civic": "zh", "en-civic": "en"}
_MOST = 3
_TITLE, _CHILD_LEAST, _ALONE_LEAST = 3, 1, 3
_SEPARATOR = "\0"
_COMMA = re.compile(r"\s*[,，、]\s*")

# Stock phrases and names of firms that hold a term and do not speak of its matter: they hide the term.
_HIDING = (
    "水电煤气", "水电煤", "水电气", "水电燃气", "水电暖",
    "水电气暖", "水电网", "通水通电通气", "燃气有限公司", "燃气有限责任公司",
    "燃气集团", "燃气股份", "燃气发展", "天然气有限公司", "天然气有限责任公司",
    "天然气集团", "天然气股份", "天然气发展", "煤气有限公司", "供水有限公司",
    "供电有限公司", "热力有限公司", "自来水有限公司", "自来水有限责任公司", "公交集团有限公司",
    "燃气热力有限公司", "能源燃气",
)  # fmt: skip

# What of the other scheme comes nearest, so that both languages reach the same office.
_CROSSWALK = {
    "tree": "urban.greening", "street_light": "urban.light", "sidewalk": "urban.roads", "pothole": "urban.roads",
    "traffic": "justice.traffic", "traffic.signals": "justice.traffic", "traffic.speeding": "justice.traffic",
    "traffic.transit": "urban.bus", "drainage": "urban.roads", "drainage.water": "urban.water",
    "drainage.sewage": "urban.roads", "trash": "urban.sanitation", "illegal_dumping": "urban.sanitation",
    "policing": "justice.order", "policing.noise": "environment.noise", "private_property": "urban.property",
    "private_property.housing": "urban.housing", "signs": "justice.traffic", "graffiti": "urban.enforcement",
    "snow": "urban.sanitation", "street_sweeping": "urban.sanitation", "parks": "urban.greening",
    "parking": "justice.traffic",
}  # fmt: skip


class Category(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A topic; `terms` are words that tell it, separated by commas; `office` None = the parent's."""

    id: str
    name: dict[str, str]
    office: str | None = None
    terms: str = ""
    children: list[Category] = field(default_factory=list)


class Taxonomy:
    """The topics of one file, by id."""

    def __init__(self, name: str, categories: Sequence[Category], digest: str) -> None:
        self.name_of_file = name
        self.digest = digest
        self.categories: dict[str, Category] = {}
        self._parent: dict[str, str] = {}
        for category, parent in _walk(categories, None):
            self.categories[category.id] = category
            if parent is not None:
                self._parent[category.id] = parent
        self._told = {self._value(topic): topic for topic in self.categories}  # what a topic's terms stand for

    @classmethod
    def load(cls, name_or_path: str) -> Taxonomy:
        """Read a shipped taxonomy by name or a file; raise SettingsError with file, line, key and repair."""
        path = _FOLDER / f"{name_or_path}.yaml" if name_or_path in SHIPPED else Path(name_or_path)
        if not path.is_file() and not path.suffix:
            repair = nearest(name_or_path, SHIPPED)
            raise SettingsError("there is no such taxonomy", key=name_or_path, repair=repair)
        categories = read_yaml(path, list[Category])
        _check(categories, path)
        return cls(name_or_path, categories, hashlib.blake2b(path.read_bytes(), digest_size=4).hexdigest())

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of all topics, parents before their children, in the file's order."""
        return tuple(self.categories)

    def parent(self, topic: str) -> str:
        """Return the first-level topic of a topic; of a first-level one, itself."""
        return self._parent.get(topic, topic)

    def office_of(self, topic: str) -> str | None:
        """Return the office that answers for a topic, its parent's where it has none."""
        category = self.categories.get(topic)
        if category is None:
            return None
        if category.office is None and topic in self._parent:
            return self.office_of(self._parent[topic])
        return category.office

    def name(self, topic: str, locale: str) -> str:
        """Return a topic's name in a locale, in any other language where it has none there, else the id."""
        category = self.categories.get(topic)
        if category is None:
            return topic
        return category.name.get(locale) or next(iter(category.name.values()), topic)

    def entries(self) -> list[Entry]:
        """Return the terms of all topics, for the lexicon."""
        return [
            Entry(Tag.TOPIC, self._value(category.id), folded(term).text)
            for category in self.categories.values()
            for term in _COMMA.split(category.terms)
            if term
        ] + [Entry(Tag.TOPIC, self._value(""), phrase) for phrase in _HIDING]

    def _value(self, topic: str) -> str:
        return f"{self.name_of_file}{_SEPARATOR}{topic}"

    def classify(
        self, answers: Sequence[Topic], hits: Sequence[tuple[int, int, str]], title: int
    ) -> tuple[Topic, ...]:
        """Make first-level answers finer by the terms found, or answer by terms alone where there are none.

        A finer topic keeps its parent's probability. Terms alone answer with at most one topic, p ≤ .6.
        """
        known = [topic for topic in answers if topic.id in self.categories]
        if not known and not hits:
            return ()
        scores = self._scores(hits, title)
        if known:
            finer = dict.fromkeys((self._finer(topic.id, scores), topic.p) for topic in known)
            return tuple(Topic(*pair) for pair in finer)[:_MOST]
        return self._alone(scores)

    def _scores(self, hits: Sequence[tuple[int, int, str]], title: int) -> dict[str, int]:
        scores: dict[str, int] = {}
        for start, _, value in hits:
            topic = self._told.get(value)
            if topic is not None:
                scores[topic] = scores.get(topic, 0) + (_TITLE if start < title else 1)
        return scores

    def _finer(self, topic: str, scores: Mapping[str, int]) -> str:
        told = [one.id for one in self.categories[topic].children if scores.get(one.id, 0) >= _CHILD_LEAST]
        return max(told, key=scores.__getitem__, default=topic)

    def _alone(self, scores: Mapping[str, int]) -> tuple[Topic, ...]:
        if not scores:
            return ()
        total = sum(scores.values())
        best = max(scores, key=lambda topic: (scores[topic], topic in self._parent, topic))
        if scores[best] < _ALONE_LEAST or scores[best] * 2 < total:
            return ()
        return (Topic(best, round(0.6 * scores[best] / total, 2)),)


class Taxonomies:
    """The desk's own taxonomy and, for posts in the other language, the other shipped one."""

    def __init__(self, main: Taxonomy, other: Taxonomy | None = None) -> None:
        self.main = main
        self.main_lang = _lang(main)
        self.other = other
        self.digest = main.digest + (other.digest if other else "")

    @classmethod
    def load(cls, name_or_path: str) -> Taxonomies:
        """Load the desk's taxonomy and its shipped counterpart in the other language."""
        main = Taxonomy.load(name_or_path)
        return cls(main, Taxonomy.load("en-civic" if _lang(main) == "zh" else "zh-civic"))

    def of(self, lang: str) -> Taxonomy:
        """Return the taxonomy that posts in a language are read with."""
        if self.other is None or lang == self.main_lang or (lang != "zh" and self.main_lang == "en"):
            return self.main
        return self.other if lang in ("zh", "en") else self.main

    def office_of(self, topic: str) -> str | None:
        """Return the office in charge of a topic of either scheme; the desk's own file decides where it can."""
        if topic in self.main.categories:
            return self.main.office_of(topic)
        twin = _CROSSWALK.get(topic) or next((en for en, zh in _CROSSWALK.items() if zh == topic), "")
        return self.main.office_of(twin) or (self.other.office_of(topic) if self.other else None)

    def name(self, topic: str, locale: str) -> str:
        """Return a topic's name, whichever scheme it is from."""
        known = self.main if topic in self.main.categories or self.other is None else self.other
        return known.name(topic, locale)

    def entries(self) -> list[Entry]:
        """Return the terms of both, for the lexicon."""
        return self.main.entries() + (self.other.entries() if self.other else [])


def _lang(taxonomy: Taxonomy) -> str:
    """Tell which shipped scheme a taxonomy descends from, by the topics they share."""
    if taxonomy.name_of_file in SHIPPED:
        return SHIPPED[taxonomy.name_of_file]
    english = sum(topic.split(".")[0] in _CROSSWALK for topic in taxonomy.topics)
    return "en" if english * 2 > len(taxonomy.topics) else "zh"


def _walk(categories: Sequence[Category], parent: str | None) -> Iterator[tuple[Category, str | None]]:
    for category in categories:
        yield category, parent
        yield from _walk(category.children, category.id)


def _check(categories: Sequence[Category], path: Path) -> None:
    """Refuse ids that stand twice, a third level, and children whose id does not begin with the parent's."""
    seen: set[str] = set()
    lines = path.read_text("utf-8").splitlines()
    for category, parent in _walk(categories, None):
        what, repair = "", ""
        if category.id in seen:
            what, repair = "stands twice", "give each topic an id of its own"
        elif parent is not None and not category.id.startswith(f"{parent}."):
            what, repair = f"does not begin with its parent's id {parent}", f"write {parent}.{category.id}"
        elif parent is not None and category.children:
            what, repair = "has children of its own", "two levels are all there are"
        elif not category.name:
            what, repair = "has no name", "write name: {zh: …, en: …}"
        if what:
            found = [number for number, line in enumerate(lines, 1) if f"id: {category.id}" in line]
            raise SettingsError(
                what, file=str(path), line=found[-1] if found else None, key=category.id, repair=repair
            )
        seen.add(category.id)
