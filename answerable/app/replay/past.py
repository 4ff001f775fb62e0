"""Posts of the past on their way through border, folds and desk, by the clock in them, in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alerts.notify import Notifier
from answerable.app import wiring
from answerable.app.backfill import DRAIN
from answerable.app.children import count
from answerable.app.reading import FEW
from answerable.app.replay import deciding
from answerable.app.replay.folder import Folder, Progress
from answerable.app.replay.folding import following
from answerable.app.replay.read import read
from answerable.app.replay.revisions import in_order
from answerable.settings import Settings
from crawlers.border import Border, DayKeys, RawItem

__all__ = ["Past"]


class Past:
    """Three stages, each of which goes on where a killed run of the same folder had come."""

    def __init__(self, items: Sequence[RawItem], settings: Settings, kept: wiring.Register, folder: Folder) -> None:
        self._items, self._settings, self._folder = in_order(items), settings, folder
        self._until = max((item.fetched_at for item in items), default=0) + DRAIN
        self.log = wiring.log(settings, folder.work / "log.db")
        self.desk = wiring.desk(settings, kept, folder.work / "ledger.db", wiring.REPLAYED, replay=True)
        self._border = Border(DayKeys(folder.work / "keys"), None)
        self._following = following(self.log, settings, count(settings) if len(items) > FEW else 1)

    def read(self, start: Progress, follow: Callable[[], object]) -> None:
        """Append what the items say; `follow` is called now and then, for the folds."""
        read(self._items, self._border, self.log, self._settings, self._folder, start, follow)

    def track(self) -> None:
        """Have folded what was appended since the last call."""
        self._following.track()

    def tracked(self) -> None:
        """Wait until everything is folded."""
        self._following.finish()

    def decide(self, notifier: Notifier) -> None:
        """Give the desk every update at its time, and hand over its mails."""
        deciding.decide(self.desk, deciding.updates(self.log), self._until, notifier)

    def close(self) -> None:
        """Close log and ledger."""
        self._following.close()
        self.log.close()
        self.desk.close()
