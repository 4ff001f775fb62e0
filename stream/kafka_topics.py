"""The topics on Kafka: which there are, how they are cut and kept, and making them."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from msgspec import Struct

from answerable.errors import SettingsError
from answerable.sections import Kafka
from answerable.settings import Settings
from stream.kafka_client import MESSAGE_BYTES, Clients, in_our_words
from stream.kafka_library import ConfigResource, ConfigResourceType, KafkaAdminClient, errors
from stream.topics import (
    DEADLETTERS,
    INCIDENTS,
    LEDGER,
    MEMBERSHIPS,
    POSTS_ANALYSED,
    POSTS_RAW,
    PULSES,
    TOMBSTONES,
    state_of,
)

__all__ = ["Done", "Made", "TopicPlan", "apply", "plan", "planned"]

_HOUR_MS = 3_600_000
_FOR_EVER = -1


class TopicPlan(Struct, frozen=True):
    """A topic as it should be: its name on the cluster, partitions, replicas, and the server's settings for it."""

    name: str
    partitions: int
    replicas: int
    settings: tuple[tuple[str, str], ...]


class Done(enum.Enum):
    """What was found and done about a topic."""

    CREATED = "created"
    CHANGED = "settings changed"
    RIGHT = "as it should be"


class Made(Struct, frozen=True):
    """One topic's outcome; `settings` are those that were set."""

    topic: TopicPlan
    done: Done
    settings: tuple[tuple[str, str], ...] = ()


def plan(settings: Settings) -> tuple[TopicPlan, ...]:
    """Return every topic that the pipeline uses."""
    return planned(settings.kafka, settings.stream.partitions)


def planned(config: Kafka, partitions: int, stateful: Sequence[str] = ("track",)) -> tuple[TopicPlan, ...]:
    """Return the topics for so many partitions; `stateful` are the groups that keep state.

    Posts, updates and events are gone within 72 hours, dead letters after 30 days; tombstones stay, and state
    stays until its owner drops it.
    """
    passing, state = _kept(71 * _HOUR_MS, 50 * _HOUR_MS // 60), _kept(_FOR_EVER, _HOUR_MS)
    cut = [
        (POSTS_RAW, partitions, passing),
        (POSTS_ANALYSED, partitions, passing),
        (INCIDENTS, 1, passing),
        (MEMBERSHIPS, 1, passing),
        (LEDGER, 1, passing),
        (PULSES, 1, passing),
        (TOMBSTONES, 1, _kept(_FOR_EVER, 168 * _HOUR_MS)),
        (DEADLETTERS, 1, _kept(720 * _HOUR_MS, 24 * _HOUR_MS)),
        *((state_of(group), partitions, state) for group in stateful),
    ]
    in_step = (("min.insync.replicas", str(max(1, config.replicas - 1))),)
    return tuple(
        TopicPlan(config.prefix + topic, count, config.replicas, (*kept, *in_step)) for topic, count, kept in cut
    )


def apply(config: Kafka, plans: Sequence[TopicPlan], *, dry_run: bool = False) -> tuple[Made, ...]:
    """Create what is missing and set what differs; with `dry_run` only say so. Running it again changes nothing.

    Raises SettingsError, with nothing done, where a topic has another number of partitions; Unavailable where
    the server does not answer.
    """
    clients = Clients(config)
    client = clients.admin()
    try:
        with in_our_words(f"{clients.where} does not make topics"):
            found = _found(client, plans)
            for topic in plans:
                _same_count(topic, found.get(topic.name, topic.partitions))
            made = tuple(_made(client, topic, topic.name in found) for topic in plans)
            if not dry_run:
                _carry_out(client, made)
            return made
    finally:
        client.close()


def _kept(keep_ms: int, segment_ms: int) -> tuple[tuple[str, str], ...]:
    """Return the server's settings for how long messages stay; ages count from their arrival at the server."""
    return (
        ("cleanup.policy", "delete"),
        ("retention.ms", str(keep_ms)),
        ("segment.ms", str(segment_ms)),
        ("max.message.bytes", str(MESSAGE_BYTES + 100_000)),
        ("message.timestamp.type", "LogAppendTime"),
    )


def _found(client: KafkaAdminClient, plans: Sequence[TopicPlan]) -> dict[str, int]:
    topics = client.describe_topics([topic.name for topic in plans])
    return {topic["name"]: len(topic["partitions"]) for topic in topics if topic["partitions"]}


def _same_count(topic: TopicPlan, found: int) -> None:
    if found != topic.partitions:
        raise SettingsError(
            f"{topic.name} was made with {found} partitions, which is for life; {topic.partitions} are asked for",
            key="stream.partitions", repair=f"set stream.partitions = {found}, or another kafka.prefix",
        )  # fmt: skip


def _made(client: KafkaAdminClient, topic: TopicPlan, there: bool) -> Made:
    if not there:
        return Made(topic, Done.CREATED, topic.settings)
    now = client.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, topic.name, [key for key, _ in topic.settings])],
        config_filter="all",
    )["topic"][topic.name]
    wrong = tuple((key, value) for key, value in topic.settings if now[key]["value"] != value)
    return Made(topic, Done.CHANGED if wrong else Done.RIGHT, wrong)


def _carry_out(client: KafkaAdminClient, made: Sequence[Made]) -> None:
    new = {
        one.topic.name: {
            "num_partitions": one.topic.partitions, "replication_factor": one.topic.replicas,
            "configs": dict(one.topic.settings),
        }
        for one in made if one.done is Done.CREATED
    }  # fmt: skip
    if new:
        try:
            client.create_topics(new, wait_for_metadata=True)
        except errors.InvalidReplicationFactorError:
            raise SettingsError(
                f"there are fewer servers than {made[0].topic.replicas}", key="kafka.replicas",
                repair="write at most as many replicas as the cluster has servers",
            ) from None  # fmt: skip
    changed = [
        ConfigResource(ConfigResourceType.TOPIC, one.topic.name, dict(one.settings))
        for one in made if one.done is Done.CHANGED
    ]  # fmt: skip
    if changed:
        client.alter_configs(changed)
