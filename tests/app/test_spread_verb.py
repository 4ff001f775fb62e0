"""`answerable spread`: a row out for every row in, judged by rows before it alone; bad rows are told by line."""

from __future__ import annotations

import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from answerable.app.cli import EXIT, main

START = datetime(2026, 3, 1, tzinfo=UTC)


def series(rows: int = 900, burst: int = 700) -> list[str]:
    """Return five-minute counts with one outburst, naive times."""
    made = []
    for row in range(rows):
        at = (START + timedelta(minutes=5 * row)).strftime("%Y-%m-%d %H:%M:%S")
        made.append(f"{at},{2 + row % 3 + (40 if burst <= row < burst + 12 else 0)}")
    return made


def written(path: Path, rows: list[str]) -> Path:
    text = "timestamp,value\n" + "".join(f"{row}\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def judged(path: Path, out: Path) -> list[str]:
    assert main(["spread", str(path), "--out", str(out)]) == 0
    return out.read_text("utf-8").splitlines()


def test_an_outburst_is_told_once_and_every_row_comes_back_as_it_was(tmp_path: Path) -> None:
    rows = series()
    found = judged(written(tmp_path / "in.csv", rows), tmp_path / "out.csv")

    assert found[0] == "timestamp,value,anomaly_score,alarm"
    assert [line.rsplit(",", 2)[0] for line in found[1:]] == rows
    alarms = [number for number, line in enumerate(found[1:]) if line.endswith(",1")]
    assert alarms == [700]
    scores = [float(line.split(",")[2]) for line in found[1:]]
    assert [number for number, score in enumerate(scores) if score >= 0.5] == alarms
    assert 0 <= min(scores) <= max(scores) <= 1


def test_a_row_depends_on_no_later_row(tmp_path: Path) -> None:
    whole = judged(written(tmp_path / "in.csv", series()), tmp_path / "out.csv")
    part = judged(written(tmp_path / "part.csv", series(705)), tmp_path / "part_out.csv")
    assert part == whole[:706]


def test_a_compressed_series_gives_the_same_rows_and_a_compressed_file_where_asked(tmp_path: Path) -> None:
    plain = judged(written(tmp_path / "in.csv", series()), tmp_path / "out.csv")
    packed = tmp_path / "out.csv.gz"
    assert main(["spread", str(written(tmp_path / "in.csv.gz", series())), "--out", str(packed)]) == 0
    assert gzip.decompress(packed.read_bytes()).decode().splitlines() == plain


def test_standard_input_and_output_are_named_by_a_hyphen(tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", series())
    ran = subprocess.run(
        [sys.executable, "-m", "answerable", "spread", "-", "--out", "-"],
        input=path.read_bytes(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert ran.stdout.decode().splitlines() == judged(path, tmp_path / "out.csv")


def test_bad_rows_are_told_with_their_line_and_the_repair_and_the_others_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = series(40)
    rows[3:3] = ["yesterday,4", "2026-03-01 00:15:00,many", "2026-03-01 00:15:00", "2026-03-01 00:15:00,nan"]
    path, out = written(tmp_path / "in.csv", rows), tmp_path / "out.csv"

    assert main(["spread", str(path), "--out", str(out)]) == EXIT["set aside"]

    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"{path}:5: timestamp: is no time; write 2026-")
    assert told[1] == f"{path}:6: value: is no finite number; write one such as 12 or 0.5"
    assert told[2] == f"{path}:7: has 1 columns instead of 2; write timestamp,value"
    assert told[3].startswith(f"{path}:8: value")
    assert told[4] == f"{path}: 4 bad rows skipped, 40 judged"
    assert len(out.read_text("utf-8").splitlines()) == 41


@pytest.mark.parametrize("content", [b"", b"time,count\n1,2\n", b"2026-03-01,4\n", b"\xff\xfe\x00"])
def test_what_is_no_series_is_refused_before_anything_is_written(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    assert main(["spread", str(path), "--out", str(tmp_path / "out.csv")]) == EXIT["failed"]
    assert f"{path}:1: the header is not timestamp,value; write it" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_with_strict_the_first_bad_row_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "in.csv", ["2026-03-01 00:00:00,1", "2026-03-01 00:05:00,x"])
    assert main(["spread", str(path), "--out", str(tmp_path / "out.csv"), "--strict"]) == EXIT["failed"]
    assert f"{path}:3: value" in capsys.readouterr().err


def test_a_compressed_file_that_breaks_off_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "in.csv.gz", series(4000))
    path.write_bytes(path.read_bytes()[:-200])
    assert main(["spread", str(path), "--out", str(tmp_path / "out.csv")]) == EXIT["set aside"]
    assert "the file breaks off here (EOFError); fetch it again" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spread", str(tmp_path / "none.csv"), "--out", "-"]) == EXIT["settings"]
    assert "none.csv: cannot be read" in capsys.readouterr().err
