"""`answerable init`: what it writes can be read, tells every default, and overwrites nothing."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path

import pytest
from msgspec import structs

from answerable.app.check.hosts import look_up
from answerable.app.check.report import report
from answerable.app.cli import main
from answerable.app.starter.compose import SECRETS
from answerable.settings import load
from crawlers.sources import Adapter, read_sources

DEFAULTS = Path(__file__).parents[2] / "answerable" / "default.toml"
NAMES = ("answerable.toml", "sources.yaml", "recipients.yaml", "rules.yaml", "gazetteer.csv")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Let init run in a folder."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    capsys.readouterr()
    return tmp_path


def test_it_says_what_it_wrote_and_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = tmp_path / "lanting"

    code = main(["init", str(desk)])

    told = capsys.readouterr().out
    assert code == 0
    assert [line.split() for line in told.splitlines()[:5]] == [["wrote", str(desk / name)] for name in NAMES]
    settings = desk / "answerable.toml"
    last = f"next: fill in [legal] in {settings}, then run `answerable check --settings {settings}`"
    assert told.splitlines()[-1] == last


def test_in_this_folder_the_next_command_needs_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    main(["init"])

    told = capsys.readouterr().out.splitlines()
    assert told[0] == "wrote  answerable.toml"
    assert told[-1] == "next: fill in [legal] in answerable.toml, then run `answerable check`"


def test_the_settings_file_changes_nothing_but_the_files_it_names(folder: Path) -> None:
    written, default = load(folder / "answerable.toml", {}), load(None, {})

    named = {key: getattr(written.files, key) for key in ("sources", "rules", "recipients", "gazetteer")}
    assert named == {key: f"{key}.{'csv' if key == 'gazetteer' else 'yaml'}" for key in named}
    assert structs.replace(written, files=default.files, origin={}, home="") == default


def test_with_every_comment_taken_away_it_is_the_default_file(folder: Path) -> None:
    text = re.sub(r"^# (\w+ = )", r"\1", (folder / "answerable.toml").read_text("utf-8"), flags=re.MULTILINE)

    shown, default = tomllib.loads(text), tomllib.loads(DEFAULTS.read_text("utf-8"))

    files = shown.pop("files")
    assert sorted(files) == sorted(default.pop("files"))
    assert shown == default


def test_every_default_keeps_the_comment_that_explains_it(folder: Path) -> None:
    text = (folder / "answerable.toml").read_text("utf-8")

    comments = re.findall(r"^(\w+) = .*?(#.+)$", DEFAULTS.read_text("utf-8"), re.MULTILINE)

    assert len(comments) > 20
    lost = [key for key, comment in comments if not re.search(rf"^# {key} = .*{re.escape(comment)}$", text, re.M)]
    assert lost == []


def test_what_it_writes_passes_the_check_but_for_the_legal_basis(folder: Path) -> None:
    found = list(report(folder / "answerable.toml", {"ANSWERABLE_CONSOLE__PORT": "0"}, look_up))

    assert [finding.key for finding in found if not finding.ok and finding.check != "mail"] == [
        "legal.legal_basis", "legal.dpia_reference", "legal.contact",
    ]  # fmt: skip
    assert [finding.check for finding in found if finding.ok and finding.repair] == ["sources", "recipients"]


def test_the_examples_of_every_adapter_can_be_used_as_they_stand(folder: Path) -> None:
    path = folder / "sources.yaml"
    lines = path.read_text("utf-8").splitlines()
    examples = [line[2:] for line in lines if re.match(r"# (- id: |  )", line)]
    path.write_text("\n".join(examples), "utf-8")

    sources = read_sources(path)

    assert sorted(source.adapter for source in sources) == sorted(Adapter)


def test_the_folder_of_secrets_is_closed_to_others(folder: Path) -> None:
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700


def test_what_is_there_already_is_kept_to_the_byte_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in NAMES:
        (folder / name).write_bytes(b"mine\r\n")
    (folder / "rules.yaml").unlink()
    (folder / "secrets").chmod(0o755)

    code = main(["init"])

    told = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [(folder / name).read_bytes() for name in NAMES if name != "rules.yaml"] == [b"mine\r\n"] * 4
    assert told[:6] == [
        "kept   answerable.toml (it was there already)",
        "kept   sources.yaml (it was there already)",
        "kept   recipients.yaml (it was there already)",
        "wrote  rules.yaml",
        "kept   gazetteer.csv (it was there already)",
        "kept   secrets/ (it was there already; others may look into it: chmod 700 secrets)",
    ]


def test_a_folder_that_cannot_be_made_is_said_with_the_repair(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    code = main(["init", str(tmp_path / "file" / "desk")])

    assert code == 2
    told = f"{tmp_path}/file/desk cannot be written: Not a directory; name a folder that you may write"
    assert capsys.readouterr().err == f"answerable init: {told}\n"


def test_for_compose_each_secret_is_a_file_in_a_closed_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = tmp_path / "lanting"

    code = main(["init", "--compose", str(desk)])

    told = capsys.readouterr().out
    words = {path.name: path.read_text("utf-8") for path in (desk / "secrets").iterdir()}
    assert code == 0
    assert sorted(words) == sorted(SECRETS)
    assert words.pop("smtp_password") == ""
    assert len(set(words.values())) == len(words)
    assert min(map(len, words.values())) >= 32
    assert not any(word in told for word in words.values())
    assert stat.S_IMODE((desk / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (desk / "secrets").iterdir()} == {0o644}


def test_for_compose_a_container_can_read_what_people_edit_whatever_the_mask(tmp_path: Path) -> None:
    desk, mask = tmp_path / "lanting", os.umask(0o077)
    try:
        main(["init", "--compose", str(desk)])
    finally:
        os.umask(mask)

    assert stat.S_IMODE(desk.stat().st_mode) == 0o755
    assert {stat.S_IMODE((desk / name).stat().st_mode) for name in NAMES} == {0o644}


def test_for_compose_the_next_command_is_one_of_docker_and_a_second_run_changes_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init", "--compose", str(tmp_path)])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "secrets" / "desk_password").unlink()

    main(["init", "--compose", str(tmp_path)])

    last = capsys.readouterr().out.splitlines()[-1]
    after = {path: path.read_bytes() for path in before}
    assert [path.name for path in before if before[path] != after[path]] == ["desk_password"]
    assert f"docker compose --env-file {tmp_path}/.env --file deploy/compose.yaml up --build --detach" in last
    assert f"ANSWERABLE_DIR={tmp_path}\n" in (tmp_path / ".env").read_text("utf-8")
