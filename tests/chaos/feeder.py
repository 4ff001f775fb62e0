"""Feeds posts as a crawler would: batch by batch, the same batch again where no word came back."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from itertools import islice

import msgspec

from answerable.errors import Unavailable
from answerable.post import Forget, Post
from crawlers.border import Border, DayKeys
from tests.chaos.judge import Ledger, Op
from tests.chaos.machine import Machine
from tests.chaos.posts import stream

__all__ = ["Feeder", "Take", "admitted"]

Take = Callable[[Sequence[Post | Forget]], object]
_BATCH, _FEW = 40, 4
_AGAIN_S = 0.2
_DELETED_OF = 100  # one post in so many is deleted at its source a while after it was taken in
_GIVES_UP = 0.05


def admitted(machine: Machine, seed: int, count: int) -> list[Post | Forget]:
    """Return the posts of a seed behind the border, and the deletion of every hundredth some way behind it."""
    now = machine.now
    border = Border(DayKeys(machine.data / "crawl" / "keys"), None, now)
    posts = [border.admit(item) for item in stream(seed, count, now)]
    records: list[Post | Forget] = []
    for number, one in enumerate(posts):
        records.append(one)
        if number % _DELETED_OF == _DELETED_OF - 1:
            gone = posts[number // 2]
            records.append(Forget(gone.id, gone.published_at, now))
    return records


class Feeder:
    """Feeds records on a thread of its own through `way_in`, `rate` a second (0 = as fast as it goes).

    Every batch is noted in the ledger. Where no word came back it is given again, unless it holds nothing but
    posts and the seed lets it be given up: then nobody may rely on it.
    """

    def __init__(
        self, records: Sequence[Post | Forget], way_in: Callable[[], AbstractContextManager[Take]], ledger: Ledger,
        machine: Machine, seed: int, rate: float,
    ) -> None:  # fmt: skip
        self._records, self._way_in, self._ledger, self._machine = records, way_in, ledger, machine
        self._draw = random.Random(f"feeder {seed}")  # noqa: S311 — a seeded choice, no secret
        self.rate, self.fed, self.words_lost = rate, 0, 0
        self.forgotten: set[str] = set()
        self._stop = threading.Event()
        self._line = ExitStack()
        self._take: Take | None = None
        self._thread = threading.Thread(target=self._feed, name="feeder", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether everything was fed."""
        return not self._thread.is_alive()

    def last(self, seconds: float) -> None:
        """Feed what is left evenly over about so many seconds."""
        self.rate = max(1.0, (len(self._records) - self.fed) / max(1.0, seconds))

    def finish(self, seconds: float) -> bool:
        """Feed what is left as fast as it goes; tell whether that was done within so many seconds."""
        self.rate = 0.0
        self._thread.join(seconds)
        return self.done

    def note(self, op: Op, posts: Sequence[str]) -> None:
        """Note posts that went another way."""
        self._ledger.note(op, posts)

    def stop(self) -> None:
        """End, whatever is left."""
        self._stop.set()
        self._thread.join()

    def _feed(self) -> None:
        left = iter(self._records)
        while (batch := list(islice(left, self._size()))) and not self._stop.is_set():
            began = time.monotonic()
            while not self._give(batch) and not self._stop.is_set():
                self._stop.wait(_AGAIN_S)
            self.fed += len(batch)
            while self.rate and time.monotonic() - began < len(batch) / self.rate and not self._stop.is_set():
                self._stop.wait(0.02)
        self._line.close()

    def _size(self) -> int:
        """Return how many records go together: those of half a second."""
        return min(_BATCH, max(_FEW, int(self.rate / 2))) if self.rate else _BATCH

    def _give(self, batch: Sequence[Post | Forget]) -> bool:
        """Give a batch once; tell whether it is done with."""
        now = self._machine.now
        stamped = [msgspec.structs.replace(one, seen_at=now) if isinstance(one, Post) else one for one in batch]
        posts = [one.id for one in batch if isinstance(one, Post)]
        forgets = [one.id for one in batch if isinstance(one, Forget)]
        try:
            if self._take is None:
                self._take = self._line.enter_context(self._way_in())
        except Unavailable:
            return False  # nobody was asked
        self._ledger.note(Op.INVOKE, posts)
        try:
            self._take(stamped)
        except Unavailable:
            self._ledger.note(Op.UNKNOWN, posts)
            self.words_lost += 1
            self._take = None
            self._line.close()
            return not forgets and self._draw.random() < _GIVES_UP
        self._ledger.note(Op.OK, posts)
        self.forgotten.update(forgets)
        return True
