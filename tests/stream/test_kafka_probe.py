"""What is told of brokers that answer, that ask for something else, and that send their clients elsewhere."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError, Unavailable
from answerable.sections import Kafka, Secret
from answerable.settings import load
from deploy.local.ports import free_ports
from stream.kafka_probe import Broker, probe
from tests import engines


def config(*bootstrap: str) -> Kafka:
    return replace(load(environ={}).kafka, bootstrap=list(bootstrap), timeout_s=2.0)


def secured() -> Kafka:
    server = engines.kafka_secured()
    return replace(
        config(server.address), security="sasl_tls", ca_file=str(server.ca_file), user="desk",
        password=Secret(server.password),
    )  # fmt: skip


@contextmanager
def somebody(says: bytes) -> Iterator[str]:
    """Let something that is no broker listen: it says what it says to everybody, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            with server.accept()[0] as peer:
                peer.recv(100)
                peer.sendall(says)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


def test_a_broker_that_answers_is_told_with_its_address() -> None:
    assert probe(config(engines.kafka())) == (Broker(engines.kafka()),)


def test_one_bootstrap_address_that_answers_is_enough() -> None:
    away = f"127.0.0.1:{free_ports(1)[0]}"

    assert probe(config(away, engines.kafka())) == (Broker(engines.kafka()),)


def test_a_login_over_tls_goes_through() -> None:
    assert [broker.why for broker in probe(secured())] == [""]


def test_nobody_there_is_out_of_reach() -> None:
    away = f"127.0.0.1:{free_ports(1)[0]}"

    with pytest.raises(Unavailable, match=f"^{away}: Connection refused$"):
        probe(config(away))


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00", b"\xff\xff\xff\xff"])
def test_what_is_no_broker_is_told_as_that(says: bytes) -> None:
    with somebody(says) as address, pytest.raises(Unavailable, match="it is no broker, or asks for TLS"):
        probe(config(address))


def test_a_broker_that_is_too_old_is_refused_with_the_version_that_is_needed() -> None:
    kinds = struct.pack(
        "!hi6h", 0, 2, 3, 0, 7, 18, 0, 2
    )  # no error, two kinds of requests, as Kafka 2.2 has among others
    answer = struct.pack("!i", 1) + kinds

    with somebody(struct.pack("!i", len(answer)) + answer) as address, pytest.raises(SettingsError) as caught:
        probe(config(address))

    assert str(caught.value) == (
        f"kafka.bootstrap: {address} is a broker older than Kafka 2.3; update it; tried is version 4.1"
    )


@pytest.mark.parametrize(
    ("change", "key", "what"),
    [
        ({"password": Secret("wrong")}, "kafka.user", "refuses the login of desk"),
        ({"user": "stranger"}, "kafka.user", "refuses the login of stranger"),
        ({"ca_file": ""}, "kafka.ca_file", "is not accepted: "),
        ({"security": "tls"}, "kafka.security", "asks for a login; write security = \"sasl_tls\""),
    ],
)  # fmt: skip
def test_a_secured_broker_that_lets_nobody_in_names_the_setting(change: dict[str, str], key: str, what: str) -> None:
    with pytest.raises(SettingsError) as caught:
        probe(replace(secured(), **change))

    assert caught.value.key == key
    assert what in str(caught.value)


@pytest.mark.parametrize("security", ["none", "sasl"])
def test_without_tls_a_broker_that_asks_for_it_closes_the_connection(security: str) -> None:
    with pytest.raises(Unavailable, match="or asks for TLS"):
        probe(replace(secured(), security=security))


@pytest.mark.parametrize(
    ("security", "what"),
    [
        ("sasl", 'asks for no login; write security = "none"'),
        ("tls", 'does not speak TLS; write security = "none" or "sasl"'),
        ("sasl_tls", 'does not speak TLS; write security = "none" or "sasl"'),
    ],
)
def test_a_broker_in_the_clear_is_told_as_that(security: str, what: str) -> None:
    with pytest.raises(SettingsError, match=what):
        probe(replace(config(engines.kafka()), security=security, user="desk", password=Secret("x")))


@pytest.mark.slow
def test_an_address_that_a_broker_tells_and_that_leads_nowhere_is_named() -> None:
    nowhere = free_ports(1)[0]
    with engines.throwaway_broker(advertised_port=nowhere) as broker:
        found = probe(config(f"127.0.0.1:{broker.port}"))

    assert found == (Broker(f"127.0.0.1:{nowhere}", "Connection refused"),)
