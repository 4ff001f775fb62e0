from __future__ import annotations

from pathlib import Path

import pytest

from answerable.app.cli import main


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--partitions", "0"], "stream.partitions: 0 is out of range"),
        (["--tier", "full"], "nlp.models: is empty, and the full tier needs one"),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_before_anything_is_made(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.jsonl").touch()
    assert main(["replay", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out"), *words]) == 3
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
