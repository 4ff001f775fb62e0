"""A desk's folder for tests of `check`: everything in it is right until a test spoils it."""

from __future__ import annotations

import re
from itertools import takewhile
from pathlib import Path

from answerable.app.check.report import report
from answerable.app.starter import contents

__all__ = ["Desk"]

_SOURCE = "adapter: feed, kind: news, basis: feed, terms_checked: 2026-11-01, contact: desk"
_FILES = {
    "sources.yaml": f'- {{id: board, {_SOURCE}, url: "http://127.0.0.1:9/", area: "9901"}}\n',
    "rules.yaml": "- {id: many, when: {authors: '>= 5'}, level: red}\n",
    "taxonomy.yaml": "- {id: urban, name: {zh: 城乡建设}, children: [{id: urban.water, name: {zh: 供水}}]}\n",
}
_VALUES = {
    "legal_basis": '"Order 12"', "dpia_reference": '"Assessment 3"', "contact": '"desk@lanting.test"',
    "private_hosts": '["127.0.0.1:9"]', "taxonomy": '"taxonomy.yaml"',
}  # fmt: skip


class Desk:
    """What `init` writes, filled in, with a small taxonomy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in {**contents(), **_FILES}.items():
            self.write(name, text.replace("lanting.example", "lanting.test"))
        for key, value in _VALUES.items():
            self.set(key, value)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the desk."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def set(self, key: str, value: str) -> None:
        """Give the first key of that name in the settings file another value."""
        text = (self.folder / "answerable.toml").read_text("utf-8")
        line = re.compile(rf"^(# )?{key} = .*$", re.MULTILINE)
        self.write("answerable.toml", line.sub(lambda found: f"{key} = {value}", text, count=1))

    def mistakes(self) -> list[str]:
        """Return what is said of settings and files that are not as they should be."""
        found = report(self.folder / "answerable.toml", {}, lambda names: dict.fromkeys(names, ("127.0.0.1",)))
        return [one.text for one in takewhile(lambda one: one.check != "data", found) if not one.ok]
