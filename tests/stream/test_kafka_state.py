"""State on Kafka: claims, zombies, snapshots, and SIGKILL between any two steps."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from answerable.errors import Rejected, Unavailable
from answerable.sections import Kafka
from stream.kafka import KafkaLog
from stream.kafka_state import KafkaStateStore
from stream.kafka_topics import apply, planned
from stream.log import Message
from stream.state import Closed, Overtaken, Restored
from stream.topics import state_of
from tests import engines
from tests.contracts.kafka import put_out, settings
from tests.stream import kafka_victim as victim

TOPIC, GROUP, OUT = victim.TOPIC, victim.GROUP, victim.OUT
STATE = state_of(GROUP)
ROOT = Path(__file__).parents[2]


def closed(start: int, end: int, *emits: str, **changes: bytes | None) -> Closed:
    return Closed(1, start, end, changes, tuple((OUT, Message(key, b"update")) for key in emits))


def everything(log: KafkaLog, topic: str, partition: int = 0) -> list[Message]:
    first, end = log.span(topic, partition)
    found: list[Message] = []
    while first < end:
        page = log.page(topic, partition, first, end)
        found += [message for _, message in page]
        first = page[-1][0] + 1
    return found


def keys(log: KafkaLog) -> list[str]:
    return [message.key for message in everything(log, OUT)]


def test_after_a_newer_claim_a_zombie_is_refused_and_emits_nothing(kafka: KafkaLog) -> None:
    zombie, owner = KafkaStateStore(kafka), KafkaStateStore(kafka)
    zombie.restore(TOPIC, GROUP, 1)
    zombie.close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
    assert owner.restore(TOPIC, GROUP, 1) == Restored(3, {"a": b"1"})
    with pytest.raises(Overtaken, match="newer owner"):
        zombie.close_batch(TOPIC, GROUP, closed(3, 9, "of the zombie", a=b"9"))
    owner.close_batch(TOPIC, GROUP, closed(3, 5, "y", b=b"2"))
    assert KafkaStateStore(kafka).restore(TOPIC, GROUP, 1) == Restored(5, {"a": b"1", "b": b"2"})
    assert set(keys(kafka)) == {"x", "y"}


def test_a_zombie_that_still_owns_its_partition_restores_and_goes_on(kafka: KafkaLog) -> None:
    zombie, guest = KafkaStateStore(kafka), KafkaStateStore(kafka)
    zombie.restore(TOPIC, GROUP, 1)
    guest.restore(TOPIC, GROUP, 1)
    guest.close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
    with pytest.raises(Rejected):
        zombie.close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
    assert zombie.restore(TOPIC, GROUP, 1) == Restored(3, {"a": b"1"})
    zombie.close_batch(TOPIC, GROUP, closed(3, 4, "y", a=b"2"))
    with pytest.raises(Rejected):
        guest.close_batch(TOPIC, GROUP, closed(3, 4, "y", a=b"2"))
    assert guest.restore(TOPIC, GROUP, 1) == Restored(4, {"a": b"2"})


def test_closing_the_last_batch_of_all_again_keeps_it_once(kafka: KafkaLog) -> None:
    KafkaStateStore(kafka).close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
    KafkaStateStore(kafka).close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
    assert KafkaStateStore(kafka).restore(TOPIC, GROUP, 1) == Restored(3, {"a": b"1"})


def test_what_was_committed_is_not_emitted_again(kafka: KafkaLog) -> None:
    kafka.append(TOPIC, victim.numbered(0, 6), partition=1)
    worker = kafka.subscribe(TOPIC, GROUP)
    while not worker.poll(10, 1.0):
        pass
    store = KafkaStateStore(kafka)
    store.close_batch(TOPIC, GROUP, closed(0, 3, "x"))
    store.close_batch(TOPIC, GROUP, closed(3, 4, "y"))
    store.close_batch(TOPIC, GROUP, closed(4, 6, "z"))
    worker.commit(1, 4)
    KafkaStateStore(kafka).restore(TOPIC, GROUP, 1)
    assert keys(kafka) == ["x", "y", "z", "z"]


def test_old_records_go_once_two_snapshots_stand(kafka: KafkaLog) -> None:
    store = KafkaStateStore(kafka, batches=4)
    for number in range(20):
        store.close_batch(TOPIC, GROUP, closed(number, number + 1, **{f"k{number % 7}": str(number).encode()}))
    first, end = kafka.span(STATE, 1)
    assert end == 1 + 20 + 5  # a claim, the batches, the snapshots
    assert end - first == 2 + 4
    kept = {f"k{number % 7}": str(number).encode() for number in range(20)}
    assert KafkaStateStore(kafka, batches=4).restore(TOPIC, GROUP, 1) == Restored(20, kept)


def test_a_snapshot_by_a_zombie_counts_for_nothing(kafka: KafkaLog) -> None:
    zombie, owner = KafkaStateStore(kafka, batches=2), KafkaStateStore(kafka)
    for number in range(3):
        zombie.close_batch(TOPIC, GROUP, closed(number, number + 1, **{f"k{number}": b"z"}))
    owner.restore(TOPIC, GROUP, 1)
    owner.close_batch(TOPIC, GROUP, closed(3, 4, k0=b"o", k1=None))
    with pytest.raises(Overtaken):
        zombie.close_batch(TOPIC, GROUP, closed(3, 4, k0=b"z"))
    owner.close_batch(TOPIC, GROUP, closed(4, 5, k3=b"o"))
    assert owner.restore(TOPIC, GROUP, 1) == Restored(5, {"k0": b"o", "k2": b"z", "k3": b"o"})


def test_a_batch_and_a_state_of_several_megabytes_are_kept_whole(kafka: KafkaLog) -> None:
    noise = random.Random(4)  # noqa: S311 — bytes that do not shrink
    items = {f"k{number}": noise.randbytes(700_000) for number in range(5)}
    store = KafkaStateStore(kafka, batches=1)
    store.close_batch(TOPIC, GROUP, closed(0, 3, "x", **items))
    store.close_batch(TOPIC, GROUP, closed(3, 4, "y", k0=None))
    del items["k0"]
    assert KafkaStateStore(kafka).restore(TOPIC, GROUP, 1) == Restored(4, dict(items))


def test_what_can_never_be_emitted_is_refused_before_the_batch_is_closed(kafka: KafkaLog) -> None:
    store = KafkaStateStore(kafka)
    with pytest.raises(Rejected, match="too long"):
        store.close_batch(TOPIC, GROUP, Closed(1, 0, 3, {"a": b"1"}, ((OUT, Message("x", bytes(5_000_000))),)))
    assert store.restore(TOPIC, GROUP, 1) == Restored(0, {})


@pytest.mark.parametrize(
    "mark",
    [
        "state claimed", "state batch closed:1", "state batch closed:6", "updates emitted:1", "updates emitted:6",
        "snapshot written:1", "snapshot written:3", "batch handled:2", "batch handled:9",
    ],
)  # fmt: skip
def test_a_killed_tracker_loses_nothing_and_the_next_one_emits_the_same_bytes(
    kafka: KafkaLog, cluster: Kafka, mark: str
) -> None:
    kafka.append(TOPIC, victim.numbered(0, 60), partition=victim.PARTITION)
    killed = run(cluster, mark)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    put_out(cluster, GROUP, TOPIC)  # as the server does after 45 seconds
    again = run(cluster)
    assert again.returncode == 0, again.stderr
    emitted = everything(kafka, OUT)
    assert set(emitted) == set(victim.numbered(0, 60))
    assert len(emitted) <= 60 + 2 * victim.SIZE
    restored = KafkaStateStore(kafka).restore(TOPIC, GROUP, victim.PARTITION)
    assert restored == Restored(60, {"count": b"60"})
    assert kafka.backlog(TOPIC, GROUP) == 0


def run(cluster: Kafka, kill_at: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 — our own code
        [sys.executable, "-m", "tests.stream.kafka_victim", cluster.bootstrap[0], cluster.prefix.removesuffix(".")],
        cwd=ROOT, env={**os.environ, "ANSWERABLE_KILL_AT": kill_at}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


@pytest.mark.slow
def test_a_batch_that_was_held_back_while_the_broker_was_away_is_closed_once() -> None:
    with engines.throwaway_broker() as broker:
        config = settings("own", broker.address, timeout_s=3.0)
        apply(config, planned(config, 4))
        log = KafkaLog(config, {TOPIC: 4})
        store = KafkaStateStore(log)
        store.close_batch(TOPIC, GROUP, closed(0, 3, "x", a=b"1"))
        broker.kill()
        for _ in range(2):
            with pytest.raises(Unavailable):
                store.close_batch(TOPIC, GROUP, closed(3, 4, "y", a=b"2"))
        broker.start()
        store.close_batch(TOPIC, GROUP, closed(3, 4, "y", a=b"2"))
        assert KafkaStateStore(log).restore(TOPIC, GROUP, 1) == Restored(4, {"a": b"2"})
        assert set(keys(log)) == {"x", "y"}
        log.close()
