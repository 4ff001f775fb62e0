"""Rules tried on a week of Lanting City: they send what a replay sends, and a little disorder changes little."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.trial.sent import Said, Sent, send
from answerable.clock import MINUTE, parse, show
from answerable.settings import load
from tests.e2e import corpus

WITHIN = 10 * MINUTE


def tried(posts: list[corpus.Line], given: Path, folder: Path) -> Sent:
    folder.mkdir()
    settings = load(given / "desk.toml", {})
    return send(corpus.items(posts), settings, wiring.register(settings), folder)


def shuffled(posts: list[corpus.Line], seed: int) -> list[corpus.Line]:
    """Return posts whose arrivals are dealt out anew among those of the same ten minutes."""
    chance = random.Random(seed)  # noqa: S311 — a seeded shuffle
    windows: dict[int, list[corpus.Line]] = {}
    for post in posts:
        windows.setdefault(parse(str(post["fetched_at"])) // WITHIN, []).append(post)
    found = []
    for window in windows.values():
        arrivals = [post["fetched_at"] for post in window]
        chance.shuffle(arrivals)
        found += [post | {"fetched_at": at} for post, at in zip(window, arrivals, strict=True)]
    return found


def same(one: Said, other: Said) -> bool:
    """Tell whether two alerts say the same of the same posts, at about the same time."""
    ours, theirs = set(one.posts), set(other.posts)
    told = (one.kind, one.level, one.rule) == (other.kind, other.level, other.rule)
    return told and abs(one.at - other.at) <= 2 * WITHIN and 2 * len(ours & theirs) >= len(ours | theirs)


def test_a_trial_tells_the_alerts_and_mails_of_a_replay(
    posts: list[corpus.Line], given: Path, replayed: Path, tmp_path: Path
) -> None:
    sent = tried(posts, given, tmp_path / "trial")
    rows = [json.loads(line) for line in (replayed / "alerts.jsonl").read_bytes().splitlines()]
    assert [(show(said.at), said.incident, said.kind, said.level, said.rule) for said in sent.alerts] == [
        (row["at"], row["incident"], row["kind"], row["level"], row["rule"]) for row in rows
    ]
    assert list(sent.mails) == sorted(path.stem for path in (replayed / "mail").iterdir())
    assert all(said.posts for said in sent.alerts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_posts_shuffled_within_ten_minutes_give_the_same_alerts(
    seed: int, posts: list[corpus.Line], given: Path, tmp_path: Path
) -> None:
    plain = tried(posts, given, tmp_path / "plain").alerts
    other = tried(shuffled(posts, seed), given, tmp_path / "shuffled").alerts
    kept = sum(any(same(said, heard) for heard in other) for said in plain)
    assert kept >= 0.98 * len(plain)
    assert abs(len(other) - len(plain)) <= 0.02 * len(plain)
