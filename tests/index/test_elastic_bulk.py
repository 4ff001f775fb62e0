"""Every line of a bulk request gets its own verdict, and no answer of any server is taken for a yes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import msgspec
import pytest
from msgspec.structs import replace

from answerable.errors import Rejected, SettingsError, Unavailable
from answerable.incident import Membership
from answerable.post import AnalysedPost, Forget
from answerable.sections import Elastic
from deploy.local.ports import free_ports
from index.elastic import ElasticIndex
from index.elastic_bulk import Outcome, classify, keep, write
from index.elastic_incidents import HealthDocument
from index.elastic_install import install, probe
from index.elastic_node import Node
from index.store import Item, Query
from tests.chaos.proxy import Fault, Where, proxied
from tests.chaos.stub import Answer, Plan, Stub, in_front_of
from tests.contracts.elastic import KEY
from tests.contracts.posts import NOON, analysed
from tests.index.peer import Peer

DONE, NEWER, AGAIN, NEVER = Outcome


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (200, "", DONE),
        (201, "", DONE),
        (409, "version_conflict_engine_exception", NEWER),
        (429, "es_rejected_execution_exception", AGAIN),
        (429, "circuit_breaking_exception", AGAIN),
        (429, "cluster_block_exception", AGAIN),
        (403, "cluster_block_exception", AGAIN),
        (503, "unavailable_shards_exception", AGAIN),
        (503, "no_shard_available_action_exception", AGAIN),
        (500, "engine_closed_exception", AGAIN),
        (403, "security_exception", AGAIN),
        (401, "security_exception", AGAIN),
        (404, "index_not_found_exception", AGAIN),
        (404, "document_missing_exception", NEVER),
        (400, "document_parsing_exception", NEVER),
        (400, "strict_dynamic_mapping_exception", NEVER),
        (400, "illegal_argument_exception", NEVER),
    ],
)
def test_a_line_is_done_held_by_something_newer_to_be_tried_again_or_never_to_be(
    status: int, kind: str, outcome: Outcome
) -> None:
    assert classify(status, kind) is outcome


def test_what_is_not_there_is_deleted() -> None:
    assert classify(404, "", deletes=True) is DONE


def health(at: int) -> HealthDocument:
    return HealthDocument(at=at, process="index-1", stage="index", newest_at=at, handled=1)


@pytest.fixture
def stub(config: Elastic) -> Iterator[Stub]:
    with in_front_of(config.url, Plan({Answer.PASS: 1.0})) as stub:
        yield stub


@pytest.fixture
def node(config: Elastic, stub: Stub) -> Iterator[Node]:
    """Open a client that speaks to the stub and never waits."""
    node = Node(msgspec.structs.replace(config, url=stub.url), pause=lambda seconds: None)
    yield node
    node.close()


def test_a_long_write_goes_in_parts_and_in_order(peer: Peer, node: Node, stub: Stub) -> None:
    name = peer.names.health(NOON)
    done = write(node, [keep(name, f"{n}", health(n)) for n in [*range(2500), 0]])
    assert [result.outcome for result in done] == [DONE] * 2500 + [NEWER]
    assert stub.given[Answer.PASS] == 3
    assert len(peer.documents("facts-health")) == 2500


def test_what_is_too_large_goes_in_halves(peer: Peer, node: Node, stub: Stub) -> None:
    stub.plan = Plan({Answer.TOO_LARGE: 1.0, Answer.PASS: 1.0}, seed=3)
    name = peer.names.health(NOON)
    done = write(node, [keep(name, f"{n}", health(n)) for n in range(60)])
    assert [result.outcome for result in done] == [DONE] * 60
    assert stub.given[Answer.TOO_LARGE] > 0


def test_a_lone_line_that_is_too_large_can_never_be_written(peer: Peer, node: Node, stub: Stub) -> None:
    stub.plan = Plan({Answer.TOO_LARGE: 1.0})
    with pytest.raises(Rejected, match="never take q, r"):
        write(node, [keep(peer.names.health(NOON), id, replace(health(NOON), process="x" * 70_000)) for id in "qr"])


# Whole batches through bad lines

ITEMS: list[Item] = [
    *(analysed(f"p{n:03}", at=NOON - n * 9000) for n in range(150)),
    analysed("p001", "停电", revision=2, at=NOON - 9000),
    Membership("3701", NOON, tuple((f"p{n:03}", "g", "bcdfghj" if n % 2 else None, None) for n in range(0, 150, 3))),
    *(Forget(f"p{n:03}", NOON, NOON) for n in range(0, 150, 10)),
]


@pytest.fixture
def through(config: Elastic, stub: Stub) -> Iterator[ElasticIndex]:
    """Open an index behind the stub that never waits."""
    index = ElasticIndex(msgspec.structs.replace(config, url=stub.url), KEY, pause=lambda seconds: None)
    yield index
    index.close()


def persist(index: ElasticIndex, items: list[Item]) -> int:
    """Do what a worker does: hold the batch and put it again; return how often it was held."""
    for held in range(200):
        try:
            index.put(items)
        except Unavailable:
            continue
        return held
    pytest.fail("200 tries were not enough")


@pytest.mark.parametrize(
    "answer", [Answer.BUSY, Answer.DOWN, Answer.PAGE, Answer.CUT, Answer.LOST, Answer.PARTIAL, Answer.FLOOD]
)
def test_bad_answers_lose_nothing_and_double_nothing(
    through: ElasticIndex, elastic: ElasticIndex, stub: Stub, peer: Peer, answer: Answer
) -> None:
    stub.plan = Plan({answer: 0.6, Answer.PASS: 0.4}, seed=11)
    for start in range(0, len(ITEMS), 40):
        persist(through, ITEMS[start : start + 40])
    stub.plan = Plan({Answer.PASS: 1.0})
    assert stub.given[answer] > 0
    left = {f"p{n:03}" for n in range(150) if n % 10}
    texts, facts = peer.documents("posts"), peer.documents("facts-posts")
    assert sorted(id for _, id, _ in texts) == sorted(id for _, id, _ in facts) == sorted(left)
    assert next(text["text"] for _, id, text in texts if id == "p001") == "停电"
    shown = {f"p{n:03}" for n in range(0, 150, 3) if n % 2} & left
    assert {id for _, id, text in texts if text.get("incident")} == shown
    assert {id for _, id, fact in facts if fact.get("incident")} == shown


def test_a_disk_that_stays_full_holds_the_batch_and_says_why(through: ElasticIndex, stub: Stub) -> None:
    stub.plan = Plan({Answer.FLOOD: 1.0})
    with pytest.raises(Unavailable, match="cluster_block_exception"):
        through.put(ITEMS)


def test_what_can_never_be_taken_is_named_by_its_id_alone(elastic: ElasticIndex, peer: Peer) -> None:
    huge = "the canary sings" * 3000  # longer than any term may be
    with pytest.raises(Rejected, match="never take bad") as refused:
        elastic.put([analysed("good"), analysed("bad", "the robin sings", area=huge), analysed("fine")])
    assert "canary" not in str(refused.value)
    assert "robin" not in str(refused.value)
    assert [id for _, id, _ in peer.documents("posts")] == ["fine", "good"]


def set_aside(index: ElasticIndex, items: list[Item]) -> list[Item]:
    """Do what a worker does with what is refused: halve the batch until the item at fault stands alone."""
    try:
        index.put(items)
    except Rejected:
        middle = len(items) // 2
        return set_aside(index, items[:middle]) + set_aside(index, items[middle:]) if middle else items
    return []


def test_a_refused_item_is_found_by_halving_and_the_others_are_written(
    through: ElasticIndex, stub: Stub, peer: Peer
) -> None:
    items: list[Item] = [analysed(f"p{n:03}") for n in range(40)]
    stub.plan = Plan({Answer.BAD_ITEM: 1.0})
    aside = {item.post.id for item in set_aside(through, items) if isinstance(item, AnalysedPost)}
    stub.plan = Plan({Answer.PASS: 1.0})
    assert 0 < len(aside) < 20
    assert {id for _, id, _ in peer.documents("posts")} >= {f"p{n:03}" for n in range(40)} - aside


# Nobody there, or somebody else


def test_a_node_that_is_down_is_unavailable_for_everything(config: Elastic) -> None:
    (port,) = free_ports(1)
    away = msgspec.structs.replace(config, url=f"http://127.0.0.1:{port}")
    index = ElasticIndex(away, KEY, pause=lambda seconds: None)
    for act in (
        lambda: index.put([analysed("p")]),
        lambda: index.search(Query()),
        lambda: index.count(Query(), "area"),
        lambda: index.areas(["p"]),
        lambda: index.forgotten(["p"]),
        lambda: index.purge(NOON, 30, 730),
        lambda: install(away),
        lambda: probe(away),
    ):
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
            act()
    index.close()


def test_a_line_that_swallows_everything_ends_in_time_and_is_not_tried_at_once_again(config: Elastic) -> None:
    port = int(config.url.rpartition(":")[2])
    with proxied("127.0.0.1", port) as proxy:
        proxy.switch(Fault(Where.SWALLOW))
        url = f"http://127.0.0.1:{proxy.port}"
        index = ElasticIndex(msgspec.structs.replace(config, url=url, timeout_s=0.3), KEY)
        start = time.monotonic()
        with pytest.raises(Unavailable, match=r"does not answer within 0\.3 s"):
            index.put([analysed("p")])
        assert time.monotonic() - start < 10
        index.close()


def test_something_else_at_that_address_is_told_apart(config: Elastic) -> None:
    class Greeter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<html>Welcome</html>")

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Greeter) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        index = ElasticIndex(msgspec.structs.replace(config, url=url), KEY, pause=lambda seconds: None)
        for act in (lambda: index.put([analysed("p")]), lambda: index.search(Query())):
            with pytest.raises(Unavailable, match=r"is not Elasticsearch|cannot be read"):
                act()
        index.close()
        server.shutdown()


@pytest.mark.parametrize("url", ["", "127.0.0.1:9200", "https://", "http://127.0.0.1"])
def test_an_address_that_is_none_is_a_mistake_in_the_settings(config: Elastic, url: str) -> None:
    with pytest.raises(SettingsError, match="elastic"):
        ElasticIndex(msgspec.structs.replace(config, url=url), KEY)
