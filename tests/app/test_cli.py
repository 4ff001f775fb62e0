"""The command line: verbs, exit codes, errors for people, and nothing imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from answerable import __version__
from answerable.app.cli import EXIT, VERBS, main
from answerable.errors import SettingsError

HEAVY = (
    "numpy", "scrapy", "twisted", "starlette", "uvicorn", "jinja2", "PIL", "rjieba", "msgspec", "yaml", "apscheduler",
    "argon2", "structlog", "babel", "selectolax", "httpx",
)  # fmt: skip


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    told = capsys.readouterr().out
    assert [verb for verb in VERBS if f"  {verb} " not in told] == []


def test_without_a_verb_help_is_shown_and_the_code_says_misused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == EXIT["usage"]
    assert capsys.readouterr().out.startswith("usage: answerable VERB")


def test_an_unknown_verb_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["chekc"]) == EXIT["usage"]

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("answerable: unknown verb 'chekc'")
    assert "check" in told.err.partition("verbs:")[2]


@pytest.mark.parametrize("word", ["version", "--version", "-V"])
def test_the_version_is_printed(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([word]) == 0
    assert capsys.readouterr().out == f"answerable {__version__}\n"


@pytest.mark.parametrize("verb", ["init", "check"])
def test_the_help_of_a_verb_shows_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])

    assert ended.value.code == 0
    assert f"\nanswerable {verb}" in capsys.readouterr().out


def test_wrong_arguments_end_with_the_code_for_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--jsno=1"])

    assert ended.value.code == EXIT["usage"]
    assert "--jsno" in capsys.readouterr().err


def test_an_error_is_one_line_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "answerable.toml"
    settings.write_text("[smtp]\nprot = 25\n", "utf-8")
    words = ["analyse", str(tmp_path / "posts.jsonl"), "--out", str(tmp_path / "out"), "--settings", str(settings)]

    code = main(words)

    assert code == EXIT["settings"]
    assert capsys.readouterr().err == (
        f"answerable analyse: {settings}:2: smtp.prot: unknown key; did you mean 'port'?\n"
    )
    with pytest.raises(SettingsError):
        main([*words, "--debug"])


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from answerable.app.cli import main\n"
        "main(['--help'])\n"
        f"sys.stderr.write(', '.join(name for name in {HEAVY!r} if name in sys.modules))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 — our own code

    assert done.stderr == ""
    assert "answerable VERB --help" in done.stdout
