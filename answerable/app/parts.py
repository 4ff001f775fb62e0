"""The parts of the pipeline, each of which can be a process of its own."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["ALL", "Part"]


class Part(StrEnum):
    """What a process does, in the order in which a post passes through."""

    CRAWL = "crawl"
    ANALYSE = "analyse"
    TRACK = "track"
    INDEX = "index"
    DESK = "desk"


ALL = frozenset(Part)
