"""The folder of a replay: what lies where, and how far a killed one had come."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.errors import SettingsError
from stream.marks import mark

__all__ = ["Folder", "Progress"]


class Progress(Struct, frozen=True):
    """How far reading has come: strides appended, and the log's end in each partition after the last of them.

    `source` identifies the input, so that nobody goes on with another one. `read` is set once all is appended.
    """

    source: str
    partitions: int
    strides: int = 0
    ends: tuple[int, ...] = ()
    read: bool = False


class _Done(Struct, frozen=True):
    """What timing.json says of a replay that is done: the digest of what it was made of."""

    replay: str


class Folder:
    """Paths below DIR. The replay is done when summary.json stands there; `work/` is deleted after that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.summary = path / "summary.json"
        self.timing = path / "timing.json"
        self.work = path / "work"
        self.mail = path / "mail"
        self._progress = self.work / "progress.json"

    def open(self, source: str, partitions: int, *, resume: bool) -> Progress | None:
        """Prepare the folder; return where to go on, or None where the replay is already done.

        `source` is the input's digest. Raises SettingsError where DIR holds something else, or the input or the
        partitions changed, or a replay that is done does not say what it was made of.
        """
        if resume and self.summary.exists():
            if self._done() != source:
                raise self._other()
            return None
        if not resume and self.path.exists() and any(self.path.iterdir()):
            raise SettingsError("is not empty", file=str(self.path), repair="name a new folder, or add --resume")
        for path in (self.path, self.work, self.mail):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        start = Progress(source=source, partitions=partitions)
        if not self._progress.exists():
            self.keep(start)
            return start
        kept = msgspec.json.decode(self._progress.read_bytes(), type=Progress)
        if (kept.source, kept.partitions) != (start.source, start.partitions):
            raise self._other()
        return kept

    def _done(self) -> str:
        try:
            return msgspec.json.decode(self.timing.read_bytes(), type=_Done).replay
        except (OSError, msgspec.MsgspecError):
            what = "is missing, or does not say what the finished replay beside it was made of"
            raise SettingsError(what, file=str(self.timing), key="replay", repair="name a new folder") from None

    def _other(self) -> SettingsError:
        what = "was begun with another input, other settings, places, models or another number of partitions"
        return SettingsError(what, file=str(self.path), repair="name the same ones, or a new folder")

    def finish(self) -> None:
        """Let the summary, which was written into `work/`, stand beside the other results."""
        (self.work / self.summary.name).replace(self.summary)
        mark("replay told")

    def keep(self, progress: Progress) -> None:
        """Put progress on disk, whole or not at all."""
        fresh = self._progress.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(progress))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._progress)
