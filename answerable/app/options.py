"""Arguments that several verbs share, and the settings they make."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from answerable.app.problems import sound
from answerable.settings import Settings, load

__all__ = ["of", "reading", "settings_file"]

_HOME = "answerable.toml"


def settings_file(parser: argparse.ArgumentParser) -> None:
    """Add --settings."""
    parser.add_argument(
        "--settings", type=Path, metavar="F", help=f"settings file (default: ./{_HOME} where there is one)"
    )


def reading(parser: argparse.ArgumentParser) -> None:
    """Add what changes how posts are read."""
    parser.add_argument("--gazetteer", type=Path, metavar="F", help="gazetteer.csv")
    parser.add_argument("--taxonomy", metavar="NAME|F", help="a shipped taxonomy (zh-civic, en-civic) or a file")
    parser.add_argument("--tier", choices=["fast", "full"], help="fast (default) or full")


def of(given: argparse.Namespace) -> Settings:
    """Read the settings that the arguments ask for; raise SettingsError, also where a value cannot be meant."""
    path: Path | None = getattr(given, "settings", None)
    if path is None and Path(_HOME).is_file():
        path = Path(_HOME)
    environ = dict(os.environ)
    for name, key in (
        ("gazetteer", "FILES__GAZETTEER"), ("taxonomy", "FILES__TAXONOMY"), ("rules", "FILES__RULES"),
        ("tier", "NLP__TIER"), ("partitions", "STREAM__PARTITIONS"),
    ):  # fmt: skip
        value = getattr(given, name, None)
        if value is not None:
            absolute = isinstance(value, Path) or (name == "taxonomy" and Path(value).is_file())
            environ[f"ANSWERABLE_{key}"] = str(Path(value).absolute() if absolute else value)
    settings = load(path, environ)
    for problem in sound(settings):
        raise problem
    return settings
