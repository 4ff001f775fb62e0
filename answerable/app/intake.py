"""Posts from a file that a person names."""

from __future__ import annotations

import sys
from pathlib import Path

from answerable.app.goodlines import GoodLines
from crawlers.border import RawItem
from crawlers.importer import read_items

__all__ = ["Intake"]


class Intake(GoodLines[RawItem]):
    """The items of a file's good lines."""

    def __init__(self, source: str, *, strict: bool = False) -> None:
        super().__init__(source, read_items("-" if source == "-" else Path(source), sys.stdin.buffer), strict=strict)
