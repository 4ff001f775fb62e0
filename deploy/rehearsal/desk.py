"""The folder of a desk that listens to the bundled city: made by `init --compose` and an editor."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from answerable.app.cli import main
from answerable.app.demo.city import FOLDER
from answerable.app.demo.folder import write

__all__ = ["HOSTS", "make", "port", "write_sources"]

HOSTS = {"letters": "site", "forum": "site", "harbour": "harbour", "news": "harbour", "archive": "archive"}


def make(folder: Path, console: int, kafka: int = 9094) -> Path:
    """Write a desk's folder, and let `init --compose` add what is missing; return its file of variables."""
    folder.mkdir(parents=True)
    write(folder, [f"{host}:8080" for host in dict.fromkeys(HOSTS.values())], ("mail", 2525), console)
    write_sources(folder, ("letters", "forum", "harbour", "news"))
    if main(["init", "--compose", str(folder)]):
        raise ValueError("init failed")
    variables = (folder / ".env").read_text("utf-8")
    for name, number in (("CONSOLE", console), ("KAFKA", kafka)):
        variables = re.sub(rf"(?m)^(ANSWERABLE_{name}_PORT)=.*$", rf"\g<1>={number}", variables)
    (folder / ".env").write_text(variables, "utf-8")
    return folder / ".env"


def write_sources(folder: Path, ids: Collection[str]) -> None:
    """Write the list of sources with some of the city's; "archive" is the forum on a host of its own."""
    text = (FOLDER / "sources.yaml").read_text("utf-8").replace("every: 15m", "every: 10s")
    forum = re.search(r"(?m)^- \{id: forum, .*$", text)
    text += forum[0].replace("id: forum", "id: archive") + "\n" if forum else ""
    head, *entries = re.split(r"(?m)^(?=- )", text)
    kept = [entry for entry in entries if _id(entry) in {*ids, "letters"}]
    at = [re.sub(r"127\.0\.0\.1:PORT", f"{HOSTS[_id(entry)]}:8080", entry) for entry in kept]
    part = folder / "sources.part"
    part.write_text(head + "".join(at), "utf-8")
    part.replace(folder / "sources.yaml")


def _id(entry: str) -> str:
    found = re.search(r"id: (\w+)", entry)
    return found[1] if found else ""


def port(folder: Path) -> int:
    """Return the port that a desk's console is published on."""
    found = re.search(r"(?m)^ANSWERABLE_CONSOLE_PORT=(\d+)", (folder / ".env").read_text("utf-8"))
    return int(found[1]) if found else 8000
