"""One tiny bad file a mistake, each with the exact line that `answerable check` prints for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.app.check.finding import wrong
from answerable.app.check.survey import survey
from answerable.app.problems import problems
from answerable.errors import SettingsError
from answerable.settings import load
from tests.app.desk import Desk

FOLDER = Path(__file__).parent / "mistakes"
EXPECTED = dict(line.split("\t") for line in (FOLDER / "expected.txt").read_text("utf-8").splitlines())
SETTINGS = sorted(name for name in EXPECTED if name.startswith("answerable.toml/"))
LEGAL = {f"ANSWERABLE_LEGAL__{key}": "x" for key in ("LEGAL_BASIS", "DPIA_REFERENCE", "CONTACT")}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def test_every_bad_file_has_its_line_and_every_line_its_file() -> None:
    files = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*")}

    assert files == set(EXPECTED)
    assert len(files) > 80


def test_the_desk_itself_has_no_mistake(desk: Desk) -> None:
    assert desk.mistakes() == []


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - set(SETTINGS)))
def test_a_mistake_in_a_file_is_the_only_thing_that_is_said(desk: Desk, name: str) -> None:
    file = name.partition("/")[0]
    desk.set(file.partition(".")[0], f'"{file}"')
    desk.write(file, (FOLDER / name).read_text("utf-8"))

    assert desk.mistakes() == [EXPECTED[name]]


@pytest.mark.parametrize("name", SETTINGS)
def test_a_mistake_in_the_settings_is_the_only_thing_that_is_said(desk: Desk, name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    path = desk.write("answerable.toml", text)
    legal = {} if text.startswith("[legal]") else LEGAL

    found = survey(path, legal)

    told = [wrong("settings", error).text for error in (*found.errors, *problems(found.settings))]
    assert EXPECTED[name] in told
    assert [line for line in told if "✗ legal." not in line] == [EXPECTED[name]]


@pytest.mark.parametrize("name", SETTINGS)
def test_what_check_says_of_settings_also_keeps_a_desk_from_starting(desk: Desk, name: str) -> None:
    path = desk.write("answerable.toml", (FOLDER / name).read_text("utf-8"))

    try:
        errors = problems(load(path, {}))
    except SettingsError as error:
        errors = [error]

    assert EXPECTED[name] in [wrong("settings", error).text for error in errors]
