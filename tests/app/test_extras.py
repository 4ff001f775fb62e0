"""Without an engine's packages a start says what to install, and nothing else changes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from answerable.app import wiring
from answerable.app.cli import main
from answerable.errors import SettingsError
from answerable.settings import load

Said = pytest.CaptureFixture[str]


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give settings for both servers on a machine that has none of their packages."""
    for package in ("kafka", "crc32c", "lz4", "elasticsearch"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "answerable.toml"
    path.write_text(
        '[stream]\nengine = "kafka"\n[index]\nengine = "elastic"\n'
        '[legal]\nlegal_basis = "x"\ndpia_reference = "x"\ncontact = "x"\n',
        "utf-8",
    )
    return path


def test_the_log_names_what_to_install(bare: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        wiring.streams(load(bare, {}))

    assert str(caught.value).removeprefix(str(bare)) == (
        ":2: stream.engine: kafka needs packages that are not installed: kafka, crc32c, lz4; "
        "pip install 'answerable[kafka]'"
    )


def test_the_index_names_what_to_install(bare: Path) -> None:
    settings = load(bare, {})

    with pytest.raises(SettingsError, match=r"index\.engine: elastic needs .*: elasticsearch; pip install 'answer"):
        wiring.index(settings, wiring.register(settings))


@pytest.mark.parametrize("words", [["migrate"], ["run", "desk"], ["run"], ["deadletter", "list"], ["check"]])
def test_a_verb_ends_with_the_code_of_wrong_settings_and_the_repair(
    bare: Path, capsys: Said, words: list[str]
) -> None:
    code = main(words)

    told = capsys.readouterr()
    assert code == 3
    assert "pip install 'answerable[kafka]'" in told.out + told.err


def test_the_embedded_engines_need_none_of_them(bare: Path) -> None:
    bare.write_text("", "utf-8")

    wiring.streams(load(bare, {})).log.close()
