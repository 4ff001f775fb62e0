"""A recorded log folded again, and what was told beside what would be told now."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from alerts.file import FileNotifier
from answerable import incident, post
from answerable.app import wiring
from answerable.app.backfill import DRAIN
from answerable.app.children import count
from answerable.app.reading import FEW
from answerable.app.replay.deciding import Deciding
from answerable.app.replay.folder import Folder
from answerable.app.replay.folding import following
from answerable.app.replay.write import tell
from answerable.errors import DecodeError
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost
from answerable.settings import Settings
from stream.embedded import SqliteLog
from stream.log import Message, Recorded
from stream.recorded import recorded
from stream.topics import INCIDENTS, POSTS_ANALYSED

__all__ = ["Audit", "audit", "replay_log"]

_Key = tuple[str, int]
_T = TypeVar("_T")
_CHUNK = 2000


class Audit(Struct, frozen=True):
    """Updates of incidents, by (incident, revision).

    `same` have equal bytes; `other` have others; `missing` come of the fold alone, `alone` were recorded only;
    `repeated` were recorded more than once. `whole` is false where the log no longer holds its beginning: then the
    fold began without what came before, and differences mean nothing.
    """

    same: int
    other: int
    missing: int
    alone: int
    repeated: int
    whole: bool

    @property
    def sound(self) -> bool:
        """Whether what was told is what the log says."""
        return not self.whole or not (self.other or self.missing or self.alone)


def replay_log(out: Path, settings: Settings, log: Recorded) -> int:
    """Fold the settings' posts.analysed again into DIR and let a new desk decide; return the exit code.

    1 means that what the trackers told is not what the log says. Raises SettingsError where DIR is not empty.
    """
    kept, folder = wiring.register(settings), Folder(out)
    folder.open("log", settings.stream.partitions, resume=False)
    own = wiring.log(settings, folder.work / "log.db")
    desk = wiring.desk(settings, kept, folder.work / "ledger.db", wiring.REPLAYED, replay=True)
    posts, last = _copied(log, own)
    with closing(following(own, settings, count(settings) if posts > FEW else 1)) as folds:
        folds.finish(last)
    Deciding(desk, own, FileNotifier(folder.mail)).finish(last + DRAIN)
    found = audit(log, own)
    tell(folder, posts, 0, own, desk, kept.names, settings, str)
    folder.finish()
    own.close()
    desk.close()
    shutil.rmtree(folder.work, ignore_errors=True)
    sys.stderr.write(_said(found))
    return 0 if found.sound else 1


def audit(log: Recorded, folded: Recorded) -> Audit:
    """Compare the updates that a log has recorded with those that its fold gives."""
    told, repeated = _updates(log)
    now, _ = _updates(folded)
    both = told.keys() & now.keys()
    same = sum(told[key] == now[key] for key in both)
    whole = all(first == 0 for first, _ in (*log.ends(POSTS_ANALYSED), *log.ends(INCIDENTS)))
    return Audit(same, len(both) - same, len(now.keys() - both), len(told.keys() - both), repeated, whole)


def _updates(log: Recorded) -> tuple[dict[_Key, set[bytes]], int]:
    """Return the bytes of each (incident, revision), and how many were recorded again."""
    found: dict[_Key, set[bytes]] = {}
    count = 0
    for placed in recorded(log, INCIDENTS):
        update = _decoded(incident.decode, placed.message)
        if isinstance(update, IncidentUpdate):
            found.setdefault((update.incident, update.revision), set()).add(placed.message.value)
            count += 1
    return found, count - len(found)


def _copied(log: Recorded, own: SqliteLog) -> tuple[int, int]:
    """Copy posts.analysed; return how many posts it holds, and the latest instant that any record names.

    What cannot be read is left out, as the trackers set it aside.
    """
    posts, last = 0, 0
    for partition, group in groupby(recorded(log, POSTS_ANALYSED), key=lambda placed: placed.partition):
        while messages := [placed.message for placed in islice(group, _CHUNK)]:
            read = [(message, _decoded(post.decode, message)) for message in messages]
            own.append(POSTS_ANALYSED, [message for message, record in read if record is not None], partition)
            for _, record in read:
                posts += isinstance(record, AnalysedPost)
                last = max(last, 0 if record is None or isinstance(record, post.Post) else record.at)
    return posts, last


def _decoded(decode: Callable[[bytes], _T], message: Message) -> _T | None:
    """Return what a message says, None where it cannot be read."""
    try:
        return decode(message.value)
    except DecodeError:
        return None


def _said(found: Audit) -> str:
    text = (
        f"{found.same} updates are as they were told, {found.other} are not, {found.missing} were not told,"
        f" {found.alone} were told and do not follow from the log, {found.repeated} were told more than once\n"
    )
    return text if found.whole else text + "the log no longer holds its beginning, so differences mean nothing\n"
