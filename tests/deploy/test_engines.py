"""The engines that `make engines` starts are real ones, and are set up as their tests need them."""

from __future__ import annotations

import base64
import json
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from deploy.local import control
from stream.kafka_library import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from tests import engines

ROOT = Path(__file__).parents[2]
METADATA = struct.pack("!hhihi", 3, 1, 1, -1, 0)  # which brokers are there?


def ask(url: str, method: str = "GET", body: object = None, user: str = "") -> tuple[int, bytes]:
    """Return status and body of a call to a node; `user` is a user of the node with security on."""
    request = urllib.request.Request(url, method=method, headers={"Content-Type": "application/json"})  # noqa: S310 — loopback
    request.data = None if body is None else json.dumps(body).encode("utf-8")
    context = ssl.create_default_context(cafile=engines.secured().ca_file) if url.startswith("https") else None
    if user:
        token = base64.b64encode(f"{user}:{engines.secured().password}".encode()).decode("ascii")
        request.add_header("Authorization", f"Basic {token}")
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as reply:  # noqa: S310 — loopback
            return reply.status, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def make_topic(bootstrap: str, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics({name: {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()


def test_starting_again_is_done_at_once_and_keeps_the_processes() -> None:
    engines.kafka()
    before = control.running()
    took = []
    for _ in range(3):  # the other tests keep the engines busy
        began = time.monotonic()
        lines, code = control.start()
        took.append(time.monotonic() - began)
        assert code == 0
    assert min(took) < 1.0
    assert lines[:2] == [f"kafka\t{engines.kafka()}", f"elastic\t{engines.elastic()}"]
    assert before <= control.running()


@pytest.mark.slow
def test_a_command_with_engines_around_it_leaves_those_running_that_ran_before() -> None:
    engines.secured()  # before another test starts it while the command runs, which would count as started for it
    before = control.running()
    word = [sys.executable, "-m", "deploy.local", "around", "sh", "-c", "echo $ANSWERABLE_ENGINES; exit 7"]
    done = subprocess.run(word, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 — our own program
    assert (done.returncode, done.stdout, done.stderr) == (7, "1\n", "")
    assert before <= control.running()


@pytest.mark.slow
def test_a_killed_broker_comes_back_with_its_records() -> None:
    with engines.throwaway_broker() as broker:
        make_topic(broker.address, "kept")
        producer = KafkaProducer(bootstrap_servers=broker.address, acks="all")
        producer.send("kept", b"before the fall").get(timeout=30)
        producer.close()
        broker.kill()
        broker.start()
        consumer = KafkaConsumer(bootstrap_servers=broker.address, auto_offset_reset="earliest", group_id=None)
        consumer.assign([TopicPartition("kept", 0)])
        assert next(consumer).value == b"before the fall"
        consumer.close()
    assert not broker.folder.exists()


@pytest.mark.slow
def test_clients_of_a_broker_are_sent_to_the_advertised_port() -> None:
    with engines.throwaway_broker(advertised_port=19_999) as broker:
        with socket.create_connection(("127.0.0.1", broker.port), timeout=10) as peer:
            peer.sendall(struct.pack("!i", len(METADATA)) + METADATA)
            _, _, count, _, size = struct.unpack("!iiiih", peer.recv(18, socket.MSG_WAITALL))
            host, port = struct.unpack(f"!{size}si", peer.recv(size + 4, socket.MSG_WAITALL))
        assert (count, host, port) == (1, b"127.0.0.1", 19_999)
        assert broker.address == "127.0.0.1:19999"


def test_a_broker_makes_no_topic_by_itself() -> None:
    producer = KafkaProducer(bootstrap_servers=engines.kafka(), max_block_ms=500)
    with pytest.raises(errors.KafkaError):
        producer.send(engines.prefix(), b"").get(timeout=5)
    producer.close()


def test_the_brokers_other_listener_takes_a_user_over_tls() -> None:
    broker = engines.kafka_secured()
    admin = KafkaAdminClient(
        bootstrap_servers=broker.address,
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-256",
        sasl_plain_username="desk",
        sasl_plain_password=broker.password,
        ssl_cafile=str(broker.ca_file),
    )
    told = admin.describe_cluster()
    admin.close()
    assert [f"{each['host']}:{each['port']}" for each in told["brokers"]] == [broker.address]


def test_the_brokers_other_listener_hangs_up_on_who_does_not_sign_in() -> None:
    broker = engines.kafka_secured()
    host, _, port = broker.address.partition(":")
    context = ssl.create_default_context(cafile=broker.ca_file)
    plain = socket.create_connection((host, int(port)), timeout=10)
    with context.wrap_socket(plain, server_hostname=host) as peer:
        peer.sendall(struct.pack("!i", len(METADATA)) + METADATA)
        assert peer.recv(1) == b""


def test_the_node_has_the_cjk_analyzer_of_a_full_server() -> None:
    status, body = ask(f"{engines.elastic()}/_analyze", "POST", {"analyzer": "cjk", "text": "停水通知 Water２"})
    assert status == 200
    assert [token["token"] for token in json.loads(body)["tokens"]] == ["停水", "水通", "通知", "water2"]


@pytest.mark.slow
def test_the_node_with_security_on_knows_who_may_read_what() -> None:
    node, start = engines.secured(), engines.prefix()
    posts, facts = f"{node.address}/{start}-posts", f"{node.address}/{start}-facts"
    made = [ask(url, "PUT", user="writer")[0] for url in (posts, facts)]
    read = [ask(f"{url}/_search", user="reader")[0] for url in (posts, facts)]
    nobody, anybody = ask(f"{node.address}/_cluster/health"), ask(f"{node.address}/_cluster/health", user="reader")
    dropped = [ask(url, "DELETE", user=user)[0] for user in ("reader", "writer") for url in (posts, facts)]
    assert (made, read) == ([200, 200], [403, 200])
    assert (nobody[0], anybody[0]) == (401, 200)
    assert dropped == [403, 403, 200, 200]
