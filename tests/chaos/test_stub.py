from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.chaos.stub import Answer, Plan, Stub, in_front_of


class Node(BaseHTTPRequestHandler):
    """Does what a node does with a bulk request, as far as its answer goes."""

    done: list[str]

    def do_POST(self) -> None:
        heads = [json.loads(line) for line in self.rfile.read(int(self.headers["Content-Length"])).splitlines()[::2]]
        ids = [head["index"]["_id"] for head in heads]
        type(self).done.extend(ids)
        items = [{"index": {"_index": "i", "_id": one, "status": 201}} for one in ids]
        body = json.dumps({"took": 1, "errors": False, "items": items}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


class Town:
    """A stub in front of a node, and what the node was given."""

    def __init__(self, stub: Stub, done: list[str]) -> None:
        self.stub, self.done = stub, done

    def answers(self, answer: Answer) -> tuple[int, bytes]:
        """Send ten items, all of which meet the same answer."""
        self.stub.plan = Plan({answer: 1.0}, seed=7)
        lines = [f'{{"index":{{"_index":"i","_id":"{one}"}}}}\n{{"n":"{one:02500}"}}\n' for one in range(10)]
        line = http.client.HTTPConnection(urlsplit(self.stub.url).netloc, timeout=5)
        line.request("POST", "/_bulk", "".join(lines).encode(), {"Content-Type": "application/x-ndjson"})
        found = line.getresponse()
        body = found.read()
        line.close()
        return found.status, body

    def statuses(self, answer: Answer) -> list[int]:
        status, body = self.answers(answer)
        assert status == 200
        told: dict[str, Any] = json.loads(body)
        found = [item["index"]["status"] for item in told["items"]]
        assert [item["index"]["_id"] for item in told["items"]] == [str(n) for n in range(10)]
        assert told["errors"] is any(one >= 400 for one in found)
        return found


@pytest.fixture
def town() -> Iterator[Town]:
    done: list[str] = []
    node = type("Fresh", (Node,), {"done": done})
    with ThreadingHTTPServer(("127.0.0.1", 0), node) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        with in_front_of(f"http://127.0.0.1:{server.server_address[1]}", Plan({Answer.PASS: 1.0})) as stub:
            yield Town(stub, done)
        server.shutdown()
        thread.join()


def test_what_passes_is_done_and_answered_by_the_node(town: Town) -> None:
    assert town.statuses(Answer.PASS) == [201] * 10
    assert town.done == [str(n) for n in range(10)]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(Answer.BUSY, 429), (Answer.DOWN, 503), (Answer.TOO_LARGE, 413), (Answer.PAGE, 502)],
)
def test_what_is_refused_reaches_no_node(town: Town, answer: Answer, status: int) -> None:
    found, body = town.answers(answer)
    assert (found, town.done, town.stub.given[answer]) == (status, [], 1)
    assert body.startswith({429: b"{", 503: b"{", 413: b"", 502: b"<html>"}[status])


def test_a_cut_answer_is_no_json_though_all_was_done(town: Town) -> None:
    status, body = town.answers(Answer.CUT)
    assert (status, len(town.done)) == (200, 10)
    with pytest.raises(json.JSONDecodeError):
        json.loads(body)


def test_a_lost_answer_is_a_dead_line_though_all_was_done(town: Town) -> None:
    with pytest.raises(http.client.RemoteDisconnected):
        town.answers(Answer.LOST)
    assert len(town.done) == 10


def test_a_partial_bulk_does_exactly_what_it_says(town: Town) -> None:
    found = town.statuses(Answer.PARTIAL)
    assert set(found) == {201, 429, 503}
    assert town.done == [str(n) for n, status in enumerate(found) if status == 201]


def test_a_bad_item_is_bad_at_every_try(town: Town) -> None:
    assert town.statuses(Answer.BAD_ITEM) == town.statuses(Answer.BAD_ITEM)


def test_a_flood_stage_blocks_every_item(town: Town) -> None:
    assert town.statuses(Answer.FLOOD) == [429] * 10
    assert town.done == []


def test_the_same_seed_gives_the_same_answers(town: Town) -> None:
    plan = Plan(dict.fromkeys(Answer, 1.0), seed=3)
    town.stub.plan = plan
    first = [town.stub.choose(bulk=True) for _ in range(50)]
    town.stub.plan = plan
    assert [town.stub.choose(bulk=True) for _ in range(50)] == first
    assert len(set(first)) > 5
