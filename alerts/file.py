"""Mails into a folder, one file each: for replay, for the demo, and for looking at."""

from __future__ import annotations

import re
from pathlib import Path

from alerts.notify import Envelope, Outcome

__all__ = ["FileNotifier"]


class FileNotifier:
    """Writes `NNNN-<name>.eml`; a `Notifier`. The same number sent twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def send(self, envelope: Envelope) -> Outcome:
        """Write one mail; a full or missing disk means later."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", envelope.name)[:80]
        path = self._folder / f"{envelope.number:04d}-{name}.eml"
        half = path.with_suffix(".half")
        try:
            half.write_bytes(envelope.content)
            half.replace(path)
        except OSError:
            return Outcome.LATER
        return Outcome.SENT
