"""What the clients are told, on which the promises rest; TLS and passwords."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError, Unavailable
from answerable.sections import Kafka, Secret
from stream.kafka import KafkaLog
from stream.kafka_client import Clients
from stream.kafka_topics import apply, planned
from stream.log import Message
from tests import engines
from tests.contracts.kafka import settings


def secured(prefix: str) -> Kafka:
    """Return the settings for the listener with TLS and passwords."""
    found = engines.kafka_secured()
    return replace(
        settings(prefix, found.address, timeout_s=2.0), security="sasl_tls", ca_file=str(found.ca_file), user="desk",
        password=Secret(found.password),
    )  # fmt: skip


def test_a_producer_is_idempotent_and_waits_for_every_replica(cluster: Kafka) -> None:
    producer = Clients(cluster).producer()
    told = {key: producer.config[key] for key in ("enable_idempotence", "acks", "compression_type")}
    producer.close()
    assert told == {"enable_idempotence": True, "acks": -1, "compression_type": "lz4"}


def test_a_member_begins_at_the_earliest_and_commits_only_when_told(cluster: Kafka) -> None:
    member = Clients(cluster).member("readers")
    told = {key: member.config[key] for key in ("auto_offset_reset", "enable_auto_commit", "session_timeout_ms")}
    assigned = [strategy.name for strategy in member.config["partition_assignment_strategy"]]
    member.close()
    assert told == {"auto_offset_reset": "earliest", "enable_auto_commit": False, "session_timeout_ms": 45_000}
    assert assigned == ["cooperative-sticky"]


@pytest.mark.parametrize("conflict", [{"retries": 0}, {"max_in_flight_requests_per_connection": 6}])
def test_a_setting_that_would_weaken_the_producer_raises(cluster: Kafka, conflict: dict[str, int]) -> None:
    with pytest.raises(SettingsError, match="enable_idempotence=True is incompatible"):
        Clients(cluster).producer(**conflict)


def test_what_is_promised_cannot_be_overridden(cluster: Kafka) -> None:
    clients = Clients(cluster)
    conflicts: list[Callable[[], object]] = [
        lambda: clients.producer(acks=1),
        lambda: clients.producer(enable_idempotence=False),
        lambda: clients.member("readers", enable_auto_commit=True),
        lambda: clients.member("readers", auto_offset_reset="latest"),
    ]
    for conflict in conflicts:
        with pytest.raises(TypeError, match="multiple values"):
            conflict()


def test_messages_travel_over_tls_with_a_password() -> None:
    config = secured(engines.prefix())
    apply(config, planned(config, 1))
    log = KafkaLog(config, {})
    log.append("posts.raw", [Message("k", b"1")])
    assert log.read("posts.raw", 0, 0) == (Message("k", b"1"),)
    member = log.subscribe("posts.raw", "readers")
    assert [batch.gained for batch in member.poll(10, 10.0)] == [True]
    member.commit(0, 1)
    assert log.backlog("posts.raw", "readers") == 0
    log.close()
    admin = Clients(config).admin()
    admin.delete_topics([topic.name for topic in planned(config, 1)])
    admin.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves sockets open
@pytest.mark.parametrize(
    "wrong",
    [{"password": Secret("guessed")}, {"ca_file": ""}, {"security": "none"}],
    ids=["a wrong password", "an authority that is not known", "no TLS"],
)
def test_who_is_not_let_in_is_told_that_the_server_cannot_be_reached(wrong: dict[str, object]) -> None:
    log = KafkaLog(replace(secured("never"), **wrong), {})
    with pytest.raises(Unavailable, match="cannot be reached") as told:
        log.append("posts.raw", [Message("k", b"1")])
    assert "guessed" not in str(told.value)
    log.close()
    gc.collect()


@pytest.mark.parametrize("text", [None, "no certificate"])
def test_a_file_of_authorities_that_cannot_be_used_is_a_setting_to_mend(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text, "utf-8")
    config = replace(settings("never", "127.0.0.1:1"), security="tls", ca_file=str(file))
    with pytest.raises(SettingsError, match=r"kafka\.ca_file: .*ca\.pem cannot be used"):
        Clients(config).producer()
