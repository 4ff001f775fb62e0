"""The one way in which the engines refuse."""

from __future__ import annotations


class NotStarted(Exception):
    """An engine cannot be fetched, started or reached; the text says why and, where there is one, the repair."""
