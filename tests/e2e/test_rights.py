"""The rights that docs/engines.md lists are enough for each process, and do not let it do another's work."""

from __future__ import annotations

import re
import secrets
import shlex
import ssl
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError, Unavailable
from answerable.post import Forget
from answerable.sections import Elastic, Kafka, Secret
from answerable.settings import load
from deploy.local import Broker, Node, state
from deploy.local.node import hashed
from deploy.local.ports import free_ports
from index.elastic import ElasticIndex
from index.elastic_health import health
from index.elastic_install import install, probe
from index.store import Query
from stream.deadletter import DeadLetter
from stream.kafka import KafkaLog
from stream.kafka_client import Clients
from stream.kafka_deadletters import KafkaDeadLetters
from stream.kafka_probe import probe as probe_kafka
from stream.kafka_state import KafkaStateStore
from stream.kafka_topics import Done, apply, planned
from stream.log import Batch, Message
from stream.state import Closed
from stream.topics import INCIDENTS, POSTS_ANALYSED, POSTS_RAW
from tests import engines
from tests.contracts.posts import NOON, analysed

pytestmark = pytest.mark.slow  # each server starts anew, with rights of its own

SUPER = "User:ANONYMOUS"  # who comes by the listener without a login, and the broker itself
PAGE = (Path(__file__).parents[2] / "docs" / "engines.md").read_text("utf-8")


