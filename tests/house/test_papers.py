"""What the root papers, the default settings and the helps say is true of the code beside them."""

from __future__ import annotations

import argparse
import ast
import importlib
import re
import shlex
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.app.cli import VERBS
from answerable.app.filing import _REMEMBERED
from answerable.app.pipeline import TOPICS_KEPT
from answerable.app.problems import sound
from answerable.clock import HOUR
from answerable.settings import SECRETS, load
from answerable.tombstone import tombstone
from crawlers.keys import KEPT_SECONDS
from incidents.titles import LEAST
from stream.kafka_topics import plan
from tests.house.test_house import MODULES, ROOT

PAPERS = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("*.md"))}
PORTS = (
    "stream/log.py",
    "stream/state.py",
    "stream/deadletter.py",
    "index/store.py",
    "alerts/notify.py",
    "nlp/analyser.py",
    "alerts/compose.py",
)
DEFAULTS = tomllib.loads((ROOT / "answerable/default.toml").read_text("utf-8"))
PAGES = sorted((ROOT / "console/templates").glob("*.html"))
KEYS = [(section, key) for section, keys in DEFAULTS.items() for key in keys]
LOOKERS = (
    "answerable/settings.py",
    "answerable/app/problems.py",
    "answerable/app/servers.py",
    "answerable/app/check",
    "alerts/checks.py",
)
HOLDERS = "settings|config|keep"  # what a section is called where it was handed over by itself
FROM_FILES = {(section, f"{key}_file") for section, key in SECRETS}  # read by the settings, as their twins
ONLY_CHECKED = {("files", "calendar")}  # default.toml says so


def using(section: str, key: str) -> list[str]:
    """Return the modules that use a setting, without those that only look whether it is sound."""
    told = rf'\b(?:{section}|{HOLDERS})\.{key}\b|edited\(\w+(?:\.\w+)?, "{key}"\)'
    others = [path for path in (*MODULES, *PAGES) if not str(path.relative_to(ROOT)).startswith(LOOKERS)]
    return [path.name for path in others if re.search(told, path.read_text("utf-8"))]


