"""Posts of the past on their way through border, folds and desk, by the clock in them, in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alerts.notify import Notifier
from answerable.app import wiring
from answerable.app.backfill import DRAIN
from answerable.app.replay import track
from answerable.app.replay.folder import Folder, Progress
from answerable.app.replay.read import read
from answerable.app.replay.revisions import in_order
from answerable.settings import Settings
from crawlers.border import Border, DayKeys, RawItem
from incidents.tracker import Tracker
from stream.topics import POSTS_ANALYSED

__all__ = ["Past"]


class Past:
    """Three stages, each of which goes on where a killed run of the same folder had come."""

    def __init__(self, items: Sequence[RawItem], settings: Settings, kept: wiring.Register, folder: Folder) -> None:
        self._items, self._settings, self._folder = in_order(items), settings, folder
        self._until = max((item.fetched_at for item in items), default=0) + DRAIN
        self.log = wiring.log(settings, folder.work / "log.db")
        self.desk = wiring.desk(settings, kept, folder.work / "ledger.db", wiring.REPLAYED, replay=True)
        self._border = Border(DayKeys(folder.work / "keys"), None)
        tracker = Tracker(self.log, POSTS_ANALYSED, "track", settings.incidents, kept.gazetteer.district_of)
        self._following = track.Following(self.log, tracker)

    def read(self, start: Progress, follow: Callable[[], object]) -> None:
        """Append what the items say; `follow` is called now and then, for the folds."""
        read(self._items, self._border, self.log, self._settings, self._folder, start, follow)

    def track(self) -> None:
        """Fold what was appended and not folded yet."""
        self._following.track()

    def decide(self, notifier: Notifier) -> None:
        """Give the desk every update at its time, and hand over its mails."""
        track.decide(self.desk, track.updates(self.log), self._until, notifier)

    def close(self) -> None:
        """Close log and ledger."""
        self._following.close()
        self.log.close()
        self.desk.close()
