"""The plan of topics, and carrying it out again and again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError
from answerable.sections import Kafka
from answerable.settings import load
from stream.kafka_client import Clients
from stream.kafka_topics import Done, apply, plan, planned
from tests import engines
from tests.contracts.kafka import settings

HOUR_MS = 3_600_000


def test_every_topic_of_the_pipeline_is_planned_with_its_partitions() -> None:
    partitions = {topic.name.removeprefix("answerable."): topic.partitions for topic in plan(load(environ={}))}
    assert partitions == {
        "posts.raw": 32, "posts.analysed": 32, "incidents": 1, "memberships": 1, "ledger": 1, "tombstones": 1,
        "deadletters": 1, "pulses": 1, "state.track": 32,
    }  # fmt: skip


def test_what_holds_text_or_tokens_is_gone_within_three_days_and_marks_of_deletion_stay() -> None:
    kept = {topic.name.removeprefix("answerable."): dict(topic.settings) for topic in plan(load(environ={}))}
    for topic in ("posts.raw", "posts.analysed", "incidents", "memberships", "ledger"):
        assert int(kept[topic]["retention.ms"]) + int(kept[topic]["segment.ms"]) + 5 * 60_000 < 72 * HOUR_MS
    assert int(kept["deadletters"]["retention.ms"]) == 30 * 24 * HOUR_MS
    assert {kept[topic]["retention.ms"] for topic in ("tombstones", "state.track")} == {"-1"}
    assert {settings["cleanup.policy"] for settings in kept.values()} == {"delete"}
    assert {settings["message.timestamp.type"] for settings in kept.values()} == {"LogAppendTime"}


@pytest.mark.parametrize(("replicas", "in_step"), [(1, "1"), (2, "1"), (3, "2")])
def test_all_replicas_but_one_have_to_be_in_step(replicas: int, in_step: str) -> None:
    config = replace(load(environ={}).kafka, replicas=replicas)
    for topic in planned(config, 1):
        assert topic.replicas == replicas
        assert dict(topic.settings)["min.insync.replicas"] == in_step


@pytest.fixture
def config() -> Iterator[Kafka]:
    config = settings(engines.prefix())
    yield config
    admin = Clients(config).admin()
    left = [name for name in admin.list_topics() if name.startswith(config.prefix)]
    if left:
        admin.delete_topics(left)
    admin.close()


def counts(config: Kafka) -> dict[str, int]:
    admin = Clients(config).admin()
    found = admin.describe_topics()
    admin.close()
    return {topic["name"]: len(topic["partitions"]) for topic in found if topic["name"].startswith(config.prefix)}


def test_a_dry_run_tells_what_is_missing_and_makes_nothing(config: Kafka) -> None:
    assert {made.done for made in apply(config, planned(config, 3), dry_run=True)} == {Done.CREATED}
    assert counts(config) == {}


def test_topics_are_made_once(config: Kafka) -> None:
    plans = planned(config, 3)
    assert {made.done for made in apply(config, plans)} == {Done.CREATED}
    assert counts(config) == {topic.name: topic.partitions for topic in plans}
    assert {made.done for made in apply(config, plans)} == {Done.RIGHT}


def test_settings_that_differ_are_set_and_what_was_there_stays(config: Kafka) -> None:
    plans = planned(config, 3)
    old = [replace(plans[0], settings=(("retention.ms", "1000000"), *plans[0].settings[2:])), *plans[1:-1]]
    apply(config, old)
    for dry_run in (True, False):
        made = apply(config, plans, dry_run=dry_run)
        assert [one.done for one in made] == [Done.CHANGED, *[Done.RIGHT] * (len(plans) - 2), Done.CREATED]
        assert ("retention.ms", str(71 * HOUR_MS)) in made[0].settings
    assert {made.done for made in apply(config, plans)} == {Done.RIGHT}


def test_another_number_of_partitions_is_refused_with_nothing_done(config: Kafka) -> None:
    apply(config, planned(config, 3)[:1])
    with pytest.raises(SettingsError, match=r"made with 3 partitions, which is for life; 4 are asked for"):
        apply(config, planned(config, 4))
    assert counts(config) == {config.prefix + "posts.raw": 3}


def test_more_replicas_than_servers_are_a_setting_to_mend(config: Kafka) -> None:
    with pytest.raises(SettingsError, match=r"kafka\.replicas: there are fewer servers than 7"):
        apply(config, planned(replace(config, replicas=7), 1))
    assert counts(config) == {}
