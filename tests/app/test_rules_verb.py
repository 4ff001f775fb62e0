"""`answerable rules test`: what would have been sent, beside labels; bad labels are told by line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from answerable.app.cli import EXIT, main
from answerable.app.trial.judge import about, judge, known, tally
from answerable.app.trial.labels import read_labels
from answerable.app.trial.sent import Said, Sent
from answerable.clock import HOUR, show
from answerable.errors import Rejected
from answerable.incident import Level

START = 1772352000
RULES = """
- {id: many, when: {posts: ">= 6"}, level: orange}
"""
STREETS = ("水厂路", "渡口路", "桥南路", "北门街", "花园路", "东港路", "柳树街", "学府路")
ASKED = (
    "居民没有水用，请自来水公司尽快恢复供水。",
    "打电话无人接听，自来水公司何时恢复供水？",
    "老人孩子都要用水，请安排送水车。",
    "事先没有任何停水通知，请说明原因。",
    "自来水公司说管道破裂，修了三天还没修好。",
    "做饭洗衣都成问题，盼早日恢复供水。",
    "整条街的水龙头一滴水都没有。",
    "请公布停水的原因和恢复供水的时间。",
)


def water(count: int = 8) -> list[dict[str, object]]:
    """Return letters of different people on one matter, twenty minutes apart."""
    return [
        {
            "id": f"w{number}", "source": "letters", "kind": "letter", "title": f"{STREETS[number]}停水三天",
            "text": f"澜汀市{STREETS[number]}自来水停水三天了，{ASKED[number]}",
            "author": f"a{number}", "published_at": show(START + number * HOUR // 3),
        }
        for number in range(count)
    ]  # fmt: skip


def lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    posts = lines(tmp_path / "in.jsonl", water())
    return ["rules", "test", "--rules", str(tmp_path / "rules.yaml"), "--posts", str(posts)]


def answer(words: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main([*words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_rule_says_what_it_would_have_sent(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(words, capsys)
    assert found["posts"] == 8
    assert found["labels"] is None
    assert found["sent"]["incidents"] == 1
    assert found["sent"]["rules"]["many"]["alerts"] >= 1
    assert found["sent"]["mails"] >= 1


def test_labels_tell_precision_recall_and_lead(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked: list[dict[str, object]] = [{"id": f"w{number}", "incident": "water"} for number in range(8)]
    path = lines(tmp_path / "labels.jsonl", [*marked, {"id": "elsewhere", "incident": "ferry"}])
    assert main([*words, "--labels", str(path), "--json"]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)["labels"]
    assert (found["precision"], found["recall"], found["right"], found["wrong"]) == (1.0, 1.0, 1, 0)
    assert 1.0 <= found["hours_after_first_post"] <= 2.5
    assert list(found["matters"]) == ["water"]
    assert told.err == f"{path}: 1 labels name posts that are not in IN; they do not count\n"


def test_a_person_reads_the_same_in_words(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(tmp_path / "labels.jsonl", [{"id": "w0", "incident": "water"}])
    assert main([*words, "--labels", str(path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("8 posts: ")
    assert "precision 0 (0 right, 1 about no labelled matter)   recall 0 (0 of 1 matters)" in told
    assert "  water  1 posts, no alert\n" in told


def test_equal_trials_are_equal_bytes_in_any_number_of_partitions(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer([*words, "--partitions", "1"], capsys) == answer([*words, "--partitions", "16"], capsys)


def test_no_posts_send_nothing(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in.jsonl").write_text("", "utf-8")
    found = answer(words, capsys)["sent"]
    assert (found["alerts"], found["incidents"], found["mails"], found["mails_per_incident"]) == (0, 0, 0, None)


def test_bad_labels_are_told_by_line_with_the_repair_and_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "labels.jsonl.gz"
    path.write_bytes(gzip.compress(
        b'{"id":"1","incident":"a"}\n\n{"id":"2"}\nnothing\n{"id":[],"incident":"a"}\n{"id":"3","incident":null}\n'
        b'{"id":"1","incident":"b"}\n{"id":7,"incident":"a"}\n'
    ))  # fmt: skip
    read = read_labels(path)
    assert (read.matters, read.bad) == ({"1": "a", "7": "a"}, 4)
    repair = 'write {"id":"…","incident":"…"}'
    assert capsys.readouterr().err.splitlines() == [
        f"{path}:3: has no incident; {repair}",
        f"{path}:4: is no JSON object; {repair}",
        f"{path}:5: id or incident is no word; {repair}",
        f"{path}:7: gives a post a second incident; leave one of the lines",
        f"{path}: 4 bad lines skipped, 2 labels read",
    ]
    with pytest.raises(Rejected, match=r"labels\.jsonl\.gz:3: has no incident"):
        read_labels(path, strict=True)


def test_bad_labels_end_in_the_code_for_what_was_set_aside(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels").write_bytes(b"\xff\xfe\n")
    assert main([*words, "--labels", str(tmp_path / "labels")]) == EXIT["set aside"]
    assert "labels:1: is no JSON object" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rules", "said"), [("- {id: many, wehn: {posts: '>= 6'}}", "did you mean 'when'"), ("- {id: x}", "rules.yaml")]
)
def test_rules_that_cannot_be_meant_are_told_before_the_work(
    rules: str, said: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules.yaml").write_text(rules, "utf-8")
    assert main(words) == EXIT["settings"]
    assert said in capsys.readouterr().err


def test_a_file_of_labels_that_is_not_there_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--labels", "nowhere.jsonl"]) == EXIT["settings"]
    assert "nowhere.jsonl: cannot be read: No such file or directory; check the path" in capsys.readouterr().err


def spoken(at: int, incident: str, *posts: str, kind: str = "open") -> Said:
    return Said(at, incident, kind, Level.ORANGE, "many", posts)


def test_an_incident_is_right_where_half_of_what_it_stood_on_carries_one_label() -> None:
    labels = {"1": "a", "2": "a", "3": "b"}
    matters = known(labels, [("1", 0), ("2", HOUR), ("3", 0), ("4", 0), ("5", 2 * HOUR)])
    first = [spoken(HOUR, "x", "1", "2"), spoken(0, "y", "3", "4", "5")]
    verdict = judge(first, labels, matters, 2)
    assert (verdict.precision, verdict.recall, verdict.recall_of_k) == (0.5, 0.5, 1.0)
    assert (verdict.hours_after_first_post, verdict.hours_before_peak) == (1.0, -1.0)
    assert about(("3", "4"), labels) == "b"


def test_mergers_and_endings_are_no_first_word_and_digests_no_mails_about_one_incident() -> None:
    alerts = (
        spoken(1, "x"),
        spoken(2, "x", kind="raise"),
        spoken(3, "y", kind="merge"),
        spoken(4, "x", kind="close"),
    )
    counted = tally(Sent(alerts, ("0001-open-x", "0002-digest-desk", "0003-raise-x")))
    assert (counted.alerts, counted.incidents, counted.mails, counted.digests) == (4, 1, 2, 1)
    assert counted.mails_per_incident == 2.0
    assert counted.kinds["merge"] == {"orange": 1}
