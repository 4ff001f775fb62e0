"""`answerable forecast`: a line out for every good line in; bad lines are told by number, with the repair."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from answerable.app.cli import EXIT, main

EARLY = [60 * i for i in range(50)]
GROWING: dict[str, object] = {"id": "a", "start": "2026-03-01T16:00:00+08:00", "events": [*EARLY, 9000, 90000]}
SMALL = {"id": 7, "start": "2026-03-01T03:00:00Z", "events": [0, 5.5, 4000]}


def written(path: Path, *lines: object) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def foreseen(source: Path, out: Path, *more: str) -> list[dict[str, object]]:
    assert main(["forecast", str(source), "--out", str(out), "--observe", "1h", *more]) == 0
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_a_line_says_what_the_format_promises_in_input_order(tmp_path: Path) -> None:
    found = foreseen(written(tmp_path / "in.jsonl", GROWING, SMALL), tmp_path / "out.jsonl")
    assert [(row["id"], row["seen"]) for row in found] == [("a", 50), (7, 2)]
    assert all(set(row) == {"final", "id", "p_double", "p_supercritical", "seen"} for row in found)
    first = (tmp_path / "out.jsonl").read_bytes().splitlines()[0]
    assert first.startswith(b'{"final":{"p10":')
    assert b" " not in first


def test_only_events_inside_the_observed_time_count(tmp_path: Path) -> None:
    cut = {**GROWING, "events": EARLY}
    whole = foreseen(written(tmp_path / "in.jsonl", GROWING), tmp_path / "out.jsonl")
    assert foreseen(written(tmp_path / "cut.jsonl", cut), tmp_path / "cut_out.jsonl") == whole


def test_one_instant_is_one_forecast_however_it_is_written(tmp_path: Path) -> None:
    moved = {**GROWING, "start": "2026-03-01T08:00:00Z"}
    first, second = foreseen(written(tmp_path / "in.jsonl", GROWING, moved), tmp_path / "out.jsonl")
    assert first == second


def test_the_hour_of_day_is_that_of_the_zone(tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", GROWING)
    here = foreseen(source, tmp_path / "a.jsonl")
    assert foreseen(source, tmp_path / "b.jsonl", "--timezone", "America/New_York") != here


def test_a_compressed_file_gives_the_same_lines_and_equal_runs_equal_bytes(tmp_path: Path) -> None:
    plain = foreseen(written(tmp_path / "in.jsonl", GROWING, SMALL), tmp_path / "out.jsonl")
    assert foreseen(written(tmp_path / "in.jsonl.gz", GROWING, SMALL), tmp_path / "again.jsonl") == plain
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "is no JSON object; write"),
        ({"id": "b", "events": [1]}, "Object missing required field `start`; write"),
        ({"id": "b", "start": "2026-03-01T08:00:00", "events": [1]}, "write one like 2026-03-01T08:00:00Z"),
        ({"id": "b", "start": "soon", "events": [1]}, "start: is no time with an offset"),
        ({"id": "b", "start": "2026-03-01T08:00:00Z", "events": ["x"]}, "Expected `float`, got `str`"),
        ('{"id":"b","start":"2026-03-01T08:00:00Z","events":[1e999]}', "write"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_repair_and_the_rest_goes_on(
    line: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written(tmp_path / "in.jsonl", GROWING, line, SMALL), tmp_path / "out.jsonl"
    assert main(["forecast", str(source), "--out", str(out), "--observe", "1h"]) == EXIT["set aside"]
    said = capsys.readouterr().err
    assert f"{source}:2: " in said
    assert told in said
    assert "1 bad lines skipped, 2 read" in said
    assert len(out.read_bytes().splitlines()) == 2


def test_strict_stops_at_the_first_bad_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = written(tmp_path / "in.jsonl", "?", GROWING)
    code = main(["forecast", str(source), "--out", str(tmp_path / "o"), "--observe", "1h", "--strict"])
    assert code == EXIT["failed"]
    assert f"{source}:1: " in capsys.readouterr().err


def test_a_missing_file_names_itself_and_the_repair(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "none.jsonl"
    code = main(["forecast", str(missing), "--out", str(tmp_path / "o"), "--observe", "1h"])
    assert code == EXIT["settings"]
    assert f"{missing}: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("span", ["1x", "0h", "", "-1h", "400d"])
def test_a_wrong_span_shows_how_to_write_one(span: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["forecast", "x", "--out", str(tmp_path / "o"), f"--observe={span}"])
    assert ended.value.code == EXIT["usage"]
    assert "write one like 15m, 1h or 2d" in capsys.readouterr().err
