"""The ways in which the engines refuse."""

from __future__ import annotations


class NotStarted(Exception):
    """An engine cannot be fetched, started or reached; the text says why and, where there is one, the repair."""


class NotBuilt(NotStarted):
    """What is ours and stands in an engine does not compile; the text has the compiler's words."""
