"""Figures of grouping on labelled streams, folded whole as one area each: `python -m bench.eval grouping`.

NMI and ARI as in scikit-learn, B³ after Bagga and Baldwin (1998); *best match* is the mean over labels of the F1
of the group that fits best. Letters count unlabelled members of a group as wrong. Noise: each post about an event
among three that are about none, at seeded random times. The peer joins a post to its nearest earlier one at a
TF-IDF cosine of .25.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from statistics import mean

import numpy as np
from msgspec import Struct
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from answerable.clock import DAY, parse
from answerable.incident import Membership
from answerable.post import AnalysedPost, Analysis, Kind, PlaceMention, Post, Reading, Tick
from bench.figure import Figure
from bench.load import Row, read
from bench.score import b_cubed, best_match
from incidents.area import AreaFold, Input
from nlp.clean import folded
from nlp.signature import signature
from nlp.terms import terms

__all__ = ["ENGLISH", "FRENCH", "LETTERS", "NOISE", "Scores", "letters", "noisy", "rows", "tweets"]

LETTERS, ENGLISH, FRENCH = "zh/tipdm_c/stream", "en/event2012/dev", "en/event2018_fr/dev"
NOISE = ("en/tweeteval/dev", "en/umsab/dev")
SEEDS = (1, 2, 3)
_EVENTS = 3000
_TABLE = "grouping"
_JOIN = 0.25

Standing = dict[str, tuple[str, str | None, str | None]]


class Scores(Struct, frozen=True):
    """How well groups match labels; `strict` is B³ precision that counts posts without a label as wrong."""

    best_match: float
    b_cubed: float
    nmi: float
    ari: float
    strict: float


class Matched(Struct, frozen=True):
    """Letters: F1 of the best groups by matter and by letter, and their precision; others in a group are wrong."""

    best_match: float
    by_size: float
    precision: float


def post(row: Row, kind: Kind, lang: str) -> AnalysedPost:
    """Return a row as the fold sees it: terms, signature, a token of the day, and some place."""
    at, title = parse(row["time"]), row.get("subject") or ""
    made = Post(
        id=row["id"], source="eval", kind=kind, title=title, text=row["detail"] if title else row["text"],
        published_at=at, fetched_at=at, seen_at=at, author=f"{row['user']}/{at // DAY}",
    )  # fmt: skip
    return AnalysedPost(
        made,
        Analysis(
            lang=lang, sentiment=Reading("neutral", {}), emotion=Reading("none", {}),
            places=(PlaceMention("city", 0, 1, "", 1.0),), terms=terms(folded(made.body), len(title), lang),
            signature=signature(made.body, lang),
        ),
        "city",
    )  # fmt: skip


def standing(posts: Sequence[AnalysedPost]) -> Standing:
    """Fold a stream; return each post's last (group, incident, representative)."""
    fold, last = AreaFold("city"), Standing()
    ordered = sorted(posts, key=lambda each: (each.at, each.post.id))
    records: list[Input] = [*ordered, Tick(ordered[-1].at + 3 * DAY)]
    for record in records:
        for told in fold.fold(record):
            if isinstance(told, Membership):
                last.update({name: (group, incident, twin) for name, group, incident, twin in told.posts})
    return last


@cache
def letters() -> tuple[Standing, dict[str, str]]:
    """Return where each letter stands in the end, and the labels."""
    found = sorted(read(LETTERS), key=lambda row: (row["time"], row["id"]))
    return standing([post(row, Kind.LETTER, "zh") for row in found]), labelled(found)


def matched() -> Matched:
    """Return how well letters stand with those about the same matter."""
    last, truth = letters()
    best = best_match(truth, groups(last), strict=True)
    weighed = sum(best[label].f1 * n for label, n in Counter(truth.values()).items()) / len(truth)
    return Matched(mean(one.f1 for one in best.values()), weighed, mean(one.precision for one in best.values()))


@cache
def tweets(name: str, lang: str) -> Scores:
    """Return the scores of a labelled stream of short posts."""
    found = list(read(name))
    return scored(labelled(found), groups(standing([post(row, Kind.MICROBLOG, lang) for row in found])))


@cache
def noisy(seed: int) -> Scores:
    """Return the scores of 3,000 posts about events among 9,000 about none."""
    chance = random.Random(seed)  # noqa: S311
    events = list(read(ENGLISH))[:_EVENTS]
    begin, end = parse(events[0]["time"]), parse(events[-1]["time"])
    texts = sorted({row["text"] for name in NOISE for row in read(name)})
    chance.shuffle(texts)
    chatter = []
    for number, text in enumerate(texts[: 3 * _EVENTS]):
        at = chance.randrange(begin, end)
        made = post({**events[0], "id": f"noise{number}", "text": text, "user": f"n{number}"}, Kind.MICROBLOG, "en")
        fields = {name: getattr(made.post, name) for name in made.post.__struct_fields__}
        moved = Post(**{**fields, "published_at": at, "fetched_at": at, "seen_at": at})
        chatter.append(AnalysedPost(moved, made.analysis, made.area))
    stream = [post(row, Kind.MICROBLOG, "en") for row in events] + chatter
    return scored(labelled(events), groups(standing(stream)))


