"""What every StateStore promises."""

from __future__ import annotations

import pytest

from answerable.errors import Rejected
from stream.log import Message
from stream.state import Closed, Restored
from tests.contracts.adapters import Streams
from tests.contracts.conftest import OpenStreams
from tests.contracts.patience import drained

TOPIC, GROUP = "posts.analysed", "track"


def closed(partition: int, start: int, end: int, *emits: str, **changes: bytes | None) -> Closed:
    return Closed(partition, start, end, changes, tuple(("incidents", Message(key, b"update")) for key in emits))


def emitted(streams: Streams) -> list[str]:
    """Return the keys of what was emitted; what was not committed yet may be there again, with equal bytes."""
    subscription = streams.log.subscribe("incidents", "somebody")
    messages = [message for batch in drained(subscription) for message in batch.messages]
    subscription.close()
    assert all(message.value == b"update" for message in messages)
    return list(dict.fromkeys(message.key for message in messages))


def test_a_partition_that_nobody_owned_begins_empty_and_at_the_start(streams: Streams) -> None:
    assert streams.state.restore(TOPIC, GROUP, 1) == Restored(0, {})


def test_changes_deletions_messages_and_offset_are_kept(streams: Streams) -> None:
    streams.state.close_batch(TOPIC, GROUP, closed(1, 0, 3, "x", a=b"1", b=b"2"))
    streams.state.close_batch(TOPIC, GROUP, closed(1, 3, 5, "y", "z", a=None, b=b"3", c=b"4"))
    assert streams.state.restore(TOPIC, GROUP, 1) == Restored(5, {"b": b"3", "c": b"4"})
    assert emitted(streams) == ["x", "y", "z"]


def test_what_was_closed_outlives_the_process(open_streams: OpenStreams) -> None:
    streams = open_streams()
    streams.state.close_batch(TOPIC, GROUP, closed(2, 0, 3, "x", a=b"1"))
    streams.log.close()
    again = open_streams()
    assert again.state.restore(TOPIC, GROUP, 2) == Restored(3, {"a": b"1"})
    assert emitted(again) == ["x"]


@pytest.mark.parametrize("start", [0, 2, 4])
def test_a_batch_that_begins_elsewhere_is_refused_and_nothing_of_it_is_kept(streams: Streams, start: int) -> None:
    streams.state.close_batch(TOPIC, GROUP, closed(0, 0, 3, "x", a=b"1"))
    with pytest.raises(Rejected, match="reached 3"):
        streams.state.close_batch(TOPIC, GROUP, closed(0, start, 9, "y", a=b"9", b=b"9"))
    assert streams.state.restore(TOPIC, GROUP, 0) == Restored(3, {"a": b"1"})
    assert emitted(streams) == ["x"]


def test_partitions_and_groups_do_not_see_each_other(streams: Streams) -> None:
    streams.state.close_batch(TOPIC, GROUP, closed(0, 0, 3, a=b"1"))
    assert streams.state.restore(TOPIC, GROUP, 1) == Restored(0, {})
    assert streams.state.restore(TOPIC, "another", 0) == Restored(0, {})


def test_the_group_reads_on_where_its_last_batch_ended(streams: Streams) -> None:
    streams.log.append(TOPIC, [Message("k", str(n).encode()) for n in range(6)], partition=3)
    worker = streams.log.subscribe(TOPIC, GROUP)
    drained(worker)
    streams.state.close_batch(TOPIC, GROUP, closed(3, 0, 4, a=b"1"))
    worker.commit(3, 4)
    worker.close()
    batches = drained(streams.log.subscribe(TOPIC, GROUP))
    assert [(batch.first, [message.value for message in batch.messages]) for batch in batches] == [(4, [b"4", b"5"])]


def test_a_message_set_aside_by_a_commit_is_stepped_over(streams: Streams) -> None:
    streams.log.append(TOPIC, [Message("k", b"poison"), Message("k", b"fine")], partition=3)
    subscription = streams.log.subscribe(TOPIC, GROUP)
    drained(subscription)
    subscription.commit(3, 1)
    begin = streams.state.restore(TOPIC, GROUP, 3).offset
    streams.state.close_batch(TOPIC, GROUP, closed(3, begin, 2, a=b"1"))
    assert streams.state.restore(TOPIC, GROUP, 3) == Restored(2, {"a": b"1"})


def test_who_set_a_message_aside_goes_on_without_restoring(streams: Streams) -> None:
    streams.log.append(TOPIC, [Message("k", b"fine"), Message("k", b"poison"), Message("k", b"fine")], partition=3)
    subscription = streams.log.subscribe(TOPIC, GROUP)
    drained(subscription)
    streams.state.close_batch(TOPIC, GROUP, closed(3, 0, 1, a=b"1"))
    subscription.commit(3, 2)
    begin = streams.state.passed(TOPIC, GROUP, 3, 1, 2)
    assert begin is not None
    streams.state.close_batch(TOPIC, GROUP, closed(3, begin, 3, a=b"2"))
    assert streams.state.restore(TOPIC, GROUP, 3) == Restored(3, {"a": b"2"})


def test_what_another_owner_did_in_between_has_to_be_restored(streams: Streams) -> None:
    streams.log.append(TOPIC, [Message("k", b"fine")] * 5, partition=3)
    streams.state.close_batch(TOPIC, GROUP, closed(3, 0, 3, a=b"1"))
    assert streams.state.passed(TOPIC, GROUP, 3, 1, 4) is None
