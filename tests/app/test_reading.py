from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest

from answerable.app.reading import CHUNK, read_all
from answerable.errors import SettingsError, Unavailable
from answerable.settings import Settings, load

MANY = range(12 * CHUNK)


def doubling(settings: Settings) -> Callable[[list[int]], list[int]]:
    return lambda numbers: [2 * number for number in numbers]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_chunks_come_back_in_order_from_however_many_processes(workers: str) -> None:
    found = read_all(MANY, doubling, load(environ={"ANSWERABLE_NLP__WORKERS": workers}))
    assert [number for chunk in found for number in chunk] == [2 * number for number in MANY]


def test_a_process_that_dies_is_told_in_words() -> None:
    pairs = read_all(range(400 * CHUNK), doubling, load(environ={"ANSWERABLE_NLP__WORKERS": "2"}))
    next(pairs)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(Unavailable, match="was ended from outside"):
        list(pairs)


def wrong(settings: Settings) -> Callable[[list[int]], list[int]]:
    raise SettingsError("a byte has changed", file="zh.safetensors", repair="install it again")


def test_what_is_wrong_in_every_process_is_told_as_what_it_is(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SettingsError) as told:
        next(read_all(MANY, wrong, load(environ={"ANSWERABLE_NLP__WORKERS": "2"})))
    assert str(told.value) == "zh.safetensors: a byte has changed; install it again"
    assert (told.value.file, capfd.readouterr().err) == ("zh.safetensors", "")


def test_a_wrong_file_is_told_before_any_process_starts(tmp_path: Path) -> None:
    (tmp_path / "gazetteer.csv").write_text("id\n", "utf-8")
    settings = load(environ={"ANSWERABLE_FILES__GAZETTEER": str(tmp_path / "gazetteer.csv")})
    with pytest.raises(SettingsError, match=r"gazetteer\.csv"):
        next(read_all(MANY, doubling, settings))
    assert multiprocessing.active_children() == []
