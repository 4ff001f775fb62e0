"""Members that are polled without waiting, as a pipeline of many stages polls them."""

from __future__ import annotations

import time

from stream.kafka import KafkaLog

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
