"""Rules tried on a week of Lanting City: they send what a replay sends, and a little disorder changes little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.trial.sent import Sent, send
from answerable.clock import show
from answerable.settings import load
from bench.shuffled import heard, share, shuffled
from crawlers.border import RawItem
from tests.e2e import corpus


def tried(items: list[RawItem], given: Path, folder: Path) -> Sent:
    folder.mkdir()
    settings = load(given / "desk.toml", {})
    return send(items, settings, wiring.register(settings), folder)


def test_a_trial_tells_the_alerts_and_mails_of_a_replay(
    posts: list[corpus.Line], given: Path, replayed: Path, tmp_path: Path
) -> None:
    sent = tried(corpus.items(posts), given, tmp_path / "trial")
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
    items = corpus.items(posts)
    plain = tried(items, given, tmp_path / "plain")
    other = tried(shuffled(items, seed), given, tmp_path / "shuffled")
    assert share(heard(plain), heard(other)) >= 0.98
