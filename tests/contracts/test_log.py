"""What every Log and Subscription promises."""

from __future__ import annotations

import threading
import time

import pytest

from stream.log import Batch, Log, Message, Subscription
from stream.topics import partition_of
from tests.contracts.adapters import PARTITIONS, Streams
from tests.contracts.conftest import OpenStreams
from tests.contracts.patience import drained, quiet, settled

TOPIC = "posts.analysed"
ONE = "posts.raw"
COUNT = PARTITIONS[TOPIC]


@pytest.fixture
def log(streams: Streams) -> Log:
    return streams.log


def numbered(first: int, count: int) -> list[Message]:
    return [Message(f"area-{n % 7}", str(n).encode()) for n in range(first, first + count)]


def values(batches: list[Batch], partition: int | None = None) -> list[int]:
    chosen = [batch for batch in batches if partition is None or batch.partition == partition]
    return [int(message.value) for batch in chosen for message in batch.messages]


def test_messages_of_a_partition_arrive_in_the_order_appended(log: Log) -> None:
    log.append(TOPIC, numbered(0, 300))
    log.append(TOPIC, numbered(300, 200))
    batches = drained(log.subscribe(TOPIC, "readers"))
    assert sorted(values(batches)) == list(range(500))
    for partition in range(COUNT):
        assert values(batches, partition) == sorted(values(batches, partition))


def test_equal_keys_go_to_the_partition_that_the_key_names(log: Log) -> None:
    log.append(TOPIC, numbered(0, 70))
    for batch in drained(log.subscribe(TOPIC, "readers")):
        assert {partition_of(message.key, COUNT) for message in batch.messages} == {batch.partition}


def test_a_message_can_be_sent_to_a_named_partition_or_to_all(log: Log) -> None:
    log.append(TOPIC, numbered(1, 1), partition=2)
    log.append(TOPIC, numbered(2, 2), partition=-1)
    batches = drained(log.subscribe(TOPIC, "readers"))
    assert {p: values(batches, p) for p in range(COUNT)} == {0: [2, 3], 1: [2, 3], 2: [1, 2, 3], 3: [2, 3]}


def test_nothing_appended_is_nothing_to_read(log: Log) -> None:
    log.append(TOPIC, [])
    assert drained(log.subscribe(TOPIC, "readers")) == []


def test_offsets_follow_each_other_without_gaps(log: Log) -> None:
    log.append(TOPIC, numbered(0, 100))
    reached = dict.fromkeys(range(COUNT), 0)
    for batch in drained(log.subscribe(TOPIC, "readers"), limit=9):
        assert batch.first == reached[batch.partition]
        reached[batch.partition] = batch.next


def test_a_poll_gives_one_batch_a_partition_and_no_more_than_the_limit(log: Log) -> None:
    log.append(TOPIC, numbered(0, 200))
    subscription = log.subscribe(TOPIC, "readers")
    settled(subscription)
    while batches := subscription.poll(7, quiet(subscription)):
        assert sum(len(batch.messages) for batch in batches) <= 7
        assert len({batch.partition for batch in batches}) == len(batches)


def test_no_partition_waits_for_ever_behind_a_busy_one(log: Log) -> None:
    for partition in range(COUNT):
        log.append(TOPIC, numbered(0, 100), partition=partition)
    subscription = log.subscribe(TOPIC, "readers")
    settled(subscription)
    served = [batch.partition for _ in range(COUNT) for batch in subscription.poll(10, 10.0)]
    assert sorted(served) == list(range(COUNT))


def test_an_empty_poll_returns_after_its_timeout(log: Log) -> None:
    subscription = log.subscribe(ONE, "readers")
    drained(subscription)
    begun = time.monotonic()
    assert subscription.poll(10, 0.2) == []
    assert 0.15 < time.monotonic() - begun < 5


def test_a_waiting_poll_returns_when_something_is_appended(log: Log) -> None:
    subscription = log.subscribe(ONE, "readers")
    drained(subscription)
    later = threading.Timer(0.1, log.append, (ONE, numbered(5, 1)))
    later.start()
    batches = subscription.poll(10, 30.0)
    later.join()
    assert values(batches) == [5]


