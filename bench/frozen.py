"""Figures of demands, harm, places and masks on the frozen sets of tests/eval/frozen: `python -m bench.frozen`.

Each set has a half that is seen while rules are written and a half that is only ever measured. The guide to the
labels is tests/eval/frozen/README.md; `python -m bench.frozen faults demands [open]` prints what is wrong in a half
that may be read.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from answerable.post import Demand, HarmClass
from bench.figure import Figure
from crawlers.masks import mask
from nlp import demands, harm
from nlp.acts import THINGS, VERBS, wording
from nlp.clean import folded
from nlp.gazetteer import Gazetteer
from nlp.heads import Heads
from nlp.lexicon import Lexicon, Scan, shipped
from nlp.places import Places

__all__ = [
    "FOLDER",
    "HALVES",
    "LATER",
    "PARTS",
    "READ",
    "TAUGHT",
    "Counts",
    "ambiguous",
    "digest",
    "measured",
    "rows",
    "table",
]

FOLDER = Path(__file__).parents[1] / "tests" / "eval" / "frozen"
HALVES = ("seen", "unseen")
LATER = ("later", "open", "sealed", "fresh")  # of demands and harm alone, written after the rules
TAUGHT = "taught"  # of both: taggers are fitted on it, nothing is measured on it
READ = ("seen", "open")  # nobody looks at what goes wrong in the others
_SURE = 0.5  # a place that is less likely than this is not held to be meant


class Counts:
    """Answers that are right, wrong and missed, with the texts where they are not all right."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0
        self.faults: list[str] = []

    def add(self, text: str, want: Sequence[frozenset[str]], got: Iterable[str]) -> None:
        """Count one text; each wanted answer is a set of wordings that are equally right."""
        left, extra = list(want), list[str]()
        for answer in got:
            hit = next((one for one in left if answer in one), None)
            if hit is None:
                extra.append(answer)
            else:
                left.remove(hit)
        self.right += len(want) - len(left)
        self.wrong += len(extra)
        self.missed += len(left)
        if left or extra:
            self.faults.append(f"{text}\n    missed {[sorted(one) for one in left]}, wrong {extra}")

    @property
    def precision(self) -> float:
        """Share of the answers given that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the answers wanted that are given."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


class Measured(Struct, frozen=True):
    """One part on one half: its figures by name, the number of texts, the faults."""

    figures: dict[str, float]
    texts: int
    faults: list[str]


def table(name: str, half: str) -> Iterator[list[str]]:
    r"""Yield the rows of a half of a set, without the half; a line break in a text is written \n."""
    own = FOLDER / f"{name}_{half}.tsv"
    for line in (own if own.exists() else FOLDER / f"{name}.tsv").read_text("utf-8").split("\n"):
        of, _, rest = line.partition("\t")
        if of == half:
            yield rest.replace("\\n", "\n").split("\t")


@cache
def _heads() -> Heads:
    return Heads.load()


@cache
def _lexicon() -> Lexicon:
    return Lexicon(shipped())


def _scan(text: str, lang: str) -> Scan:
    return _lexicon().scan(folded(text), lang == "zh")


def _demands(half: str) -> Measured:
    acts, asking, texts = Counts(), Counts(), 0
    for lang, labels, text in table("demands", half):
        want = [_wordings(label, lang) for label in labels.split(", ") if label != "-"]
        scan = _scan(text, lang)
        got = [demand.act for demand in demanded(scan, lang)]
        acts.add(text, want, got)
        asking.add(text, [frozenset({"asks"})] if want else [], ["asks"] if got else [])
        texts += 1
    figures = {"F1": acts.f1, "precision": acts.precision, "recall": acts.recall, "asks at all, F1": asking.f1}
    return Measured(figures, texts, acts.faults)


def demanded(
    scan: Scan, lang: str, office: Callable[[str], str] = str, *, danger: bool | None = None
) -> tuple[Demand, ...]:
    """Return what one text demands, as the fast tier reads it; whether it tells of `danger` may be given."""
    han = lang == "zh"
    asked = demands.request(scan, lang, danger=harm.is_danger(harm.find(scan, han)) if danger is None else danger)
    if asked is None:
        return ()
    parts = asked.parts()
    return demands.told(asked, _heads().sounds(parts, [han] * len(parts)), office)


def _wordings(label: str, lang: str) -> frozenset[str]:
    """Return the acts that a label allows: `repair:road|replace:road`, ids of the closed lists."""
    pairs = (one.partition(":") for one in label.split("|"))
    return frozenset(wording(VERBS[verb], THINGS[thing] if thing else None, lang) for verb, _, thing in pairs)


def _harm(half: str) -> Measured:
    danger, kinds, service, texts = Counts(), Counts(), Counts(), 0
    for lang, dangers, services, text in table("harm", half):
        found = harm.find(_scan(text, lang), lang == "zh")
        told = [one.kind for one in found if one.cls is HarmClass.DANGER]
        want = [] if dangers == "-" else [frozenset(kind.split("|")) for kind in dangers.split(",")]
        danger.add(text, [frozenset({"danger"})] if want else [], ["danger"] if told else [])
        if dangers != "danger":
            kinds.add(text, want, told)
        if services != "?":
            named = [] if services == "-" else [frozenset(kind.split("|")) for kind in services.split(",")]
            service.add(text, named, [one.kind for one in found if one.cls is HarmClass.SERVICE])
        texts += 1
    figures = {
        "danger, recall": danger.recall, "danger, precision": danger.precision, "kinds of danger, F1": kinds.f1,
    }  # fmt: skip
    if service.right + service.missed:
        figures["service trouble, F1"] = service.f1
    return Measured(figures, texts, danger.faults + service.faults)


@cache
def _places() -> tuple[Gazetteer, Places]:
    gazetteer = Gazetteer.load(FOLDER / "gazetteer.csv")
    return gazetteer, Places(gazetteer)


def _where(half: str) -> Measured:
    gazetteer, places = _places()
    counts, texts, districts = Counts(), 0, list[bool]()
    for ids, home, field, text in table("places", half):
        mentions = places.find(folded(text), _given(field), _given(home))
        got = sorted({mention.id for mention in mentions if mention.p >= _SURE})
        want = [] if ids == "-" else ids.split(",")
        counts.add(text, [frozenset({place}) for place in want], got)
        wanted, found = ({gazetteer.district_of(place) for place in some} - {None} for some in (want, got))
        if wanted or found:
            districts.append(wanted == found)
        texts += 1
    figures = {
        "F1": counts.f1, "precision": counts.precision, "recall": counts.recall,
        "district": sum(districts) / max(1, len(districts)), "share ambiguous": ambiguous(half),
    }  # fmt: skip
    return Measured(figures, texts, counts.faults)


def _given(cell: str) -> str | None:
    return None if cell == "-" else cell


def ambiguous(half: str) -> float:
    """Return the share of texts that hold a name of several places, or one that mostly means something else."""
    _, places = _places()
    texts = [folded(text).text for *_, text in table("places", half)]
    return sum(any(name in text for name in places.ambiguous) for text in texts) / len(texts)


def _masks(half: str) -> Measured:
    characters, cases, texts, faults = Counts(), 0, 0, list[str]()
    for (marked,) in table("masks", half):
        pieces = marked.replace("]]", "[[").split("[[")
        text = "".join(pieces)
        should = [at % 2 == 1 for at, piece in enumerate(pieces) for _ in piece]
        was = [new != old for new, old in zip(mask(text, None), text, strict=True)]
        characters.right += sum(a and b for a, b in zip(should, was, strict=True))
        characters.missed += sum(a and not b for a, b in zip(should, was, strict=True))
        characters.wrong += sum(b and not a for a, b in zip(should, was, strict=True))
        cases, texts = cases + (should == was), texts + 1
        if should != was:
            faults.append(f"{marked}\n    {mask(text, None)}")
    figures = {"recall": characters.recall, "precision": characters.precision, "texts all right": cases / texts}
    return Measured(figures, texts, faults)


PARTS: dict[str, Callable[[str], Measured]] = {
    "demands": _demands, "harm": _harm, "places": _where, "masks": _masks,
}  # fmt: skip
_GOALS = {
    ("demands", "F1"): 0.8, ("harm", "danger, recall"): 0.95, ("harm", "danger, precision"): 0.8,
    ("places", "F1"): 0.9, ("places", "district"): 0.9, ("places", "share ambiguous"): 0.3,
    ("masks", "recall"): 0.98, ("masks", "precision"): 0.9,
}  # fmt: skip


@cache
def measured(part: str, half: str) -> Measured:
    """Measure a part (demands, harm, places, masks) on a half."""
    return PARTS[part](half)


def digest(part: str) -> str:
    """Identify the texts and labels that a part is measured on."""
    own = [f"{part}{half}.tsv" for half in ("", "_open", "_sealed", "_fresh")]
    measured_on = [*own, *(["gazetteer.csv"] * (part == "places"))]
    found = hashlib.sha256()
    for path in (FOLDER / name for name in measured_on):
        found.update(path.read_bytes() if path.exists() else b"")
    return found.hexdigest()[:16]


def rows() -> list[Figure]:
    """Return the figures of each half."""
    return [
        Figure(
            table="frozen",
            data=f"{part}, {half}",
            name=name,
            value=value,
            goal=_GOALS.get((part, name)),
            note=f"{found.texts} texts",
        )
        for part in PARTS
        for half in (*HALVES, *(LATER if part in {"demands", "harm"} else ()))
        for found in (measured(part, half),)
        for name, value in found.figures.items()
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["faults"]:
        asked = sys.argv[3] if len(sys.argv) > 3 else "seen"
        print(*(measured(sys.argv[2], asked).faults if asked in READ else ["it is measured, not read"]), sep="\n")
    else:
        print(*(f"{row.data}: {row.name} {row.value:.3f} ({row.note})" for row in rows()), sep="\n")
