"""Posts of the past on their way through border, folds and desk, by the clock in them, in a folder of their own."""

from __future__ import annotations

from alerts.notify import Notifier
from answerable.app import wiring
from answerable.app.backfill import DRAIN, backfill
from answerable.app.children import count
from answerable.app.items import Items
from answerable.app.reading import FEW
from answerable.app.replay.deciding import Deciding
from answerable.app.replay.folder import Folder, Progress
from answerable.app.replay.folding import following
from answerable.app.replay.read import read
from answerable.settings import Settings

__all__ = ["Past"]


class Past:
    """Three stages beside each other, each of which goes on where a killed run of the same folder had come."""

    def __init__(
        self, items: Items, settings: Settings, kept: wiring.Register, folder: Folder, notifier: Notifier
    ) -> None:
        self._items, self._settings, self._folder = items, settings, folder
        self._until = items.latest + DRAIN if len(items) else DRAIN
        self.log = wiring.log(settings, folder.work / "log.db")
        self.desk = wiring.desk(settings, kept, folder.work / "ledger.db", wiring.REPLAYED, replay=True)
        self._following = following(self.log, settings, count(settings) if len(items) > FEW else 1)
        self._deciding = Deciding(self.desk, self.log, notifier)

    def read(self, start: Progress) -> None:
        """Append what the items say; folds and desk follow."""
        chunks = backfill(self._items, self._settings, self._folder.work / "keys")
        read(chunks, self.log, self._folder, start, self.follow)

    def follow(self, until: int) -> None:
        """Have folded what was appended, which brings time to `until`, and decide as far as all folds have come."""
        self._following.track(until)
        self._deciding.before(self._following.until)

    def tracked(self) -> None:
        """Wait until everything is folded."""
        self._following.finish(self._until)

    def decide(self) -> None:
        """Give the desk the rest, at its time, and hand over its mails."""
        self._deciding.finish(self._until)

    def close(self) -> None:
        """Close log and ledger."""
        self._following.close()
        self.log.close()
        self.desk.close()
