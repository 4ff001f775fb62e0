"""Members that are polled without waiting, as a pipeline of many stages polls them."""

from __future__ import annotations

import time

from answerable.sections import Kafka
from stream.kafka import KafkaLog
from stream.kafka_client import Clients

ANALYSED = "posts.analysed"


def test_members_that_are_polled_now_and_then_share_out_the_partitions(kafka: KafkaLog) -> None:
    members = [kafka.subscribe(ANALYSED, "readers") for _ in range(2)]
    held: list[set[int]] = [set(), set()]
    until = time.monotonic() + 20
    while time.monotonic() < until and [len(own) for own in held] != [2, 2]:
        for member, own in zip(members, held, strict=True):
            for batch in member.poll(0, 0.0):
                if batch.gained:
                    own.add(batch.partition)
                else:
                    own.discard(batch.partition)
        time.sleep(0.1)
    assert [len(own) for own in held] == [2, 2]
    assert held[0] | held[1] == {0, 1, 2, 3}


def test_a_member_that_joins_before_it_knows_the_topic_gets_its_share_once_it_does(cluster: Kafka) -> None:
    clients = Clients(cluster)
    for number in range(12):
        member = clients.member(f"{cluster.prefix}{number}")
        member.subscribe([cluster.prefix + ANALYSED])
        until = time.monotonic() + 10
        while len(member.assignment()) < 4 and time.monotonic() < until:
            member.poll(timeout_ms=0)
            time.sleep(0.002 * number)
        assert len(member.assignment()) == 4
        member.close()
