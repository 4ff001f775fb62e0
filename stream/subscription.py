"""One member of a consumer group on the embedded log."""

from __future__ import annotations

import threading
import time

from answerable.errors import Rejected
from stream.lanes import Lanes
from stream.log import Batch
from stream.membership import Membership

__all__ = ["Bell", "SqliteSubscription"]

_LOOK_S = 0.25  # how long another process's append may go unnoticed


class Bell:
    """Rings when something was appended or a member came or went; its lock guards the memberships."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self.rung = 0

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self.lock:
            self.rung += 1
            self.lock.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Wait until it has rung more than `heard` times, or the seconds are over."""
        with self.lock:
            self.lock.wait_for(lambda: self.rung != heard, max(0.0, seconds))


class SqliteSubscription:
    """Reads the partitions that its group's membership gives it; used by one thread at a time.

    `poll` tells first which partitions came and went, and gives messages from the next call on. With
    `limit` 0 it gives no messages: a worker that holds a batch back stays a member by it.
    """

    def __init__(self, lanes: Lanes, topic: str, group: str, membership: Membership, bell: Bell) -> None:
        self._lanes, self._topic, self._group = lanes, topic, group
        self._membership, self._bell = membership, bell
        self._positions: dict[int, int] = {}
        self._arrived: list[int] = []
        self._gone: list[int] = []
        self._last = -1
        with bell.lock:
            self._member = membership.join()
        bell.ring()

    def poll(self, limit: int, timeout: float) -> list[Batch]:
        """Return what moved, or at most one batch a partition; [] after `timeout` seconds."""
        until = time.monotonic() + timeout
        while True:
            heard = self._bell.rung
            batches = self._moves() or self._fetch(limit)
            left = until - time.monotonic()
            if batches or left <= 0:
                return batches
            self._bell.wait(heard, min(left, _LOOK_S))

    def commit(self, partition: int, offset: int) -> None:
        """Record the group's offset; raise Rejected for a partition that this member does not hold."""
        lane = self._lanes.lane(self._topic, partition)
        with self._bell.lock:
            if not self._membership.holds(self._member, partition):
                raise Rejected(f"partition {partition} of {self._topic} has gone to another member of {self._group}")
        with self._lanes.database.transaction() as connection:
            self._lanes.commit(connection, self._group, lane, offset)

    def close(self) -> None:
        """Leave the group; closing twice is allowed."""
        with self._bell.lock:
            self._membership.leave(self._member)
        self._positions.clear()
        self._bell.ring()

    def _moves(self) -> list[Batch]:
        """Tell what moved; what could not be told for lack of the file is told next time."""
        with self._bell.lock:
            moved = self._membership.sync(self._member)
        if moved.lost:
            self._bell.ring()  # they are free for others now
        self._gone += [partition for partition in moved.lost if partition not in self._arrived]
        self._arrived = [p for p in self._arrived if p not in moved.lost] + list(moved.gained)
        for partition in moved.lost:
            self._positions.pop(partition, None)
        batches = [Batch(partition, 0, lost=True) for partition in self._gone]
        for partition in self._arrived:
            lane = self._lanes.lane(self._topic, partition)
            with self._lanes.database.read() as connection:
                position = self._lanes.reached(connection, self._group, lane)
            batches.append(Batch(partition, position, gained=True))
        self._positions.update((batch.partition, batch.first) for batch in batches if batch.gained)
        self._arrived, self._gone = [], []
        return batches

    def _fetch(self, limit: int) -> list[Batch]:
        """Read on where there is more, beginning with the partition after the one served last."""
        batches: list[Batch] = []
        if limit <= 0 or not self._positions:
            return batches
        ends = self._lanes.ends(self._topic)
        for partition in sorted(self._positions, key=lambda p: (p <= self._last, p)):
            position, lane = self._positions[partition], self._lanes.lane(self._topic, partition)
            if limit > 0 and position < ends[partition][1]:
                batch = Batch(partition, *self._lanes.read(lane, position, limit))
                self._positions[partition] = batch.next
                self._last = partition
                limit -= len(batch.messages)
                batches += [batch] if batch.messages else []
        return batches
