"""The files that other programs read: every line has the keys, the order and the times that were promised."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e import corpus

Row = dict[str, object]
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LEVELS = {"watch", "yellow", "orange", "red"}
EVIDENCE = {"name", "value", "baseline"}
SHAPES = {
    "analysed.jsonl": {
        "": {
            "id", "lang", "sentiment", "emotion", "topics", "places", "area", "demands", "harm", "terms",
            "duplicate_of", "group", "incident",
        },
        "sentiment": {"label", "p"}, "sentiment.p": {"negative", "neutral", "positive"},
        "emotion": {"label", "p"}, "emotion.p": {"anger", "fear", "joy", "none", "sadness", "surprise"},
        "topics": {"id", "p"}, "places": {"id", "start", "end", "text", "p"},
        "demands": {"act", "start", "end", "text", "to"}, "harm": {"class", "kind"},
    },
    "incidents.jsonl": {
        "": {
            "id", "title", "area", "topics", "opened_at", "closed_at", "first_post", "posts", "authors", "sources",
            "duplicates", "vanished", "level", "peak_at", "peak_per_hour", "history", "demands", "indicators",
            "links",
        },
        "authors": {"least", "most"}, "history": {"at", "level", "why"}, "history.why": EVIDENCE,
        "demands": {"act", "category", "to", "residents", "first_at", "answered_at"},
        "indicators": {
            "demand_unmet", "economic_demand", "harm", "participants_widening", "handling_difficulty", "regions"
        },
    },
    "alerts.jsonl": {"": {"at", "incident", "kind", "level", "rule", "why"}, "why": EVIDENCE},
}  # fmt: skip


def shapes(value: object, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the keys of every object in a row, by its path."""
    if isinstance(value, list):
        for one in value:
            yield from shapes(one, path)
    if isinstance(value, dict):
        yield path, frozenset(value)
        for key, one in value.items():
            yield from shapes(one, f"{path}.{key}".lstrip("."))


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def texts(value: object) -> Iterator[str]:
    """Yield every string in a row."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


@pytest.mark.parametrize("name", SHAPES)
def test_every_object_has_exactly_the_keys_that_were_promised(name: str, replayed: Path) -> None:
    found = {shape for row in rows(replayed / name) for shape in shapes(row)}
    wanted = {(path, frozenset(keys)) for path, keys in SHAPES[name].items()}
    assert {shape for shape in found if shape[0] in SHAPES[name]} == wanted


@pytest.mark.parametrize("name", [*SHAPES, "summary.json", "timing.json"])
def test_lines_have_sorted_keys_no_spaces_and_end_with_a_line_feed(name: str, replayed: Path) -> None:
    data = (replayed / name).read_bytes()
    assert data.endswith(b"\n")
    assert b"\r" not in data
    for line in data.splitlines():
        row = json.loads(line)
        assert [key for key, _ in json.loads(line, object_pairs_hook=list)] == sorted(row)
        again = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        assert len(again) == len(line)


@pytest.mark.parametrize("name", ["incidents.jsonl", "alerts.jsonl"])
def test_times_are_utc_with_seconds_and_nothing_else_looks_like_one(name: str, replayed: Path) -> None:
    dated = [text for row in rows(replayed / name) for text in texts(row) if re.match(r"\d{4}-\d\d-\d\d", text)]
    assert len(dated) > 5
    assert [text for text in dated if not TIME.fullmatch(text)] == []


def test_lines_of_posts_come_in_input_order_and_offsets_count_code_points(
    posts: list[corpus.Line], replayed: Path
) -> None:
    analysed = rows(replayed / "analysed.jsonl")
    assert [row["id"] for row in analysed] == [post["id"] for post in posts]
    named = 0
    for post, row in zip(posts, analysed, strict=True):
        body = f"{post['title']}\n{post['text']}" if post.get("title") else str(post["text"])
        for key in ("places", "demands"):
            for part in row[key]:  # type: ignore[attr-defined] # a list of objects
                assert body[part["start"] : part["end"]] == part["text"]
                named += 1
    assert named > 300


def test_at_most_three_topics_come_best_first_with_probabilities(replayed: Path) -> None:
    for row in rows(replayed / "analysed.jsonl"):
        likely: list[float] = [topic["p"] for topic in row["topics"]]  # type: ignore[attr-defined] # as above
        assert likely == sorted(likely, reverse=True)
        assert len(likely) <= 3
        for head in ("sentiment", "emotion"):
            p: dict[str, float] = row[head]["p"]  # type: ignore[index] # as above
            assert sum(p.values()) == pytest.approx(1, abs=0.002)
            assert row[head]["label"] == max(p, key=lambda label: p[label])  # type: ignore[index] # as above


def test_incidents_come_in_order_of_opening_and_count_the_posts_that_point_to_them(
    posts: list[corpus.Line], replayed: Path
) -> None:
    incidents = rows(replayed / "incidents.jsonl")
    assert [row["opened_at"] for row in incidents] == sorted(str(row["opened_at"]) for row in incidents)
    known = {row["id"] for row in incidents}
    analysed = zip(posts, rows(replayed / "analysed.jsonl"), strict=True)
    pointing = [row["incident"] for post, row in analysed if post["kind"] != "official"]
    assert set(pointing) - {None} <= known
    for row in incidents:
        assert row["level"] in LEVELS
        assert pointing.count(row["id"]) == row["posts"]
        assert all(link in known for link in row["links"])  # type: ignore[attr-defined] # a list


def test_alerts_come_in_order_and_say_what_and_why(replayed: Path) -> None:
    alerts = rows(replayed / "alerts.jsonl")
    assert all(str(one["at"]) <= str(other["at"]) for one, other in pairwise(alerts))
    assert {str(row["kind"]) for row in alerts} <= {"open", "update", "raise", "merge", "close", "digest"}
    assert {str(row["level"]) for row in alerts} <= LEVELS
    assert all(row["rule"] and row["why"] for row in alerts)


def test_timing_tells_speed_and_memory_by_stage(replayed: Path) -> None:
    timing = json.loads((replayed / "timing.json").read_bytes())
    assert timing.keys() == {"posts", "replay", "posts_per_second", "wall_s", "cpu_s", "peak_rss_mb", "stages"}
    assert {"analyse", "track", "desk"} <= timing["stages"].keys()
    assert all(stage["posts_per_second"] > 0 for stage in timing["stages"].values())
