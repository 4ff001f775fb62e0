"""`answerable gazetteer suggest`: names that many people write and that no gazetteer lists, and nobody's own."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from answerable.app.cli import main
from nlp.gazetteer import COLUMNS, Gazetteer

GAZETTEER = """id,parent,level,name,aliases,lat,lon,kind
1,,city,澜汀市,澜汀|Lanting,,,
11,1,district,临河区,,,,
12,1,district,和平区,,,,
111,11,street,桥西路,,,,
"""
DAY = "2026-03-01T08:00:00Z"
SAID = (
    ("临河区金岚小区停水三天了，请尽快恢复供水", 6),
    ("请问开元路为什么还不修？住在开元路的人都睡不着", 7),
    ("澜汀市临河区桥西路的路灯坏了", 9),  # listed
    ("道路不平，我们小区门口的马路没人管，社区也不管", 9),  # words for kinds of place
    ("在赤岩路口看到的，赤岩路没有路灯", 3),  # too few
    ("王小路老师在学校打人，请处理王小路老师", 8),
    ("又见林小街，大家找林小街", 7),
    ("The lamps in Alder St are out, and so is the one near Northgate", 6),
    ("No water in Alder Street since Monday, says Mary Hill", 2),
    ("Ada Quill sings tonight", 30),
    ("the queue at Ada Quill Hall is long, and people at Ada Quill's house, too", 6),
    ("Fire In Westbury Today", 9),
    ("John Park told me so. In March it was worse, in English too", 9),
)


@pytest.fixture
def gazetteer(tmp_path: Path) -> Path:
    path = tmp_path / "gazetteer.csv"
    path.write_text(GAZETTEER, "utf-8")
    return path


def posts(path: Path, said: Iterable[tuple[str, int]], author: str = "p{}") -> Path:
    numbered = [text for text, count in said for _ in range(count)]
    lines = [
        {"id": str(n), "source": "board", "text": text, "author": author.format(n), "published_at": DAY}
        for n, text in enumerate(numbered)
    ]  # fmt: skip
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    return path


def suggested(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    assert main(["gazetteer", "suggest", *words]) == 0
    return list(csv.DictReader(capsys.readouterr().out.splitlines(), COLUMNS))


def test_names_that_enough_people_write_are_rows_for_the_gazetteer(
    tmp_path: Path, gazetteer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = posts(tmp_path / "posts.jsonl", SAID)
    found = suggested(capsys, str(source), "--gazetteer", str(gazetteer))
    assert [(row["name"], row["level"], row["parent"], row["aliases"], row["kind"]) for row in found] == [
        ("Alder Street", "street", "", "Alder St", "named by 8"),
        ("开元路", "street", "", "", "named by 7"),
        ("Northgate", "site", "", "", "named by 6"),
        ("金岚小区", "neighbourhood", "11", "", "named by 6"),
    ]
    with gazetteer.open("a", encoding="utf-8") as file:
        csv.writer(file).writerows([row[column] for column in COLUMNS] for row in found)
    assert len(Gazetteer.load(gazetteer).places) == 8
    assert suggested(capsys, str(source), "--gazetteer", str(gazetteer)) == []


def test_one_person_who_writes_often_suggests_nothing(
    tmp_path: Path, gazetteer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = posts(tmp_path / "posts.jsonl", [("开元路又停水了，金岚小区也是", 40)], author="one")
    assert suggested(capsys, str(source), "--gazetteer", str(gazetteer)) == []


def test_as_many_as_asked_for_and_bad_lines_are_told(
    tmp_path: Path, gazetteer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = posts(tmp_path / "posts.jsonl", SAID)
    words = [str(source), "--gazetteer", str(gazetteer), "--most", "1"]
    assert [row["name"] for row in suggested(capsys, *words)] == ["Alder Street"]
    with source.open("a", encoding="utf-8") as file:
        file.write("\nnot json")
    assert main(["gazetteer", "suggest", *words]) == 5
