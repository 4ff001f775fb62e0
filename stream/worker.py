"""The one loop that reads a topic: it handles batches, holds them back, or sets single messages aside."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec

from answerable import log
from answerable.errors import Rejected, Unavailable
from answerable.metrics import SET_ASIDE
from stream.deadletter import DeadLetter, DeadLetterBox
from stream.log import Batch, Subscription
from stream.marks import mark

__all__ = ["Stop", "Worker"]

TRIES = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


class Stop(Protocol):
    """Says when to end; a threading.Event is one."""

    def is_set(self) -> bool:
        """Tell whether to end now."""
        ...


class Worker:
    """Gives a subscription's batches to `handle`, in order, and commits what it returned from.

    `handle` gets every batch, also the empty ones that tell of gained and lost partitions. It may see
    any part of a batch again, as a shorter batch, until it has returned. What it raises decides:
    Unavailable holds the same batch and pauses (0.5 s, doubled up to 30 s; `sleep` is called with
    the seconds), staying a member of the group. Anything else halves the batch until the message at
    fault stands alone, which is set aside after three tries (after one if Rejected) while the others
    go on. An error over an empty batch is no message's fault and ends the worker.
    """

    def __init__(
        self,
        subscription: Subscription,
        handle: Callable[[Batch], object],
        deadletters: DeadLetterBox,
        topic: str,
        stage: str,
        sleep: Callable[[float], object],
    ) -> None:
        self._subscription, self._handle, self._deadletters = subscription, handle, deadletters
        self._topic, self._stage, self._sleep = topic, stage, sleep
        self._log = log.get("stream").bind(stage=stage)
        self._held: deque[Batch] = deque()
        self._handled: Batch | None = None  # handled or set aside, but not committed yet
        self._tries = 0
        self._pauses = 0

    def step(self, limit: int, timeout: float, now: int) -> bool:
        """Go on with what is held, or poll; tell whether anything was handled. `now` dates dead letters."""
        handled = False
        try:
            self._commit()
            if not self._held:
                self._held.extend(self._subscription.poll(limit, timeout))
                mark("batch fetched")
            while self._held:
                handled = self._work(now) or handled
            self._pauses = 0
        except Unavailable as reason:
            self._pauses = 0 if handled else self._pauses
            self._pause(reason)
        return handled

    def run(self, stop: Stop, clock: Callable[[], int], limit: int = 500, timeout: float = 1.0) -> None:
        """Step until `stop` is set, then leave the group."""
        try:
            while not stop.is_set():
                self.step(limit, timeout, clock())
        finally:
            self.close()

    def close(self) -> None:
        """Leave the group; what is held goes to another member."""
        self._subscription.close()

    def _work(self, now: int) -> bool:
        """Try the first held batch; tell whether it is done with."""
        batch = self._held[0]
        try:
            self._handle(batch)
        except Unavailable:
            raise
        except Exception as error:
            if not batch.messages:
                raise
            return self._blame(batch, error, now)
        mark("batch handled")
        self._done(batch)
        return bool(batch.messages)

    def _blame(self, batch: Batch, error: Exception, now: int) -> bool:
        """Halve the batch, try the lone message again, or set it aside."""
        if len(batch.messages) > 1:
            self._held.popleft()
            self._held.extendleft(reversed(_halves(batch)))
            return False
        self._tries += 1
        if self._tries < TRIES and not isinstance(error, Rejected):
            return False
        letter = DeadLetter(
            self._topic, batch.partition, batch.first, self._stage, type(error).__name__, self._tries, now
        )
        self._deadletters.put(letter)
        mark("dead letter kept")
        SET_ASIDE.labels(self._stage).inc()
        self._log.warning(
            "a message was set aside and the others go on; its place is kept as a dead letter",
            topic=letter.topic, partition=letter.partition, offset=letter.offset, error=letter.error,
        )  # fmt: skip
        self._done(batch)
        return True

    def _done(self, batch: Batch) -> None:
        self._held.popleft()
        self._tries = 0
        if batch.messages:
            self._handled = batch
            self._commit()

    def _commit(self) -> None:
        """Commit what was handled; a commit that failed is tried again before anything else."""
        if self._handled is None:
            return
        try:
            self._subscription.commit(self._handled.partition, self._handled.next)
        except Rejected:  # the partition has gone to another member, which handles the rest
            gone = self._handled.partition
            self._held = deque(batch for batch in self._held if batch.partition != gone)
        self._handled = None

    def _pause(self, reason: Unavailable) -> None:
        seconds = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._pauses)
        self._pauses = min(self._pauses + 1, 10)
        self._log.warning("something cannot be reached; the batch is held back", reason=str(reason), pause_s=seconds)
        self._sleep(seconds)
        self._stay()

    def _stay(self) -> None:
        """Stay a member of the group while a batch is held, and let go of what was lost meanwhile."""
        try:
            moves = self._subscription.poll(0, 0.0)
        except Unavailable:
            return  # the same trouble, most likely; the next step meets it again
        lost = {batch.partition for batch in moves if batch.lost}
        if self._held and self._held[0].partition in lost:
            self._tries = 0
        if self._handled is not None and self._handled.partition in lost:
            self._handled = None
        kept = [batch for batch in self._held if batch.partition not in lost]
        self._held = deque([batch for batch in moves if batch.lost] + kept + [b for b in moves if b.gained])


def _halves(batch: Batch) -> list[Batch]:
    """Cut a batch in two, in order.

    >>> from stream.log import Message
    >>> [(half.first, len(half.messages)) for half in _halves(Batch(0, 10, (Message("a", b""),) * 5))]
    [(10, 2), (12, 3)]
    """
    middle = len(batch.messages) // 2
    left, right = batch.messages[:middle], batch.messages[middle:]
    return [
        msgspec.structs.replace(batch, messages=left),
        msgspec.structs.replace(batch, first=batch.first + middle, messages=right),
    ]
