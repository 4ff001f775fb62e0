"""Figures of places in foreign texts, with a gazetteer of their own annotated names: `python -m bench.toponyms`.

Tweeted disasters (idrisi, halves by event), news of emergencies (cec_emergency) and news and tweets (geoparsing; only
names with coordinates), halves by the hash of an id: rules are written against `seen`, `unseen` is only measured. A
mention counts where both ends are right. The peer takes every longest name of the gazetteer that stands as a word.
`python -m bench.toponyms faults idrisi` prints what is wrong in the seen half, most often first.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from msgspec import Struct

from answerable.lines import Line, numbered
from bench.figure import Figure
from bench.load import DATA
from nlp.clean import folded
from nlp.gazetteer import Gazetteer, Place
from nlp.places import Places

__all__ = ["HALVES", "SETS", "Measured", "measured", "rows"]

HALVES = ("seen", "unseen")
_SURE = 0.5  # a place that is less likely than this is not held to be meant
_GOAL = 0.8
_PACE = 15_000
Span = tuple[int, int]


class Text(Struct, frozen=True):
    """A text with the spans of its places, and what it goes into a half with: an event or its own id."""

    body: str
    places: tuple[Span, ...]
    with_: str


class Measured(Struct, frozen=True):
    """Precision, recall and F1 of the reader and of the dictionary; the reader's texts a second; what is wrong."""

    ours: tuple[float, float, float]
    peer: tuple[float, float, float]
    pace: float
    texts: int
    wrong: Counter[str]
    missed: Counter[str]


class _Span(Struct, frozen=True):
    start: int
    end: int
    lat: float | None = None
    role: str = ""


class _Event(Struct, frozen=True):
    spans: tuple[_Span, ...]


class _Row(Struct, frozen=True):
    id: str
    text: str
    toponyms: tuple[_Span, ...] = ()
    events: tuple[_Event, ...] = ()
    event: str = ""


def _read(path: Path) -> Iterator[_Row]:
    decode = msgspec.json.Decoder(_Row).decode
    yield from (decode(line.text) for line in numbered(path) if isinstance(line, Line))


def _idrisi() -> Iterator[Text]:
    for row in _read(DATA / "en/idrisi/dev.jsonl.gz"):
        yield Text(row.text, tuple((span.start, span.end) for span in row.toponyms), row.event)


def _cec() -> Iterator[Text]:
    for row in _read(DATA / "zh/cec_emergency/docs.jsonl.gz"):
        spans = {(one.start, one.end) for event in row.events for one in event.spans if one.role == "place"}
        yield Text(row.text, tuple(sorted(spans)), row.id)


def _geoparsing() -> Iterator[Text]:
    for row in _read(DATA / "en/geoparsing/dev.jsonl.gz"):
        spans = tuple((span.start, span.end) for span in row.toponyms if span.lat is not None)
        yield Text(row.text, spans, row.id)


SETS: dict[str, Callable[[], Iterable[Text]]] = {
    "idrisi": _idrisi,
    "cec_emergency": _cec,
    "geoparsing": _geoparsing,
}


def _half(of: str) -> str:
    return HALVES[blake2b(of.encode(), digest_size=1).digest()[0] % 2]


def _gazetteer(texts: Iterable[Text]) -> Gazetteer:
    """Make a place of every annotated name, however it is written; the most frequent spelling names it."""
    names = Counter(text.body[start:end].strip() for text in texts for start, end in text.places)
    known = {folded(name).text: name for name, _ in reversed(names.most_common()) if name}
    places = (Place(str(number), None, "city", known[name]) for number, name in enumerate(sorted(known)))
    return Gazetteer({place.id: place for place in places}, "annotated")


class _Dictionary:
    """Takes every longest name, wherever letters do not run on."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        names = [folded(place.name).text for place in gazetteer.places.values()]
        self._automaton = AhoCorasick(
            names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def find(self, body: str) -> set[Span]:
        text = folded(body)
        found = self._automaton.find_matches_as_indexes(text.text)
        return {text.span(start, end) for _, start, end in found if _edge(text.text, start) and _edge(text.text, end)}


def _edge(text: str, at: int) -> bool:
    return at in (0, len(text)) or not (_latin(text[at - 1]) and _latin(text[at]))


def _latin(character: str) -> bool:
    return character.isalnum() and character < "\u0900"


def _score(right: int, got: int, wanted: int) -> tuple[float, float, float]:
    precision, recall = right / max(1, got), right / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


@cache
def _made(name: str) -> tuple[tuple[Text, ...], Places, _Dictionary]:
    texts = tuple(SETS[name]())
    gazetteer = _gazetteer(texts)
    return texts, Places(gazetteer), _Dictionary(gazetteer)


@cache
def measured(name: str, half: str) -> Measured:
    """Measure a set on a half of its texts; raise FileNotFoundError where the data is not there."""
    every, places, dictionary = _made(name)
    texts = [text for text in every if _half(text.with_) == half]
    began = time.process_time()
    found = [places.find(folded(text.body)) for text in texts]
    taken = time.process_time() - began
    wrong, missed = Counter[str](), Counter[str]()
    ours, peers = (0, 0), (0, 0)
    for text, mentions in zip(texts, found, strict=True):
        want, got = set(text.places), {(one.start, one.end) for one in mentions if one.p >= _SURE}
        peer = dictionary.find(text.body)
        ours = ours[0] + len(want & got), ours[1] + len(got)
        peers = peers[0] + len(want & peer), peers[1] + len(peer)
        wrong.update(text.body[start:end] for start, end in got - want)
        missed.update(text.body[start:end] for start, end in want - got)
    wanted = sum(len(set(text.places)) for text in texts)
    return Measured(
        _score(*ours, wanted), _score(*peers, wanted), len(texts) / max(1e-9, taken), len(texts), wrong, missed
    )  # fmt: skip


def rows() -> list[Figure]:
    """Return the figures of each set and half."""
    return [figure for name in SETS for half in HALVES for figure in _figures(name, half, measured(name, half))]


def _figures(name: str, half: str, found: Measured) -> Iterator[Figure]:
    for at, what in enumerate(("precision", "recall", "F1")):
        yield Figure(
            table="toponyms", data=f"{name}, {half}", name=what, value=found.ours[at],
            goal=_GOAL if what == "F1" else None, peers=(("longest match", found.peer[at]),),
            note=f"{found.texts} texts",
        )  # fmt: skip
    if half == "unseen":
        yield Figure(
            table="toponyms", data=name, name="texts a second", value=found.pace,
            goal=_PACE if name == "idrisi" else None, note="finding places alone, folding with it, one core",
        )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["faults"]:
        seen = measured(sys.argv[2], "seen")
        for title, faults in (("wrong", seen.wrong), ("missed", seen.missed)):
            print(title, *(f"{text} {count}" for text, count in faults.most_common(100)), sep="\n  ")
    else:
        for one in rows():
            beside = "".join(f", {peer} {value:.3f}" for peer, value in one.peers)
            print(f"{one.data}: {one.name} {one.value:.3f}{beside} ({one.note})")