def examples(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of `answerable` that a text shows, without what a shell would take for itself."""
    for line in re.findall(r"^(?:[\w. ]+\| )?answerable (\w+.*)$", text, re.MULTILINE):
        words = shlex.split(line, comments=True)
        yield words[: min([words.index(sign) for sign in ("<", ">", "|", "&&") if sign in words], default=len(words))]


def parsed(words: list[str]) -> argparse.Namespace:
    verb = importlib.import_module(f"answerable.app.commands.{words[0].replace('import', 'import_')}")
    parser = argparse.ArgumentParser()
    verb.options(parser)
    return parser.parse_args(words[1:])


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_that_a_paper_names_is_there(paper: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", PAPERS[paper])
    named = re.findall(r"`((?:[a-z_]+/)+(?:\w+\.\w+)?)`", PAPERS[paper])
    absent = [name for name in links + named if not (ROOT / name).exists()]
    assert absent == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_recipe_that_a_paper_names_is_in_the_makefile(paper: str) -> None:
    recipes = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", PAPERS[paper], re.MULTILINE)) <= set(recipes)


@pytest.mark.parametrize("paper", ["README.md", "docs/engines.md", "docs/boards.md"])
def test_every_call_in_a_page_of_steps_can_be_made_as_it_stands(paper: str) -> None:
    calls = list(examples((ROOT / paper).read_text("utf-8")))
    assert len(calls) >= 3
    for words in calls:
        parsed(words)


def test_the_page_of_the_engines_shows_settings_that_can_be_meant(tmp_path: Path) -> None:
    page = (ROOT / "docs/engines.md").read_text("utf-8")
    blocks = [
        textwrap.dedent(block) for block in re.findall(r"^ *```toml\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    ]
    (tmp_path / "secrets").mkdir()
    for name in re.findall(r'"(secrets/[^"]+)"', page):
        (tmp_path / name).write_text("" if name.endswith(".pem") else "hush", "utf-8")
    path = tmp_path / "answerable.toml"
    path.write_text("".join(blocks), "utf-8")

    settings = load(path, {})

    assert (settings.stream.engine, settings.index.engine) == ("kafka", "elastic")
    assert {error.key for error in sound(settings)} == {"kafka.ca_file", "elastic.ca_file"}  # empty here


def test_the_figures_in_the_page_of_the_engines_are_those_of_the_code() -> None:
    page = (ROOT / "docs/engines.md").read_text("utf-8")
    settings = load(environ={})
    assert f"after `kafka.session_s` ({settings.kafka.session_s:g} s)" in page
    assert settings.retention.text_days + 7 == 37
    assert "at most 37 days" in page
    kept = {topic.name.removeprefix("answerable."): dict(topic.settings) for topic in plan(settings)}
    passing = re.search(r"^\| Kafka: ((?:`[a-z.]+`(?:, )?)+) \| texts", page, re.MULTILINE)
    assert passing is not None
    hours = {name: int(kept[name]["retention.ms"]) / 3_600_000 for name in re.findall(r"`([a-z.]+)`", passing[1])}
    assert hours == dict.fromkeys(hours, 71.0)
    assert {kept[name]["segment.ms"] for name in hours} == {"3000000"}
    assert int(kept["deadletters"]["retention.ms"]) == 30 * 24 * 3_600_000
    assert kept["tombstones"]["retention.ms"] == "-1"
    assert {*hours, "state.track", "tombstones", "deadletters"} == set(kept)


@pytest.mark.parametrize("verb", VERBS)
def test_every_example_of_a_help_can_be_called_as_it_stands(verb: str) -> None:
    module = importlib.import_module(f"answerable.app.commands.{verb.replace('import', 'import_')}")
    calls = [words for words in examples(module.__doc__ or "") if words[0] == verb]
    assert calls
    for words in calls:
        parsed(words)


@pytest.mark.parametrize("paper", ["CHANGELOG.md", "README.md"])
def test_the_changelog_and_the_readme_name_every_verb(paper: str) -> None:
    assert [verb for verb in VERBS if f"`{verb}`" not in PAPERS[paper]] == []


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_setting_is_used_by_more_than_its_check(section: str, key: str) -> None:
    if (section, key) not in FROM_FILES:  # these may be named in what is said of a secret
        assert bool(using(section, key)) is ((section, key) not in ONLY_CHECKED)


def test_a_port_has_four_methods_at_most_and_a_contract_in_its_docstring() -> None:
    for name in PORTS:
        classes = [
            node for node in ast.parse((ROOT / name).read_text("utf-8")).body if isinstance(node, ast.ClassDef)
        ]
        ports = [node for node in classes if any(getattr(base, "id", "") == "Protocol" for base in node.bases)]
        assert ports, name
        for port in ports:
            methods = [node for node in port.body if isinstance(node, ast.FunctionDef)]
            assert len(methods) <= 4, f"{name}: {port.name}"
            assert all(map(ast.get_docstring, methods)), f"{name}: {port.name}"


def test_only_the_roof_asks_what_time_it_is() -> None:
    asking = [path.relative_to(ROOT) for path in MODULES if "system_now" in path.read_text("utf-8")]
    assert {str(path) for path in asking if path.parts[:2] != ("answerable", "app")} == {"answerable/clock.py"}


def test_nothing_that_runs_unpickles_or_evaluates() -> None:
    unsafe = re.compile(
        r"\b(?:pickle|joblib|marshal|shelve|dill|torch)\b|(?<![\w.])(?:eval|exec)\(|allow_pickle=True"
    )
    found = [str(path.relative_to(ROOT)) for path in MODULES if unsafe.search(path.read_text("utf-8"))]
    assert found == ["answerable/app/commands/models.py", "nlp/export.py"]  # name torch, which exports
    export = (ROOT / "nlp/export.py").read_text("utf-8")
    assert "use_safetensors=True, trust_remote_code=False" in export
    assert not re.search(r"torch\.load|pickle|joblib", export)


def test_decisions_are_numbered_once_and_in_order() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. \*\*", PAPERS["DECISIONS.md"], re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_figures_in_the_papers_are_those_of_the_code() -> None:
    settings, privacy = load(environ={}), " ".join(PAPERS["PRIVACY.md"].split())
    assert (settings.retention.text_days, settings.retention.facts_days) == (30, 730)
    assert "text 30 days, counts without text 24 months" in privacy
    assert (settings.incidents.k_authors, settings.incidents.k_token_days) == (5, 10)
    assert "from five distinct authors** on the strongest day (or ten author-days)" in privacy
    assert KEPT_SECONDS == 48 * HOUR
    assert "the key is destroyed after 48 hours" in privacy
    assert settings.alerts.outbox_days == 30
    assert TOPICS_KEPT <= 71 * HOUR
    assert "messages between the rooms 72 hours, mails in the outbox 30 days" in privacy
    assert "after 71 hours in segments of 50 minutes" in privacy
    assert len(tombstone(b"key", "any")) == 16
    assert "keyed hash of 16 bytes" in privacy
    assert (LEAST, "words that at least three author-days share" in privacy) == (3, True)
    assert settings.console.host == "127.0.0.1"
    assert f"the last {_REMEMBERED:,} areas" in PAPERS["DECISIONS.md"]


def test_the_index_of_the_docs_shows_every_picture() -> None:
    shown = (ROOT / "docs/README.md").read_text("utf-8")
    pictures = sorted(path.name for path in (ROOT / "docs/pictures").glob("*.png"))
    assert [name for name in pictures if f"](pictures/{name})" not in shown] == []
    assert [name for name in re.findall(r"\]\(pictures/([^)]+)\)", shown) if name not in pictures] == []
