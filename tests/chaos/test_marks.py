from __future__ import annotations

import re
from pathlib import Path

from tests.chaos.table import FAULTS

ROOT = Path(__file__).parents[2]
ROOMS = ("answerable", "crawlers", "stream", "nlp", "incidents", "index", "alerts", "console")
MARK = re.compile(r"""^\s*mark\(f?"([^"]+)"\)""", re.MULTILINE)
REPLAYED = re.compile(r"replay ")  # tests/e2e/test_replay.py kills a replay at each of its own


def marks() -> set[str]:
    texts = [path.read_text("utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return {name for text in texts for name in MARK.findall(text) if not REPLAYED.match(name)}


def test_a_process_is_killed_at_every_mark_in_the_code() -> None:
    assert marks() == {mark for fault in FAULTS if fault.full for mark in fault.marks}


def test_faults_have_names_of_their_own() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