def test_every_group_sees_every_message(log: Log) -> None:
    log.append(TOPIC, numbered(0, 50))
    assert sorted(values(drained(log.subscribe(TOPIC, "index")))) == list(range(50))
    assert sorted(values(drained(log.subscribe(TOPIC, "track")))) == list(range(50))


def test_what_was_not_committed_comes_again(log: Log) -> None:
    log.append(ONE, numbered(0, 10))
    first = log.subscribe(ONE, "readers")
    assert values(drained(first)) == list(range(10))
    first.commit(0, 4)
    first.close()
    assert values(drained(log.subscribe(ONE, "readers"))) == list(range(4, 10))


def test_messages_and_commits_outlive_the_process(open_streams: OpenStreams) -> None:
    log = open_streams().log
    log.append(ONE, numbered(0, 10))
    subscription = log.subscribe(ONE, "readers")
    drained(subscription)
    subscription.commit(0, 7)
    subscription.close()
    log.close()
    again = open_streams().log
    assert values(drained(again.subscribe(ONE, "readers"))) == [7, 8, 9]
    assert again.partitions(TOPIC) == COUNT


def test_a_new_member_is_told_which_partitions_it_gained(log: Log) -> None:
    told = log.subscribe(TOPIC, "readers").poll(10, 10.0)
    assert [(batch.partition, batch.gained, batch.messages) for batch in told] == [
        (p, True, ()) for p in range(COUNT)
    ]


def test_members_of_a_group_share_the_partitions(log: Log) -> None:
    first, second = log.subscribe(TOPIC, "readers"), log.subscribe(TOPIC, "readers")
    settled(first, second)
    log.append(TOPIC, numbered(0, 100))
    one, two = drained(first), drained(second)
    assert {batch.partition for batch in one} & {batch.partition for batch in two} == set()
    assert sorted(values(one) + values(two)) == list(range(100))


def test_a_member_hears_of_a_lost_partition_before_another_gains_it(log: Log) -> None:
    first = log.subscribe(TOPIC, "readers")
    settled(first)
    second = log.subscribe(TOPIC, "readers")
    assert settled(second) == [[]]
    lost = {batch.partition for batch in first.poll(0, 10.0) if batch.lost}
    gained = {batch.partition for batch in settled(first, second)[1] if batch.gained}
    assert lost == gained
    assert len(lost) == COUNT // 2


def test_the_partitions_of_a_member_that_leaves_go_to_those_that_remain(log: Log) -> None:
    first, second = log.subscribe(TOPIC, "readers"), log.subscribe(TOPIC, "readers")
    settled(first, second)
    log.append(TOPIC, numbered(0, 100))
    seen = values(drained(first, commit=True))
    first.close()
    settled(second)
    assert sorted(seen + values(drained(second))) == list(range(100))


def test_a_poll_for_no_messages_still_tells_what_moved(log: Log) -> None:
    log.append(TOPIC, numbered(0, 100))
    first = log.subscribe(TOPIC, "readers")
    assert [batch.gained for batch in first.poll(0, 10.0)] == [True] * COUNT
    assert first.poll(0, 0.0) == []
    second = log.subscribe(TOPIC, "readers")
    assert settled(second) == [[]]
    assert [batch.lost for batch in first.poll(0, 10.0)] == [True] * (COUNT // 2)


def test_members_that_come_and_go_lose_nothing_and_double_nothing(log: Log) -> None:
    seen: list[tuple[int, int]] = []
    members: list[Subscription] = []
    for round_ in range(12):
        log.append(TOPIC, numbered(round_ * 20, 20))
        if round_ % 3 == 2:
            members.pop(0).close()
        else:
            members.append(log.subscribe(TOPIC, "readers"))
        for member in members:
            for batch in member.poll(15, min(quiet(member), 0.03)):
                seen += [(batch.partition, batch.first + n) for n in range(len(batch.messages))]
                if batch.messages:
                    member.commit(batch.partition, batch.next)
    for member in members[1:]:
        member.close()
    settled(members[0])
    for batch in drained(members[0], commit=True):
        seen += [(batch.partition, batch.first + n) for n in range(len(batch.messages))]
    assert len(seen) == 12 * 20
    assert len(set(seen)) == len(seen)
