"""An HTTP fault stub in front of a node: each request passes or is answered wrongly, by a seeded plan."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from msgspec import Struct

__all__ = ["Answer", "Plan", "Stub", "in_front_of"]

Json = Any  # what a node says, as JSON has it
_JSON = "application/vnd.elasticsearch+json;compatible-with=8"
_PASSED_ON = ("content-type", "accept", "authorization", "content-encoding")
_LARGE = 20_000  # bytes, the limit of some gateway
_FLOOD = "index blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, read-only-allow-delete]"


def _refusal(status: int, kind: str, why: str) -> tuple[int, bytes, str]:
    error = {"type": kind, "reason": why}
    return status, json.dumps({"error": {"root_cause": [error], **error}, "status": status}).encode(), _JSON


class Answer(StrEnum):
    """What a request meets."""

    PASS = "pass"
    BUSY = "429"
    DOWN = "503"
    TOO_LARGE = "413"  # where a body is large
    PAGE = "html"  # some gateway's error page
    CUT = "cut json"  # done, but the answer ends in the middle
    LOST = "no answer"  # done, and the line is dead before a word comes back
    PARTIAL = "partial bulk"  # some items are done, the others 429 or 503
    BAD_ITEM = "bad item"  # some items, always the same ones, are 400
    FLOOD = "flood stage"  # every item meets the block of a full disk


_REFUSALS = {
    Answer.BUSY: _refusal(429, "es_rejected_execution_exception", "rejected execution of primary operation"),
    Answer.DOWN: _refusal(503, "cluster_block_exception", "blocked by: [SERVICE_UNAVAILABLE/2/no master]"),
    Answer.TOO_LARGE: (413, b"", "text/plain"),
    Answer.PAGE: (502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html"),
}


class Plan(Struct, frozen=True):
    """Which answers come how often (weights), from which seed."""

    weights: Mapping[Answer, float]
    seed: int = 0


class Stub:
    """Listens on `port`; `plan` may be set to another while it runs. `given` counts the answers."""

    def __init__(self, url: str, plan: Plan) -> None:
        self.target = urlsplit(url)
        self.given: Counter[Answer] = Counter()
        self._lock = threading.Lock()
        self.plan = plan
        session = type("Session", (_Session,), {"stub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), session)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def plan(self) -> Plan:
        """The plan that holds now."""
        return self._plan

    @plan.setter
    def plan(self, plan: Plan) -> None:
        with self._lock:
            self._plan, self._random = plan, random.Random(plan.seed)  # noqa: S311 — a seeded plan, no secret

    @property
    def url(self) -> str:
        """Its own address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def choose(self, bulk: bool) -> Answer:
        """Take the next answer of the plan; what is meant for bulk requests lets the others pass."""
        with self._lock:
            kinds = list(self._plan.weights)
            answer = self._random.choices(kinds, [self._plan.weights[kind] for kind in kinds])[0]
            if not bulk and answer in (Answer.PARTIAL, Answer.BAD_ITEM, Answer.FLOOD, Answer.TOO_LARGE):
                answer = Answer.PASS
            self.given[answer] += 1
            return answer

    def lot(self) -> float:
        """Draw a number from 0 to 1."""
        with self._lock:
            return self._random.random()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Session(BaseHTTPRequestHandler):
    stub: ClassVar[Stub]
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bulk = urlsplit(self.path).path.endswith("_bulk")
        answer = self.stub.choose(bulk)
        if answer is Answer.TOO_LARGE and len(body) < _LARGE:
            answer = Answer.PASS
        if answer in _REFUSALS:
            self._reply(*_REFUSALS[answer])
        else:
            self._do(answer, body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def _do(self, answer: Answer, body: bytes) -> None:
        """Let the node do all of it, or some, or only seem to."""
        match answer:
            case Answer.CUT:
                status, told, kind = self._pass(body)
                self._reply(status, told[: len(told) // 2], kind)
            case Answer.LOST:
                self._pass(body)
                self.close_connection = True
            case Answer.PARTIAL:
                self._some(body, lambda name: (429, 503)[self.stub.lot() < 0.5] if self.stub.lot() < 0.4 else 0)
            case Answer.BAD_ITEM:
                self._some(body, lambda name: 400 if sum(name.encode()) % 40 == 0 else 0)
            case Answer.FLOOD:
                self._some(body, lambda name: 429, "cluster_block_exception", _FLOOD)
            case _:
                self._reply(*self._pass(body))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was given is counted."""

    def _pass(self, body: bytes) -> tuple[int, bytes, str]:
        line = http.client.HTTPConnection(self.stub.target.hostname or "", self.stub.target.port or 9200, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() in _PASSED_ON}
        try:
            line.request(self.command, self.path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.getheader("Content-Type") or _JSON
        except OSError:
            return 502, b"", "text/plain"
        finally:
            line.close()

    def _some(self, body: bytes, fate: Any, kind: str = "es_rejected_execution_exception", why: str = "busy") -> None:
        """Pass those items of a bulk request whose fate is 0, and answer with the status of fate for the others."""
        packed = self.headers.get("Content-Encoding") == "gzip"
        items = list(_items(gzip.decompress(body) if packed else body))
        fates = [fate(head["_id"]) for _, head, _ in items]
        through = b"".join(raw for (_, _, raw), status in zip(items, fates, strict=True) if not status)
        if "content-encoding" in self.headers:
            through = gzip.compress(through)
        done: list[Json] = []
        if not all(fates):
            status, answer, content = self._pass(through)
            if status != 200:
                self._reply(status, answer, content)
                return
            done = json.loads(answer)["items"]
        told = iter(done)
        rows = []
        for (verb, head, _), status in zip(items, fates, strict=True):
            error = {"type": "document_parsing_exception" if status == 400 else kind, "reason": why}
            refused = {verb: {"_index": head.get("_index", ""), "_id": head["_id"], "status": status, "error": error}}
            rows.append(refused if status else next(told))
        errors = any(fates) or any("error" in next(iter(row.values())) for row in rows)
        self._reply(200, json.dumps({"took": 1, "errors": errors, "items": rows}).encode(), _JSON)

    def _reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _items(body: bytes) -> Iterator[tuple[str, Json, bytes]]:
    """Yield (verb, head, raw lines) of each item of a bulk request."""
    lines = iter(body.splitlines(keepends=True))
    for line in lines:
        if not line.strip():
            continue
        ((verb, head),) = json.loads(line).items()
        yield verb, head, line if verb == "delete" else line + next(lines)


@contextmanager
def in_front_of(url: str, plan: Plan) -> Iterator[Stub]:
    """Lend a stub in front of a node."""
    stub = Stub(url, plan)
    try:
        yield stub
    finally:
        stub.close()