def labelled(found: Sequence[Row]) -> dict[str, str]:
    """Return the label of each row that has one."""
    return {row["id"]: str(row["label"]) for row in found if row["label"] is not None}


def groups(last: Standing) -> dict[str, str]:
    """Return each post's group."""
    return {name: group for name, (group, _, _) in last.items()}


def scored(truth: Mapping[str, str], found: Mapping[str, str]) -> Scores:
    """Score groups against labels.

    >>> scored({"a": "x", "b": "x"}, {"a": "1", "b": "1", "c": "1"}).strict
    0.6666666666666666
    """
    names = sorted(truth)
    true, ours = [truth[name] for name in names], [found[name] for name in names]
    sizes, both = Counter(found.values()), Counter((found[item], label) for item, label in truth.items())
    return Scores(
        best_match=mean(score.f1 for score in best_match(truth, found).values()),
        b_cubed=b_cubed(truth, found).f1,
        nmi=float(normalized_mutual_info_score(true, ours)),
        ari=float(adjusted_rand_score(true, ours)),
        strict=sum(n * n / sizes[group] for (group, _), n in both.items()) / len(truth),
    )


@cache
def one_pass(name: str) -> Scores:
    """Return the scores of the peer: the nearest earlier post by TF-IDF over the whole set, if near enough."""
    found = sorted(read(name), key=lambda row: (row["time"], row["id"]))
    vectors = TfidfVectorizer(lowercase=True).fit_transform([row["text"] for row in found]).tocsr()
    group: list[int] = []
    for place in range(vectors.shape[0]):
        near = (vectors[:place] @ vectors[place].T).toarray().ravel() if place else np.zeros(0)
        best = int(near.argmax()) if near.size else -1
        group.append(group[best] if best >= 0 and near[best] >= _JOIN else place)
    return scored(labelled(found), {row["id"]: str(number) for row, number in zip(found, group, strict=True)})


def rows() -> list[Figure]:
    """Return every figure of grouping."""
    return [
        *_stream_rows("event2012", ENGLISH, "en", (0.82, 0.90, 0.95, 0.90), (0.78, 0.87, 0.94, 0.85)),
        *_stream_rows("event2018_fr", FRENCH, "fr", (0.90, 0.87, 0.90, 0.85), (0.89, 0.84, 0.89, 0.79)),
        *_letter_rows(),
        *_noise_rows(),
    ]


def _stream_rows(data: str, name: str, lang: str, goals: Sequence[float], study: Sequence[float]) -> list[Figure]:
    ours, peer = tweets(name, lang), one_pass(name)
    names = ("best match", "B³", "NMI", "ARI")
    values = (ours.best_match, ours.b_cubed, ours.nmi, ours.ari)
    others = (peer.best_match, peer.b_cubed, peer.nmi, peer.ari)
    return [
        Figure(
            table=_TABLE, data=data, name=figure, value=round(value, 3), goal=goal, study=known,
            peers=(("one-pass TF-IDF", round(other, 3)),), note="whole stream, folded as one area",
        )
        for figure, value, other, goal, known in zip(names, values, others, goals, study, strict=True)
    ]  # fmt: skip


def _letter_rows() -> list[Figure]:
    found, note = matched(), "six silver matters; unlabelled letters in a group count as wrong"
    return [
        Figure(table=_TABLE, data="tipdm_c", name="best match by matter", value=round(found.best_match, 3), goal=0.95,
               study=0.93, note=note),
        Figure(table=_TABLE, data="tipdm_c", name="best match by letter", value=round(found.by_size, 3), note=note),
        Figure(table=_TABLE, data="tipdm_c", name="precision", value=round(found.precision, 3), goal=0.90, study=0.76,
               note=note),
    ]  # fmt: skip


def _noise_rows() -> list[Figure]:
    runs = [noisy(seed) for seed in SEEDS]
    note = "3,000 posts about events among 9,000 about none"
    made = []
    for name, values, goal, study in (
        ("NMI", [run.nmi for run in runs], 0.94, 0.94),
        ("B³ precision, noise counted as wrong", [run.strict for run in runs], 0.95, 0.90),
        ("B³", [run.b_cubed for run in runs], None, None),
    ):
        made.append(
            Figure(
                table=_TABLE, data="event2012 with threefold noise", name=name, value=round(mean(values), 3),
                goal=goal, study=study, spread=(round(min(values), 3), round(max(values), 3)), note=note,
            )
        )  # fmt: skip
    return made