class GrantedNode(Node):
    """A node with security on and a user a role of the page, called like it."""

    def _secure(self, config: Path) -> None:
        super()._secure(config)
        (roles,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        for name, text in (
            ("roles.yml", roles),
            ("users", "".join(f"{role}:{hashed(self.password)}\n" for role in named(roles))),
            ("users_roles", "".join(f"{role}:{role}\n" for role in named(roles))),
        ):
            with (config / name).open("a", encoding="utf-8") as file:
                file.write(text)


def named(roles: str) -> list[str]:
    return re.findall(r"^(\w+):", roles, re.MULTILINE)


@pytest.fixture(scope="module")
def node() -> Iterator[Elastic]:
    """Give the settings for a node that knows the page's roles; `user` is to be chosen."""
    engines.elastic()  # skips where engines are not wanted
    server = GrantedNode(scratch("rights"), free_ports(1)[0], True, secrets.token_urlsafe(16), 512)
    try:
        server.start()
        yield replace(
            load(environ={}).elastic, url=server.address, ca_file=str(server.ca_file), timeout_s=30.0,
            password=Secret(server.password),
        )  # fmt: skip
    finally:
        server.remove()


def scratch(kind: str) -> Path:
    chosen = state.load()
    assert chosen is not None
    return chosen.scratch() / f"{kind}-{secrets.token_hex(5)}"


def test_a_user_a_part_can_do_its_own_and_nothing_else(node: Elastic) -> None:
    migrating = replace(node, user="answerable_migrate")
    with pytest.raises(SettingsError, match=r"forbids this to answerable_index"):
        install(replace(node, user="answerable_index"))
    assert install(migrating)
    assert install(migrating) == ()

    writer = replace(node, user="answerable_index")
    index = ElasticIndex(writer, b"key")
    index.put([analysed("p"), analysed("q"), Forget("q", NOON, NOON)])
    index.refresh()
    index.purge(NOON, 30, 730)
    assert [hit.id for hit in index.search(Query()).hits] == ["p"]
    assert probe(writer).startswith("8.")
    assert install(writer, dry_run=True) == ()
    assert health(writer).blocked == ()
    index.close()

    assert install(migrating) == ()  # also with indices there

    desk = ElasticIndex(replace(node, user="answerable_desk"), b"key")
    assert desk.search(Query()).total == 1
    assert desk.count(Query(), "area")[0].count == 1
    assert desk.forgotten(["p", "q"]) == {"q"}
    with pytest.raises(Unavailable, match=r"forbids this|security_exception"):
        desk.put([analysed("r")])
    desk.close()

    analyse = ElasticIndex(replace(node, user="answerable_analyse"), b"key")
    assert analyse.areas(["p"]) == {"p": analysed("p").area}
    with pytest.raises(Unavailable, match="forbids this"):
        analyse.search(Query())
    analyse.close()

    with httpx.Client(
        base_url=node.url,
        auth=("answerable_boards", node.password.reveal()),
        verify=ssl.create_default_context(cafile=node.ca_file),
    ) as boards:
        assert boards.get("/answerable-facts-posts/_count").json()["count"] == 1
        assert boards.get("/answerable-posts/_search").status_code == 403
        assert boards.get("/answerable-cards-v1/_search").status_code == 403


class GuardedBroker(Broker):
    """A broker that allows nobody anything but its own kind, whose user `desk` is whom the page's lists name."""

    def __init__(self, folder: Path, ports: list[int], password: str) -> None:
        guard = {
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": SUPER,
            "allow.everyone.if.no.acl.found": "false",
        }
        super().__init__(folder, ports[0], secure_port=ports[1], password=password, properties=guard)


@pytest.fixture(scope="module")
def broker() -> Iterator[GuardedBroker]:
    engines.kafka()  # skips where engines are not wanted
    server = GuardedBroker(scratch("guarded"), free_ports(2), secrets.token_urlsafe(16))
    try:
        server.start()
        yield server
    finally:
        server.remove()


def bound(broker: GuardedBroker) -> Kafka:
    """Return the settings of somebody who has to log in."""
    return replace(
        load(environ={}).kafka, bootstrap=[f"127.0.0.1:{broker.secure_port}"], security="sasl_tls", timeout_s=10.0,
        ca_file=str(broker.ca_file), user="desk", password=Secret(broker.password),
    )  # fmt: skip


def grant(broker: GuardedBroker, *whom: str) -> None:
    """Allow `desk` what the page allows somebody, and nothing else."""
    from kafka import admin  # once the product has imported it without the warnings of its first import

    client = Clients(replace(load(environ={}).kafka, bootstrap=[broker.address])).admin()
    any_of = admin.ResourcePatternFilter(admin.ResourceType.ANY, None, admin.ACLResourcePatternType.ANY)
    client.delete_acls([admin.ACLFilter(None, None, admin.ACLOperation.ANY, admin.ACLPermissionType.ANY, any_of)])
    rules = [rule for one in whom for rule in allowed(one)]
    if rules:
        client.create_acls(rules)
    client.close()


def allowed(whom: str) -> Iterator[object]:
    """Read the page's calls of kafka-acls.sh for somebody as what they ask of the server."""
    from kafka import admin

    for line in re.findall(rf"^kafka-acls.sh (.* User:{whom} .*)$", PAGE, re.MULTILINE):
        words = shlex.split(line)
        assert words[-2:] == ["--resource-pattern-type", "prefixed"]
        kind = admin.ResourceType.TOPIC if words[-4] == "--topic" else admin.ResourceType.GROUP
        resource = admin.ResourcePattern(kind, words[-3], admin.ACLResourcePatternType.PREFIXED)
        for flag, word in pairwise(words):
            if flag == "--operation":
                operation = admin.ACLOperation[re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()]
                yield admin.ACL("User:desk", "*", operation, admin.ACLPermissionType.ALLOW, resource)


def test_what_the_page_allows_makes_topics_and_runs_the_pipeline_and_neither_does_the_others(
    broker: GuardedBroker,
) -> None:
    config = bound(broker)
    plans = planned(config, 2)

    grant(broker)
    with pytest.raises(Unavailable):
        apply(config, plans)
    grant(broker, "answerable")
    with pytest.raises(Unavailable):
        apply(config, plans)
    grant(broker, "migrate")
    assert all(one.done is Done.CREATED for one in apply(config, plans))
    assert all(one.done is Done.RIGHT for one in apply(config, plans))
    apply(config, [replace(plans[0], settings=(("retention.ms", "3600000"),))])
    apply(config, plans)
    log = KafkaLog(config, {POSTS_RAW: 2, POSTS_ANALYSED: 2})
    with pytest.raises(Unavailable, match="has not acknowledged"):
        log.append(POSTS_RAW, [Message("p", b"x")])
    log.close()

    grant(broker, "answerable")
    assert [broker.why for broker in probe_kafka(config)] == [""]
    assert all(one.done is Done.RIGHT for one in apply(config, plans, dry_run=True))
    log = KafkaLog(config, {POSTS_RAW: 2, POSTS_ANALYSED: 2})
    log.append(POSTS_RAW, [Message("p", b"x")])
    member = log.subscribe(POSTS_RAW, "analyse")
    batches: list[Batch] = []
    while not batches:
        batches = [batch for batch in member.poll(10, 5.0) if batch.messages]
    member.commit(batches[0].partition, batches[0].next)
    assert log.backlog(POSTS_RAW, "analyse") == 0
    store = KafkaStateStore(log, batches=1)  # a snapshot after each, so that what is old is dropped
    assert store.restore(POSTS_ANALYSED, "track", 0).offset == 0
    for n in range(4):
        store.close_batch(
            POSTS_ANALYSED, "track", Closed(0, n, n + 1, {"k": b"v"}, ((INCIDENTS, Message("i", b"u")),))
        )
    box, letter = KafkaDeadLetters(log), DeadLetter(POSTS_RAW, 0, 0, "analyse", "ValueError", 3, NOON)
    box.put(letter)
    assert box.drop(letter)
    log.close()
