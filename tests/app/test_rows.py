from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from answerable.app.rows import analysed_row, write_lines
from answerable.post import Analysis, Demand, Harm, HarmClass, Kind, PlaceMention, Post, Reading, Term, Topic

POST = Post(id="x", source="s", kind=Kind.LETTER, title="停水", text="请恢复供水", published_at=0, fetched_at=0)
ANALYSIS = Analysis(
    lang="zh", sentiment=Reading("negative", {"negative": 1.0}), emotion=Reading("anger", {"anger": 1.0}),
    topics=(Topic("urban.water", 0.9),), places=(PlaceMention("9901", 0, 2, "停水", 0.5),), area="9901",
    demands=(Demand("恢复供水", "restore", 3, 8, "water-bureau"),), harm=(Harm(HarmClass.SERVICE, "water"),),
    terms=(Term("停水", 100),),
)  # fmt: skip


def test_a_line_says_what_the_format_promises_and_nothing_else() -> None:
    row = analysed_row("1203", POST, ANALYSIS)
    assert set(row) == {
        "id", "lang", "sentiment", "emotion", "topics", "places", "area", "demands", "harm", "terms",
    }  # fmt: skip
    assert row["demands"] == [{"act": "恢复供水", "start": 3, "end": 8, "text": "请恢复供水", "to": "water-bureau"}]
    assert row["harm"] == [{"class": "service", "kind": "water"}]


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_equal_rows_are_equal_bytes_also_compressed(tmp_path: Path, name: str) -> None:
    row = analysed_row("1203", POST, ANALYSIS)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        assert write_lines(tmp_path / folder / name, [row, row]) == 2
    data = (tmp_path / "a" / name).read_bytes()
    assert data == (tmp_path / "b" / name).read_bytes()
    assert (gzip.decompress(data) if name.endswith("gz") else data).count(b"\n") == 2
