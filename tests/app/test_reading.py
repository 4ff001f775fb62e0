from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from answerable.app.reading import CHUNK, read_all
from answerable.errors import SettingsError, Unavailable
from answerable.post import Kind, Post
from answerable.settings import load

MANY = [
    Post(id=f"{number}", source="s", kind=Kind.LETTER, text="停水", published_at=0, fetched_at=0)
    for number in range(12 * CHUNK)
]


def test_a_process_that_dies_is_told_in_words() -> None:
    pairs = read_all(MANY, load(environ={"ANSWERABLE_NLP__WORKERS": "2"}))
    next(pairs)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(Unavailable, match="was ended from outside"):
        list(pairs)


def test_a_wrong_file_is_told_before_any_process_starts(tmp_path: Path) -> None:
    (tmp_path / "gazetteer.csv").write_text("id\n", "utf-8")
    settings = load(environ={"ANSWERABLE_FILES__GAZETTEER": str(tmp_path / "gazetteer.csv")})
    with pytest.raises(SettingsError, match=r"gazetteer\.csv"):
        next(read_all(MANY, settings))
    assert multiprocessing.active_children() == []
