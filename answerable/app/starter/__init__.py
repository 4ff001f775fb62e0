"""What `answerable init` writes: a settings file made from the defaults, and the files that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

__all__ = ["contents", "settings_text"]

_HEAD = re.compile(r"\[(\w+)\]")
_KEY = re.compile(r"\w+ *=")
_FILE_KEYS = ("sources", "rules", "recipients", "gazetteer")


def contents() -> dict[str, str]:
    """Return the text of each file by its name, the settings file first."""
    shipped = files("alerts").joinpath("rules.yaml").read_text("utf-8")
    return {
        "answerable.toml": settings_text(files("answerable").joinpath("default.toml").read_text("utf-8")),
        "sources.yaml": _part("sources.yaml"),
        "recipients.yaml": _part("recipients.yaml"),
        "rules.yaml": _part("rules.txt") + "#\n" + shipped,
        "gazetteer.csv": _part("gazetteer.csv"),
    }


def settings_text(defaults: str) -> str:
    """Return a settings file that shows every default as a comment; only [legal] and [files] are written out."""
    return _part("head.toml") + "\n" + "".join(f"{line}\n" for line in _lines(defaults))


def _lines(defaults: str) -> Iterator[str]:
    section = ""
    for line in defaults[defaults.index("\n[") + 1 :].splitlines():
        head = _HEAD.match(line)
        section = head[1] if head else section
        if head and section in ("legal", "files"):
            yield from _part(f"{section}.toml").splitlines()
        elif not _KEY.match(line):
            yield line
        elif section != "legal" and (section != "files" or line.partition(" ")[0] not in _FILE_KEYS):
            yield f"# {line}"


def _part(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
