"""The rules that analysts write: on offices, services and matters, never on people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import yaml
from msgspec import Struct, field

from alerts import conditions
from alerts.conditions import Condition, Figure, View
from alerts.refusals import Objection, object_to, object_to_key
from answerable.errors import SettingsError
from answerable.incident import Evidence, IncidentUpdate, Level
from answerable.strict import nearest, read_yaml

__all__ = ["ROUTES", "Fired", "Matter", "Rule", "fire", "load"]

ROUTES = ("lead", "on_duty", "supervision")
_SHIPPED = Path(__file__).parent / "rules.yaml"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_MOST_TERMS = 200


class Matter(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule is about: any of the terms, and any of the topics (or their parts), where given."""

    terms: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)


class _Written(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    when: dict[str, str]
    level: Level
    route: str = "lead"
    matter: Matter = Matter()


class Rule(Struct, frozen=True, kw_only=True):
    """A rule as it was read: all conditions have to hold on an incident about its matter."""

    id: str
    when: tuple[Condition, ...]
    level: Level
    route: str = "lead"
    matter: Matter = Matter()


class Fired(Struct, frozen=True):
    """A rule that holds, with its figures beside their thresholds."""

    rule: Rule
    why: tuple[Evidence, ...]


def load(
    path: Path | None = None, topics: Collection[str] | None = None, offices: Collection[str] | None = None
) -> tuple[Rule, ...]:
    """Read rules.yaml, or the shipped rules; raise SettingsError with file, line, key and repair.

    Where the taxonomy's `topics` and the `offices` are given, references to unknown ones are refused; the shipped
    rules name topics of several taxonomies and are not held against one.
    """
    if path is None:
        topics = None
    source = path or _SHIPPED
    place = _Place(source)
    _refuse_keys(place)
    written = read_yaml(source, list[_Written])
    seen: set[str] = set()
    rules = []
    for index, entry in enumerate(written):
        if entry.id in seen or not _ID.fullmatch(entry.id):
            what = "is used twice" if entry.id in seen else "is no id"
            raise place.error(index, "id", f"{entry.id!r} {what}", "write small letters, digits and hyphens, once")
        seen.add(entry.id)
        _refuse_words(place, index, entry)
        _check_references(place, index, entry, topics, offices)
        rules.append(_read(place, index, entry))
    return tuple(rules)


def fire(rules: Sequence[Rule], view: View) -> Fired | None:
    """Return the rule with the highest level that holds, the first of equals; None where none does."""
    held = [fired for rule in rules if (fired := _fire(rule, view))]
    return max(held, key=lambda fired: fired.rule.level.rank, default=None)


def _fire(rule: Rule, view: View) -> Fired | None:
    if not _concerns(rule.matter, view.update):
        return None
    why = []
    for condition in rule.when:
        evidence = conditions.holds(condition, view)
        if evidence is None:
            return None
        why.append(evidence)
    return Fired(rule, tuple(why))


def _concerns(matter: Matter, update: IncidentUpdate) -> bool:
    terms = not matter.terms or _names(matter.terms, update)
    topics = not matter.topics or any(
        topic.id == wanted or topic.id.startswith(f"{wanted}.") for wanted in matter.topics for topic in update.topics
    )
    return terms and topics


def _names(terms: list[str], update: IncidentUpdate) -> bool:
    told = (*update.title.matter, *update.links_terms, *(word.text for word in update.words))
    words = [word.casefold() for word in told]
    return any(term.casefold() in word for term in terms for word in words)


def _read(place: _Place, index: int, entry: _Written) -> Rule:
    if not entry.when:
        raise place.error(index, "when", "is empty", "write at least one condition, such as authors: '>= 5'")
    if len(entry.matter.terms) > _MOST_TERMS:
        raise place.error(index, "terms", f"has more than {_MOST_TERMS} terms", "name fewer, or use topics")
    read = []
    for key, text in entry.when.items():
        if key not in list(Figure):
            raise place.error(index, key, "unknown key", nearest(key, [figure.value for figure in Figure]))
        try:
            read.append(conditions.read(Figure(key), text))
        except ValueError as error:
            raise place.error(index, key, *_halves(str(error))) from None
    return Rule(id=entry.id, when=tuple(read), level=entry.level, route=entry.route, matter=entry.matter)


def _halves(text: str) -> tuple[str, str]:
    what, _, repair = text.partition("; ")
    return what, repair


def _check_references(
    place: _Place, index: int, entry: _Written, topics: Collection[str] | None, offices: Collection[str] | None
) -> None:
    if offices is not None and entry.route not in (*ROUTES, *offices):
        raise place.error(index, "route", f"{entry.route!r} is no office", nearest(entry.route, [*ROUTES, *offices]))
    for topic in entry.matter.topics:
        if topics is not None and topic not in topics:
            raise place.error(index, "topics", f"{topic!r} is no topic of the taxonomy", nearest(topic, topics))
    for term in entry.matter.terms:
        if len(term.strip()) < 2:
            raise place.error(index, "terms", f"{term!r} is too short to name a matter", "write a whole word")


def _refuse_keys(place: _Place) -> None:
    """Refuse keys such as `author` or `language` by their reason, before they count as merely unknown."""
    for index, key in place.named():
        objection = object_to_key(key)
        if objection:
            raise _refusal(place, index, key, objection)


def _refuse_words(place: _Place, index: int, entry: _Written) -> None:
    named = [("terms", term) for term in entry.matter.terms] + [("topics", topic) for topic in entry.matter.topics]
    for key, text in [*named, ("id", entry.id), ("route", entry.route)]:
        objection = object_to(text.replace("_", " ").replace(".", " ") if key == "topics" else text)
        if objection is None and key == "id":
            objection = object_to(text.replace("-", " "))
        if objection:
            raise _refusal(place, index, key, objection)


def _refusal(place: _Place, index: int, key: str, objection: Objection) -> SettingsError:
    watched = {"person": "persons", "account": "accounts", "assembly": "assemblies", "election": "elections"}
    what = f"'{objection.word}': no rules on {watched.get(objection.kind, objection.kind)}"
    return place.error(index, key, what, objection.repair)


class _Place:
    """Finds the line of a key in a list of mappings."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            self._node = None  # read_yaml says what is wrong

    def named(self) -> Iterator[tuple[int, str]]:
        """Return every key of every rule, with the rule's index."""
        for index, key, _ in self._walk():
            yield index, key

    def error(self, index: int, key: str, what: str, repair: str) -> SettingsError:
        """Return the error about a key of one rule."""
        lines = {found: line for at, found, line in reversed(list(self._walk())) if at == index}
        line = lines.get(key) or min(lines.values(), default=None)
        return SettingsError(what, file=str(self._path), line=line, key=f"[{index}].{key}", repair=repair)

    def _walk(self) -> Iterator[tuple[int, str, int]]:
        rules = self._node.value if isinstance(self._node, yaml.SequenceNode) else []
        for index, rule in enumerate(rules):
            stack = [rule]
            while stack:
                node = stack.pop()
                for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
                    yield index, str(key.value), key.start_mark.line + 1
                    stack.append(value)
