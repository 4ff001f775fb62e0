"""The folder of a desk that listens to the bundled city, but for its sources: they say where the city is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from answerable.app.demo.city import FOLDER

__all__ = ["write"]

_SETTINGS = """\
[general]
data_dir = "data"
name = "澜汀市 · Lanting City"

[legal]
legal_basis = "demonstration with invented posts"
dpia_reference = "none: nobody is real"
contact = "desk@lanting.example"

[files]
sources = "sources.yaml"
recipients = "recipients.yaml"
gazetteer = "gazetteer.csv"

[crawl]
delay_s = 0.0
private_hosts = {hosts}

[stream]
partitions = 4

[alerts]
group_minutes = 0
quiet = ""

[smtp]
host = "{smtp}"
port = {port}
sender = "desk@lanting.example"

[console]
port = {console}
base_url = "http://127.0.0.1:{console}"
"""


def write(folder: Path, hosts: Sequence[str], smtp: tuple[str, int], console: int) -> Path:
    """Write them for a city on `hosts`, a mail server and the console's port; return the file of settings."""
    named = msgspec.json.encode(hosts).decode("ascii")
    text = _SETTINGS.format(hosts=named, smtp=smtp[0], port=smtp[1], console=console)
    path = folder / "answerable.toml"
    path.write_text(text, "utf-8")
    for name in ("recipients.yaml", "gazetteer.csv"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    return path
