"""The log on Kafka, where it differs from the embedded one: servers that are away, topics that are wrong, zombies."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.sections import Kafka
from stream.kafka import KafkaLog
from stream.kafka_client import MESSAGE_BYTES
from stream.kafka_deadletters import KafkaDeadLetters
from stream.kafka_topics import apply, planned
from stream.log import Batch, Message
from stream.worker import Worker
from tests import engines
from tests.contracts.kafka import put_out, settings
from tests.contracts.patience import drained, settled

RAW, ANALYSED = "posts.raw", "posts.analysed"


def numbered(first: int, count: int) -> list[Message]:
    return [Message("k", str(n).encode()) for n in range(first, first + count)]


def numbers(batches: list[Batch]) -> list[int]:
    return [int(message.value) for batch in batches for message in batch.messages]


def test_a_server_that_cannot_be_reached_is_unavailable_within_the_timeout() -> None:
    log = KafkaLog(settings("nowhere", "127.0.0.1:1", timeout_s=1.0), {})
    subscription = log.subscribe(RAW, "readers")
    calls: list[Callable[[], object]] = [
        lambda: log.append(RAW, numbered(0, 1)),
        lambda: log.ends(RAW),
        lambda: log.backlog(RAW, "readers"),
        lambda: subscription.poll(1, 0.0),
    ]
    for call in calls:
        begun = time.monotonic()
        with pytest.raises(Unavailable, match=r"^Kafka at 127\.0\.0\.1:1 cannot be reached: it did not answer"):
            call()
        assert time.monotonic() - begun < 10
    log.close()


def test_a_topic_that_is_missing_asks_for_migrate(cluster: Kafka) -> None:
    log = KafkaLog(cluster, {})
    with pytest.raises(SettingsError, match="run `answerable migrate`"):
        log.append("nothing", numbered(0, 1))
    with pytest.raises(SettingsError, match="run `answerable migrate`"):
        log.subscribe("nothing", "readers").poll(1, 0.0)
    log.close()


def test_a_topic_cut_otherwise_is_refused_with_the_number_to_write(cluster: Kafka) -> None:
    log = KafkaLog(cluster, {ANALYSED: 32})
    with pytest.raises(SettingsError, match=r"made with 4 partitions.*32 are asked for; set stream\.partitions = 4"):
        log.append(ANALYSED, numbered(0, 1))
    with pytest.raises(SettingsError, match=r"set stream\.partitions = 4"):
        log.subscribe(ANALYSED, "readers").poll(1, 0.0)
    log.close()


def test_a_message_that_is_too_long_is_refused_and_nothing_is_appended(kafka: KafkaLog) -> None:
    with pytest.raises(Rejected, match="too long"):
        kafka.append(RAW, [Message("k", b"1"), Message("k", bytes(MESSAGE_BYTES))])
    assert kafka.ends(RAW) == [(0, 0)]
    kafka.append(RAW, [Message("k", bytes(MESSAGE_BYTES - 1))])
    assert kafka.ends(RAW) == [(0, 1)]


def test_a_member_that_was_put_out_of_its_group_cannot_commit_and_hears_of_it(
    kafka: KafkaLog, cluster: Kafka
) -> None:
    kafka.append(RAW, numbered(0, 10))
    zombie = kafka.subscribe(RAW, "readers")
    assert numbers(drained(zombie)) == list(range(10))
    put_out(cluster, "readers", RAW)
    heir = kafka.subscribe(RAW, "readers")
    assert numbers(drained(heir)) == list(range(10))
    heir.commit(0, 10)
    with pytest.raises(Rejected, match="gone to another member"):
        zombie.commit(0, 5)
    assert [(batch.partition, batch.lost) for batch in zombie.poll(10, 0.0)] == [(0, True)]
    assert kafka.backlog(RAW, "readers") == 0


def test_a_member_that_comes_back_alone_reads_again_what_it_had_not_committed(
    kafka: KafkaLog, cluster: Kafka
) -> None:
    kafka.append(RAW, numbered(0, 10))
    member = kafka.subscribe(RAW, "readers")
    drained(member)
    member.commit(0, 4)
    put_out(cluster, "readers", RAW)
    with pytest.raises(Rejected):
        member.commit(0, 7)
    assert numbers(drained(member)) == list(range(4, 10))


def test_what_age_dropped_before_it_was_handled_is_told_at_the_start(kafka: KafkaLog) -> None:
    kafka.append(RAW, numbered(0, 10))
    member = kafka.subscribe(RAW, "readers")
    drained(member)
    member.commit(0, 3)
    member.close()
    kafka.drop_before(RAW, 0, 7)
    with capture_logs() as told:
        assert numbers(drained(kafka.subscribe(RAW, "readers"))) == [7, 8, 9]
    assert [(event["committed"], event["oldest"], event["lost"]) for event in told] == [(3, 7, 4)]
    assert kafka.read(RAW, 0, 6) == ()
    assert kafka.read(RAW, 0, 7) == (Message("k", b"7"),)


def test_a_worker_that_is_held_up_keeps_its_place_while_others_come_and_go(kafka: KafkaLog) -> None:
    for partition in range(4):
        kafka.append(ANALYSED, numbered(partition * 100, 20), partition=partition)
    handled: dict[int, list[int]] = {}
    trouble = [3]

    def handle(batch: Batch) -> None:
        if batch.messages and trouble[0]:
            trouble[0] -= 1
            raise Unavailable("the sink is away")
        handled.setdefault(batch.partition, []).extend(int(message.value) for message in batch.messages)

    subscription = kafka.subscribe(ANALYSED, "readers")
    guests = [kafka.subscribe(ANALYSED, "readers") for _ in range(3)]

    def sleep(seconds: float) -> None:
        if guests:
            settled(guests[-1])
            guests.pop().close()

    worker = Worker(subscription, handle, KafkaDeadLetters(kafka), ANALYSED, "test", sleep)
    until = time.monotonic() + 30
    while kafka.backlog(ANALYSED, "readers") and time.monotonic() < until:
        worker.step(7, 0.2, 0)
    assert trouble == [0]
    assert handled == {partition: list(range(partition * 100, partition * 100 + 20)) for partition in range(4)}


@pytest.mark.slow
def test_a_member_that_only_waits_keeps_its_partitions_for_longer_than_a_session(cluster: Kafka) -> None:
    log = KafkaLog(replace(cluster, session_s=6.0), {})
    log.append(RAW, numbered(0, 5))
    member = log.subscribe(RAW, "readers")
    assert [batch.gained for batch in member.poll(10, 10.0)] == [True]
    time.sleep(8)
    assert member.poll(0, 0.0) == []
    assert numbers(drained(member)) == list(range(5))
    log.close()


@pytest.mark.slow
def test_a_broker_that_was_killed_and_is_back_loses_nothing() -> None:
    with engines.throwaway_broker() as broker:
        config = settings("own", broker.address, timeout_s=5.0)
        apply(config, planned(config, 1))
        log = KafkaLog(config, {})
        member = log.subscribe(RAW, "readers")
        log.append(RAW, numbered(0, 10))
        assert numbers(drained(member)) == list(range(10))
        broker.kill()
        begun = time.monotonic()
        with pytest.raises(Unavailable, match="has not acknowledged"):
            log.append(RAW, numbered(10, 10))
        with pytest.raises(Unavailable):
            member.commit(0, 10)
        assert time.monotonic() - begun < 30
        broker.start()
        log.append(RAW, numbered(10, 10))
        seen: set[int] = set()
        until = time.monotonic() + 30
        while len(seen) < 10 and time.monotonic() < until:
            seen |= set(numbers(member.poll(100, 0.5)))
        assert seen >= set(range(10, 20))
        member.commit(0, log.ends(RAW)[0][1])
        assert log.backlog(RAW, "readers") == 0
        log.close()
