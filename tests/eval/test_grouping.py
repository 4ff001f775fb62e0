"""Grouping of labelled streams, folded whole as one area; a figure below its floor fails.

Letters count unlabelled members of a group as wrong. The noisy stream mixes each post about an event with
three that are about none, at seeded random times.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from answerable.clock import DAY, parse
from answerable.incident import Membership
from answerable.post import AnalysedPost, Analysis, Kind, PlaceMention, Post, Reading, Tick
from bench.score import b_cubed, best_match
from incidents.area import AreaFold, Input
from nlp.clean import folded
from nlp.signature import signature
from nlp.terms import terms

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["grouping"]
LETTERS, ENGLISH, FRENCH = "zh/tipdm_c/stream", "en/event2012/dev", "en/event2018_fr/dev"
NOISE = "en/tweeteval/dev"
KNOWN = {"talent_housing_subsidy": 16, "loan58_fraud": 14}

pytestmark = [
    pytest.mark.data,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir() and "CI" not in os.environ, reason="the labelled data are not beside the checkout"
    ),
]

Row = dict[str, Any]
Standing = dict[str, tuple[str, str | None, str | None]]


def rows(name: str) -> list[Row]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


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
    fold, last = AreaFold("city"), dict[str, tuple[str, str | None, str | None]]()
    ordered = sorted(posts, key=lambda each: (each.at, each.post.id))
    records: list[Input] = [*ordered, Tick(ordered[-1].at + 3 * DAY)]
    for record in records:
        for told in fold.fold(record):
            if isinstance(told, Membership):
                last.update({name: (group, incident, twin) for name, group, incident, twin in told.posts})
    return last


@cache
def letters() -> tuple[Standing, dict[str, str]]:
    found = sorted(rows(LETTERS), key=lambda row: (row["time"], row["id"]))
    return standing([post(row, Kind.LETTER, "zh") for row in found]), labelled(found)


def labelled(found: Sequence[Row]) -> dict[str, str]:
    return {row["id"]: str(row["label"]) for row in found if row["label"] is not None}


def groups(last: Standing) -> dict[str, str]:
    return {name: group for name, (group, _, _) in last.items()}


def tweets(name: str, lang: str) -> float:
    found = rows(name)
    return b_cubed(labelled(found), groups(standing([post(row, Kind.MICROBLOG, lang) for row in found]))).f1


def noisy() -> tuple[dict[str, str], dict[str, str]]:
    """Return labels and groups of 3,000 posts about events among 9,000 about none."""
    chance = random.Random(20121018)  # noqa: S311
    events = rows(ENGLISH)[:3000]
    begin, end = parse(events[0]["time"]), parse(events[-1]["time"])
    texts = sorted({row["text"] for row in rows(NOISE)})
    chance.shuffle(texts)
    chatter = []
    for number, text in enumerate(texts[:9000]):
        made = post({**events[0], "id": f"noise{number}", "text": text, "user": f"n{number}"}, Kind.MICROBLOG, "en")
        at = chance.randrange(begin, end)
        fields = {name: getattr(made.post, name) for name in made.post.__struct_fields__}
        moved = Post(**{**fields, "published_at": at, "fetched_at": at, "seen_at": at})
        chatter.append(AnalysedPost(moved, made.analysis, made.area))
    stream = [post(row, Kind.MICROBLOG, "en") for row in events] + chatter
    return labelled(events), groups(standing(stream))


def pure(truth: dict[str, str], found: dict[str, str]) -> float:
    """Return B³ precision that counts every unlabelled post in a group as wrong."""
    sizes, both = Counter(found.values()), Counter((found[item], label) for item, label in truth.items())
    return sum(n * n / sizes[group] for (group, _), n in both.items()) / len(truth)


def test_the_data_are_those_the_floors_were_measured_on() -> None:
    digest = hashlib.sha256()
    for name in (ENGLISH, FRENCH, NOISE, LETTERS):
        digest.update((DATA / f"{name}.jsonl.gz").read_bytes())
    assert digest.hexdigest()[:16] == FLOORS["data"]


def test_letters_stand_with_those_about_the_same_matter() -> None:
    last, truth = letters()
    matched = best_match(truth, groups(last), strict=True)
    weighed = sum(matched[label].f1 * n for label, n in Counter(truth.values()).items()) / len(truth)
    assert mean(score.f1 for score in matched.values()) >= FLOORS["floor"]["letters_best_match"]
    assert weighed >= FLOORS["floor"]["letters_best_match_by_size"]
    assert mean(score.precision for score in matched.values()) >= FLOORS["floor"]["letters_precision"]


@pytest.mark.parametrize("label", KNOWN)
def test_a_known_matter_of_many_letters_is_one_shown_incident(label: str) -> None:
    last, truth = letters()
    shown = {last[name][1] for name, known in truth.items() if known == label}
    assert len(shown) == 1
    assert None not in shown
    assert sum(1 for known in truth.values() if known == label) == KNOWN[label]


def test_english_posts_stand_with_those_about_the_same_event() -> None:
    assert tweets(ENGLISH, "en") >= FLOORS["floor"]["event2012_b_cubed"]


def test_french_posts_stand_with_those_about_the_same_event() -> None:
    assert tweets(FRENCH, "fr") >= FLOORS["floor"]["event2018_fr_b_cubed"]


def test_events_stand_out_of_three_times_as_much_chatter() -> None:
    truth, found = noisy()
    assert b_cubed(truth, found).f1 >= FLOORS["floor"]["noisy_b_cubed"]
    assert pure(truth, found) >= FLOORS["floor"]["noisy_precision"]
