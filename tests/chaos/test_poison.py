from __future__ import annotations

import msgspec
import pytest

from answerable import incident, post
from answerable.errors import DecodeError
from answerable.post import Tick
from stream.topics import INCIDENTS, LEDGER, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests.chaos.poison import CANARY, corpus, healthy
from tests.chaos.posts import handles, stream

TOPICS = (POSTS_RAW, POSTS_ANALYSED, INCIDENTS, MEMBERSHIPS, LEDGER)


def refused(topic: str, data: bytes) -> str:
    """Return why a message cannot be read, "" where it can."""
    try:
        (post if topic in (POSTS_RAW, POSTS_ANALYSED) else incident).decode(data)
    except DecodeError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_sixty_kinds_of_poison_and_reading_one_ends_in_words_without_its_content(topic: str) -> None:
    poisons = corpus(topic)
    assert len({poison.data for poison in poisons}) == len(poisons)
    assert len(poisons) >= 60
    why = [refused(topic, poison.data) for poison in poisons]
    assert sum(bool(one) for one in why) >= 40
    assert [one for one in why if CANARY in one] == []
    assert not refused(topic, healthy()[topic])


@pytest.mark.parametrize("at", [-1, 253_402_300_800, 2**64 - 1])
def test_a_time_that_no_clock_shows_is_refused_before_anybody_waits_for_it(at: int) -> None:
    with pytest.raises(DecodeError):
        post.decode(post.encode(Tick(at)))
    for topic, name in ((POSTS_RAW, "seen_at"), (INCIDENTS, "at"), (MEMBERSHIPS, "at"), (LEDGER, "at")):
        fields = msgspec.msgpack.decode(healthy()[topic]) | {name: at}
        assert refused(topic, msgspec.msgpack.encode(fields))


def test_a_log_that_takes_no_large_messages_is_given_none() -> None:
    assert max(len(poison.data) for poison in corpus(POSTS_RAW)) > 10_000_000
    assert max(len(poison.data) for poison in corpus(POSTS_RAW, largest=1 << 19)) <= 1 << 19


def test_the_same_seed_gives_the_same_posts_and_another_gives_others() -> None:
    first = stream(1, 500, 1_790_000_000)
    assert stream(1, 500, 1_790_000_000) == first
    assert stream(2, 500, 1_790_000_000) != first
    assert [item.published_at for item in first] == sorted(item.published_at for item in first)
    assert {item.author for item in first} <= set(handles(1))
    assert 75 <= sum(bool(item.title) for item in first) <= 125  # a fifth is about what grows
