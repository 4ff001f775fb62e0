"""The glue to the log: closing, retrying, moving, and one update stream for any number of partitions."""

from __future__ import annotations

import pytest

from answerable.errors import Rejected, Unavailable
from answerable.post import AnalysedPost, Record, Tick, encode
from answerable.settings import load
from incidents.tracker import Tracker
from stream.log import Batch, Message
from stream.state import Closed, Overtaken, Restored
from stream.topics import INCIDENTS, POSTS_ANALYSED, partition_of
from tests.incidents.town import START, WATER, a_crowd, a_day


class Store:
    """A state store in memory that can be told to fail."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, bytes]] = {}
        self.offsets: dict[int, int] = {}
        self.emitted: list[tuple[str, Message]] = []
        self.fails = 0
        self.restored = 0

    def passed(self, topic: str, group: str, partition: int, since: int, to: int) -> int | None:
        reached = self.offsets.get(partition, 0)
        return reached if reached in (since, to) else None

    def restore(self, topic: str, group: str, partition: int) -> Restored:
        self.restored += 1
        return Restored(self.offsets.get(partition, 0), dict(self.items.get(partition, {})))

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        if self.fails:
            self.fails -= 1
            raise Unavailable("the disk is full")
        if closed.from_offset != self.offsets.get(closed.partition, 0):
            raise Overtaken("not the offset reached")
        items = self.items.setdefault(closed.partition, {})
        for key, value in closed.changes.items():
            if value is None:
                items.pop(key, None)
            else:
                items[key] = value
        self.offsets[closed.partition] = closed.to_offset
        self.emitted += closed.emits


def a_tracker(store: Store) -> Tracker:
    return Tracker(store, POSTS_ANALYSED, "track", load(environ={}).incidents)


def logs(records: list[Record], partitions: int) -> dict[int, list[Message]]:
    """Return the messages of every partition, ticks in all of them."""
    found: dict[int, list[Message]] = {number: [] for number in range(partitions)}
    for record in records:
        if isinstance(record, AnalysedPost):
            found[partition_of(record.area, partitions)].append(Message(record.area, encode(record)))
        else:
            for messages in found.values():
                messages.append(Message("", encode(record)))
    return found


def track(records: list[Record], partitions: int, size: int) -> dict[str, list[bytes]]:
    """Track everything in batches of `size`; return what was told of each key, in order."""
    store = Store()
    tracker = a_tracker(store)
    for partition, messages in logs(records, partitions).items():
        for first in range(0, len(messages), size):
            tracker.handle(Batch(partition, first, tuple(messages[first : first + size])))
    told: dict[str, list[bytes]] = {}
    for topic, message in store.emitted:
        told.setdefault(f"{topic} {message.key}", []).append(message.value)
    return told


def several_areas() -> list[Record]:
    records: list[Record] = []
    for number in range(6):
        records += [record for record in a_day(number, 60) if isinstance(record, AnalysedPost)]
    areas = [
        AnalysedPost(record.post, record.analysis, f"area{place % 6}")
        for place, record in enumerate(records)
        if isinstance(record, AnalysedPost)
    ]
    areas.sort(key=lambda record: (record.at, record.post.id))
    return [*areas, Tick(START + 40 * 86400)]


def test_any_number_of_partitions_and_any_batch_size_tell_the_same() -> None:
    records = several_areas()
    one = track(records, 1, 500)
    assert len(one) > 6
    assert track(records, 4, 64) == one
    assert track(records, 16, 7) == one


def test_a_tracker_that_takes_over_in_the_middle_tells_the_same() -> None:
    records = several_areas()
    messages = logs(records, 1)[0]
    store = Store()
    for first in range(0, len(messages), 50):
        a_tracker(store).handle(Batch(0, first, tuple(messages[first : first + 50])))
    told: dict[str, list[bytes]] = {}
    for topic, message in store.emitted:
        told.setdefault(f"{topic} {message.key}", []).append(message.value)
    assert told == track(records, 1, 50)


def test_a_batch_that_could_not_be_closed_is_folded_once() -> None:
    messages = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Store()
    tracker = a_tracker(store)
    store.fails = 2
    for _ in range(2):
        with pytest.raises(Unavailable):
            tracker.handle(Batch(0, 0, tuple(messages)))
    tracker.handle(Batch(0, 0, tuple(messages)))
    assert store.offsets[0] == 6
    assert [topic for topic, _ in store.emitted] == [INCIDENTS]


def test_a_batch_that_another_owner_went_past_is_held_and_folded_from_what_that_owner_left() -> None:
    messages = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Store()
    zombie, owner = a_tracker(store), a_tracker(store)
    zombie.handle(Batch(0, 0, tuple(messages[:2])))
    owner.handle(Batch(0, 2, tuple(messages[2:4])))
    with pytest.raises(Unavailable):
        zombie.handle(Batch(0, 2, tuple(messages[2:])))
    zombie.handle(Batch(0, 2, tuple(messages[2:])))
    assert store.offsets[0] == 6
    assert len(store.emitted) == 1


class Small(Store):
    """A store that keeps no batch of more than two messages."""

    def close_batch(self, topic: str, group: str, closed: Closed) -> None:
        """Refuse what is too long for a server."""
        if closed.to_offset - closed.from_offset > 2:
            raise Rejected("a message is too long")
        super().close_batch(topic, group, closed)


def test_a_batch_that_is_refused_for_good_is_not_in_the_way_of_its_parts() -> None:
    good = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Small()
    tracker = a_tracker(store)
    with pytest.raises(Rejected):
        tracker.handle(Batch(0, 0, tuple(good[:4])))
    for first in (0, 2, 4):
        tracker.handle(Batch(0, first, tuple(good[first : first + 2])))
    assert (store.offsets[0], len(store.emitted)) == (6, 1)


def test_messages_handled_before_are_passed_over() -> None:
    messages = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Store()
    tracker = a_tracker(store)
    tracker.handle(Batch(0, 0, tuple(messages[:4])))
    tracker.handle(Batch(0, 0, tuple(messages)))
    assert store.offsets[0] == 6
    assert len(store.emitted) == 1


def test_a_message_that_cannot_be_read_is_refused_before_anything_is_folded() -> None:
    good = logs(list(a_crowd(WATER, 5, START, 60)), 1)[0]
    store = Store()
    tracker = a_tracker(store)
    with pytest.raises(Rejected):
        tracker.handle(Batch(0, 0, (*good, Message("lt", b"no record"))))
    tracker.handle(Batch(0, 0, tuple(good)))
    tracker.handle(Batch(0, 6, (Message("", encode(Tick(START + 3600))),)))
    assert store.offsets[0] == 7


def test_a_lost_partition_is_dropped_and_a_gained_one_restored() -> None:
    messages = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Store()
    tracker = a_tracker(store)
    tracker.handle(Batch(0, 0, tuple(messages[:3])))
    tracker.handle(Batch(0, 3, lost=True))
    tracker.handle(Batch(0, 3, gained=True))
    tracker.handle(Batch(0, 3, tuple(messages[3:])))
    assert len(store.emitted) == 1


@pytest.mark.parametrize("moved", [True, False], ids=["the store went past it", "the store stands before it"])
def test_after_a_message_was_set_aside_the_next_ones_are_folded_by_the_folds_at_hand(moved: bool) -> None:
    good = logs(list(a_crowd(WATER, 6, START, 30)), 1)[0]
    store = Store()
    tracker = a_tracker(store)
    tracker.handle(Batch(0, 0, tuple(good[:3])))
    with pytest.raises(Rejected):
        tracker.handle(Batch(0, 3, (Message("lt", b"no record"),)))
    if moved:  # the worker commits, and the embedded store shares that offset
        store.offsets[0] = 4
    tracker.handle(Batch(0, 4, tuple(good[3:])))
    assert (store.offsets[0], store.restored) == (7, 1)
    assert [topic for topic, _ in store.emitted] == [INCIDENTS]
