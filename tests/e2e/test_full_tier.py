"""The full tier through the real commands: the same bytes twice, for any batches and any partitions.

The classifier is made here and quantised as any other is: a network that quantises what it reads answers otherwise
in a batch than alone, so whoever reads two posts at once is found out.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import structs

from answerable.app.cli import main
from nlp.export import export
from tests.e2e import corpus
from tests.e2e.conftest import Made
from tests.e2e.running import replay
from tests.e2e.test_replay import differing, results
from tests.nlp.tiny import SAID, tiny

KNOWN = ("good", "bad", "water", "lamp", "the")  # to the classifier; posts of the city speak Chinese besides
Lines = dict[str, bytes]


@pytest.fixture(scope="module")
def posts(posts: list[corpus.Line]) -> list[corpus.Line]:
    """Return half of the week, each post with one to seven words that the classifier knows."""
    words = (" ".join(KNOWN[(n + k) % 5] for k in range(1 + n % 7)) for n in range(len(posts)))
    return [post | {"text": f"{post['text']} {some}"} for post, some in zip(posts, words, strict=True)][::2]


@pytest.fixture(scope="module")
def desk(once: Made, posts: list[corpus.Line]) -> Path:
    """Return a folder with the posts, and the settings of a desk in either tier; the full one has the classifier."""

    def fill(folder: Path) -> None:
        corpus.write(folder / "in.jsonl", posts)
        fast = corpus.settings_text(folder / "data")
        (folder / "fast.toml").write_text(fast, "utf-8")
        full = fast.replace("[nlp]\n", '[nlp]\ntier = "full"\nmodels = ["tiny"]\n')
        (folder / "full.toml").write_text(full, "utf-8")
        said = structs.replace(SAID, languages=("zh", "en"), weight=0.7)
        export(tiny(folder / "float", None), folder / "tiny", said)
        assert main(["models", "add", str(folder / "tiny"), "--settings", str(folder / "full.toml")]) == 0

    return once("full-tier", fill)


@pytest.fixture(scope="module")
def whole(desk: Path, posts: list[corpus.Line], tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Return what `analyse` writes of each post in the full tier, by id."""
    return analysed(desk, "full", tmp_path_factory.mktemp("whole") / "out", posts)


def analysed(desk: Path, tier: str, out: Path, lines: list[corpus.Line]) -> Lines:
    """Analyse lines by the command; return what it wrote of each, by id."""
    source = corpus.write(out.with_suffix(".in"), lines)
    assert main(["analyse", str(source), "--out", str(out), "--settings", str(desk / f"{tier}.toml")]) == 0
    found = out.read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in found] == [line["id"] for line in lines]
    return {str(post["id"]): line for post, line in zip(lines, found, strict=True)}


def test_only_posts_in_doubt_are_read_again_and_only_their_sentiment_changes(
    desk: Path, posts: list[corpus.Line], whole: Lines, tmp_path: Path
) -> None:
    fast = analysed(desk, "fast", tmp_path / "fast", posts)
    again = [post for post in whole if whole[post] != fast[post]]
    assert 0.05 < len(again) / len(posts) < 0.6
    for post in again:
        slow, quick = json.loads(whole[post]), json.loads(fast[post])
        assert slow.pop("sentiment") != quick.pop("sentiment")
        assert slow == quick


def test_analyse_gives_the_same_bytes_in_any_batches(
    desk: Path, posts: list[corpus.Line], whole: Lines, tmp_path: Path
) -> None:
    assert analysed(desk, "full", tmp_path / "turned", posts[::-1]) == whole  # each post in other company
    few = analysed(desk, "full", tmp_path / "few", posts[3:10])
    assert few == {post: whole[post] for post in few}


def test_a_replay_gives_the_same_bytes_in_any_partitions_and_other_processes(
    desk: Path, whole: Lines, tmp_path: Path
) -> None:
    source, settings = desk / "in.jsonl", desk / "full.toml"
    done = replay(source, tmp_path / "one", settings, "--partitions", "1")
    assert (done.code, done.err) == (0, "")
    words = ["replay", str(source), "--out", str(tmp_path / "five"), "--partitions", "5", "--settings", str(settings)]
    assert main(words) == 0
    one = results(tmp_path / "one")
    assert differing(results(tmp_path / "five"), one) == []
    told = [json.loads(line) for line in one["analysed.jsonl"].splitlines()]
    assert {row["id"]: row["sentiment"] for row in told} == {
        post: json.loads(line)["sentiment"] for post, line in whole.items()
    }
