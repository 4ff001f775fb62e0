"""Replay: equal bytes however often, in however many partitions, and wherever it was killed in between."""

from __future__ import annotations

import gzip
import json
import random
import re
from pathlib import Path

import pytest

from answerable.app.cli import main
from answerable.app.reading import CHUNK
from answerable.app.replay.read import STRIDE
from answerable.clock import DAY
from tests.e2e import corpus
from tests.e2e.running import KILLED, replay

RESULTS = {"analysed.jsonl", "incidents.jsonl", "alerts.jsonl", "summary.json"}
TOKEN = re.compile(r"\b[0-9a-f]{32}\b")
FORUM = b'"source":"forum","text":"t","published_at"'
BAD = [
    (3, b'{"id":"b1",' + FORUM + b':"2026-03-01T08:00:00"}', "published_at: has no offset"),
    (5, b'{"id":"b2",' + FORUM + b':"2026-03-01T08:00:00Z","kind":"rant"}', "kind: is unknown"),
    (6, b'{"id":"b3","source":"forum","te', "is no JSON object"),
    (9, b"\x89PNG\xff\xfe\x00\x1f", "is no"),
]


def results(folder: Path) -> dict[str, bytes]:
    """Return every file of a replay but its timing, by name."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if name != "timing.json"}


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Name the files that differ: easier to read than the bytes."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def test_a_replay_leaves_its_results_and_nothing_it_worked_with(replayed: Path) -> None:
    names = results(replayed).keys()
    assert {name for name in names if not name.startswith("mail/")} == RESULTS
    assert {path.name for path in replayed.iterdir()} == {*RESULTS, "timing.json", "mail"}
    assert all(re.fullmatch(r"mail/\d{4}-[a-z]+-[\w-]+\.eml", name) for name in names - RESULTS)
    assert [name for name in RESULTS if TOKEN.search((replayed / name).read_text("utf-8"))] == []


def test_a_replay_finds_the_matters_of_the_city_and_mails_them(posts: list[corpus.Line], replayed: Path) -> None:
    titles = " ".join(str(row["title"]) for row in rows(replayed / "incidents.jsonl"))
    assert all(word in titles for word in ("停水", "食堂", "渣土", "城管", "公交"))
    summary = json.loads((replayed / "summary.json").read_bytes())
    assert summary["posts"] == len(posts) > 350
    assert summary["mails"] == len(list((replayed / "mail").iterdir())) > 10


@pytest.mark.parametrize("way", ["-", "in.jsonl.gz"])
def test_the_same_posts_from_standard_input_or_packed_give_the_same_bytes(
    way: str, given: Path, replayed: Path, tmp_path: Path
) -> None:
    plain = (given / "in.jsonl").read_bytes()
    (tmp_path / "in.jsonl.gz").write_bytes(gzip.compress(plain))
    source = way if way == "-" else tmp_path / way
    done = replay(source, tmp_path / "out", given / "desk.toml", stdin=plain if way == "-" else b"")
    assert (done.code, done.err) == (0, "")
    assert differing(results(tmp_path / "out"), results(replayed)) == []


@pytest.mark.parametrize("partitions", [1, 16])
def test_the_number_of_partitions_changes_not_a_byte(
    partitions: int, given: Path, replayed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = replay(given / "in.jsonl", out, given / "desk.toml", "--partitions", str(partitions))
    assert (done.code, done.err) == (0, "")
    assert differing(results(out), results(replayed)) == []


def test_the_order_of_input_lines_decides_the_order_of_output_lines_and_nothing_else(
    posts: list[corpus.Line], given: Path, replayed: Path, tmp_path: Path
) -> None:
    shuffled = random.Random(7).sample(posts, len(posts))  # noqa: S311 — a seeded shuffle
    done = replay(corpus.write(tmp_path / "in.jsonl", shuffled), tmp_path / "out", given / "desk.toml")
    assert (done.code, done.err) == (0, "")
    ours, theirs = results(tmp_path / "out"), results(replayed)
    assert [row["id"] for row in rows(tmp_path / "out/analysed.jsonl")] == [post["id"] for post in shuffled]
    assert sorted(ours.pop("analysed.jsonl").splitlines()) == sorted(theirs.pop("analysed.jsonl").splitlines())
    assert differing(ours, theirs) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "marks",
    [
        ("replay stride appended:1", "replay stride appended:3", "batch closed:1", "replay analyse done"),
        ("batch written:1", "replay batch tracked:1", "replay updates decided:2", "replay track done"),
        ("replay updates decided:30", "replay desk done", "replay write done", "replay told"),
    ],
    ids=["reading", "tracking", "telling"],
)
def test_a_replay_killed_at_any_mark_goes_on_to_the_same_bytes(
    marks: tuple[str, ...], given: Path, replayed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for mark in marks:
        killed = replay(given / "in.jsonl", out, given / "desk.toml", "--resume", kill_at=mark)
        assert killed.code == KILLED, f"{mark} was never passed: {killed.err}"
    done = replay(given / "in.jsonl", out, given / "desk.toml", "--resume")
    assert (done.code, done.err) == (0, "")
    assert differing(results(out), results(replayed)) == []
    assert {path.name for path in out.iterdir()} == {*RESULTS, "timing.json", "mail"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_replay_killed_at_random_moments_goes_on_to_the_same_bytes(
    seed: int, given: Path, replayed: Path, tmp_path: Path
) -> None:
    out, chance, done = tmp_path / "out", random.Random(seed), None  # noqa: S311 — seeded moments
    for _ in range(6):
        done = replay(given / "in.jsonl", out, given / "desk.toml", "--resume", kill_after=chance.uniform(0.5, 3.0))
        assert done.code in (0, KILLED), done.err
    done = replay(given / "in.jsonl", out, given / "desk.toml", "--resume")
    assert (done.code, done.err) == (0, "")
    assert differing(results(out), results(replayed)) == []


@pytest.mark.slow
def test_many_posts_read_and_folded_by_other_processes_go_on_to_the_same_bytes(given: Path, tmp_path: Path) -> None:
    # given more posts than one stride holds
    cities = [(n, line) for n in range(STRIDE * CHUNK // 300) for line in corpus.city(corpus.START + 3 * n * DAY)]
    many = [line | {key: f"{n}-{line[key]}" for key in ("id", "reply_to") if key in line} for n, line in cities]
    assert len(many) > STRIDE * CHUNK
    source, alone, two = corpus.write(tmp_path / "in.jsonl", many), given / "desk.toml", tmp_path / "two.toml"
    two.write_text(alone.read_text("utf-8").replace("workers = 1", "workers = 2"), "utf-8")
    assert replay(source, tmp_path / "alone", alone).code == 0
    # when
    for mark in ("replay stride appended:2", "replay batch tracked:3"):
        killed = replay(source, tmp_path / "out", two, "--resume", kill_at=mark)
        assert killed.code == KILLED, f"{mark} was never passed: {killed.err}"
    done = replay(source, tmp_path / "out", two, "--resume")
    # then
    assert (done.code, done.err) == (0, "")
    assert differing(results(tmp_path / "out"), results(tmp_path / "alone")) == []


def test_a_killed_replay_does_not_go_on_with_another_input_or_other_partitions(
    posts: list[corpus.Line], given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few, fewer = corpus.write(tmp_path / "a", posts[:20]), corpus.write(tmp_path / "b", posts[:19])
    out, desk = tmp_path / "out", str(given / "desk.toml")
    assert replay(few, out, given / "desk.toml", kill_at="replay stride appended").code == KILLED
    common = ["--out", str(out), "--resume", "--settings", desk]
    assert main(["replay", str(fewer), *common]) == 3
    assert main(["replay", str(few), *common, "--partitions", "5"]) == 3
    said = capsys.readouterr().err
    assert said.count("other settings, places, models or another number of partitions; name the same ones") == 2


def test_a_replay_that_is_done_is_not_taken_for_one_of_another_input_or_other_settings(
    posts: list[corpus.Line], given: Path, replayed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before, common = results(replayed), ["--out", str(replayed), "--resume", "--settings", str(given / "desk.toml")]
    assert main(["replay", str(given / "in.jsonl"), *common]) == 0
    fewer = corpus.write(tmp_path / "in.jsonl", posts[:-1])
    assert main(["replay", str(fewer), *common]) == 3
    assert main(["replay", str(given / "in.jsonl"), *common, "--tier", "fast", "--taxonomy", "en-civic"]) == 3
    assert capsys.readouterr().err.count("was begun with another input, other settings, places, models") == 2
    assert results(replayed) == before


def test_a_folder_that_holds_something_is_left_alone(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    words = ["replay", str(given / "in.jsonl"), "--out", str(tmp_path), "--settings", str(given / "desk.toml")]
    assert main(words) == 3
    assert f"{tmp_path}: is not empty; name a new folder, or add --resume" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_bad_lines_are_told_by_number_and_skipped_and_nothing_else_is_lost(
    posts: list[corpus.Line], given: Path, replayed: Path, tmp_path: Path
) -> None:
    mixed = (given / "in.jsonl").read_bytes().splitlines()
    for number, line, _ in BAD:
        mixed.insert(number - 1, line)
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(mixed))
    done = replay(source, tmp_path / "out", given / "desk.toml")
    assert done.code == 5
    told = done.err.splitlines()
    assert len(told) == len(BAD) + 1
    assert all(line.startswith(f"{source}:{n}: {why}") for line, (n, _, why) in zip(told[:-1], BAD, strict=True))
    assert told[-1] == f"{source}: 4 bad lines skipped, {len(posts)} read"
    assert differing(results(tmp_path / "out"), results(replayed)) == ["summary.json"]
    assert json.loads((tmp_path / "out/summary.json").read_bytes())["bad_lines"] == len(BAD)


def test_strict_stops_at_the_first_bad_line_and_leaves_no_folder(
    posts: list[corpus.Line], given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes((given / "in.jsonl").read_bytes() + BAD[0][1])
    words = ["replay", str(source), "--out", str(tmp_path / "out"), "--strict"]
    assert main([*words, "--settings", str(given / "desk.toml")]) == 1
    assert f"{source}:{len(posts) + 1}: published_at: has no offset" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_post_that_comes_twice_is_one_post_with_two_lines(
    posts: list[corpus.Line], given: Path, replayed: Path, tmp_path: Path
) -> None:
    doubled = [*posts, *posts[:50]]
    done = replay(corpus.write(tmp_path / "in.jsonl", doubled), tmp_path / "out", given / "desk.toml")
    assert done.code == 0
    lines = (tmp_path / "out/analysed.jsonl").read_bytes().splitlines()
    assert lines[len(posts) :] == lines[:50]
    assert differing(results(tmp_path / "out"), results(replayed)) == ["analysed.jsonl", "summary.json"]


def test_no_posts_are_a_replay_too(given: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.touch()
    assert main(["replay", str(source), "--out", str(tmp_path / "out"), "--settings", str(given / "desk.toml")]) == 0
    assert {name: data for name, data in results(tmp_path / "out").items() if name != "summary.json"} == {
        "analysed.jsonl": b"", "incidents.jsonl": b"", "alerts.jsonl": b"",
    }  # fmt: skip
