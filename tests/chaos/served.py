"""The servers of a split deployment: the shared ones or one's own, with faults in front of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from answerable import post
from answerable.app import wiring
from answerable.app.cli import main
from answerable.app.wiring import Streams
from answerable.clock import HOUR, MINUTE
from answerable.errors import Unavailable
from answerable.post import Tick
from answerable.sections import Kafka
from deploy.local import Broker, Node, state
from deploy.local.ports import free_ports
from stream.kafka import KafkaLog
from stream.kafka_client import Clients
from stream.log import Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW
from tests import engines
from tests.chaos.engines import GROUPS, STATELESS, wait_for_rest
from tests.chaos.feeder import Take
from tests.chaos.machine import Machine
from tests.chaos.proxy import Proxy, proxied
from tests.chaos.stub import Answer, Plan, Stub, in_front_of

__all__ = ["Ground", "Served", "served"]

_PARTITIONS = 4
_REST_S = 120.0
_SETTINGS = """
[stream]
engine = "kafka"
partitions = {partitions}
[kafka]
bootstrap = ["{kafka}"]
prefix = "{prefix}."
session_s = 6.0
timeout_s = 10.0
[index]
engine = "elastic"
[elastic]
url = "{elastic}"
prefix = "{prefix}"
timeout_s = 5.0
"""


class Ground(Struct, frozen=True):
    """What a fault needs: a broker of its own (behind a proxy), a node of its own (behind a proxy), or a stub."""

    broker: bool = False
    node: bool = False
    stub: bool = False


class Served:
    """A log on a broker and an index on a node; `line` and `gate` are the proxies in front of them."""

    def __init__(self, kafka: str, elastic: str, direct: str) -> None:
        self.prefix, self._direct = engines.prefix(), direct
        self.text = _SETTINGS.format(partitions=_PARTITIONS, kafka=kafka, prefix=self.prefix, elastic=elastic)
        self.broker: Broker | None = None
        self.node: Node | None = None
        self.line: Proxy | None = None
        self.gate: Proxy | None = None
        self.stub: Stub | None = None
        self._log: KafkaLog | None = None
        self._config: Kafka | None = None

    def migrate(self, machine: Machine) -> None:
        """Make topics and templates."""
        with redirect_stdout(StringIO()):
            code = main(["migrate", "--settings", str(machine.desk)])
        if code:
            raise Unavailable(f"migrate ended with {code}")
        self._config = machine.settings.kafka
        self._log = KafkaLog(self._config, wiring.partitions(machine.settings))

    @property
    def log(self) -> KafkaLog:
        """The log, for the harness itself."""
        if self._log is None:
            raise Unavailable("nothing was migrated yet")
        return self._log

    def way_in(self, machine: Machine) -> Callable[[], AbstractContextManager[Take]]:
        """Return the log itself: what a crawler does."""

        @contextmanager
        def lend() -> Iterator[Take]:
            yield lambda records: self.log.append(POSTS_RAW, [Message(one.id, post.encode(one)) for one in records])

        return lend

    def waiting(self, machine: Machine) -> int:
        """Count what groups have not committed."""
        return sum(self.log.backlog(topic, group) for topic, group in GROUPS)

    @contextmanager
    def streams(self, machine: Machine) -> Iterator[Streams]:
        """Open the log anew."""
        opened = wiring.streams(machine.settings)
        try:
            yield opened
        finally:
            opened.log.close()

    def rewind(self, machine: Machine) -> None:
        """Delete the groups: they begin at the oldest message when they come again."""
        config = machine.settings.kafka
        admin = Clients(config).admin()
        admin.delete_groups([f"{config.prefix}{group}.{topic}" for topic, group in STATELESS])
        admin.close()

    def settle(self, machine: Machine) -> list[str]:
        """Let time pass in the log, so that folds pass their boundaries; then end everything."""
        at, wrong = machine.latest, []
        for step in (0, 6 * MINUTE, 6 * MINUTE, HOUR, 6 * MINUTE):
            at += step
            self.log.append(POSTS_ANALYSED, [Message("", post.encode(Tick(at)))], -1)
        if not wait_for_rest(self, machine, _REST_S):
            wrong.append("it did not come to rest after time had passed")
        wrong += [*machine.dead(), *machine.stop_all()]
        httpx.post(f"{self._direct}/{self.prefix}-*/_refresh", timeout=30.0).raise_for_status()
        return wrong

    def remove(self) -> None:
        """Delete the topics and indices, where the servers are shared."""
        if self._log is not None:
            if self.broker is None and self._config:
                _remove_topics(self._config, self.prefix)
            self._log.close()
        if self.node is None:
            with httpx.Client(base_url=self._direct, timeout=30.0) as node:
                for line in node.get(f"/_cat/indices/{self.prefix}-*?format=json").json():
                    node.delete(f"/{line['index']}")
                node.delete(f"/_index_template/{self.prefix}-*")


def _remove_topics(config: Kafka, prefix: str) -> None:
    admin = Clients(config).admin()
    admin.delete_topics([name for name in admin.list_topics() if name.startswith(f"{prefix}.")])
    admin.close()


@contextmanager
def served(ground: Ground) -> Iterator[Served]:
    """Lend servers as a fault needs them; what was started for it is gone afterwards."""
    with ExitStack() as held:
        broker, line = _broker(held) if ground.broker else (None, None)
        node = held.enter_context(engines.throwaway_node()) if ground.node else None
        direct = node.address if node else engines.elastic()
        gate, stub, url = None, None, direct
        if ground.node:
            parts = urlsplit(direct)
            gate = held.enter_context(proxied(parts.hostname or "", parts.port or 0))
            url = f"http://127.0.0.1:{gate.port}"
        if ground.stub:
            stub = held.enter_context(in_front_of(url, Plan({Answer.PASS: 1.0})))
            url = stub.url
        own = Served(broker.address if broker else engines.kafka(), url, direct)
        own.broker, own.line, own.node, own.gate, own.stub = broker, line, node, gate, stub
        held.callback(own.remove)
        yield own


def _broker(held: ExitStack) -> tuple[Broker, Proxy]:
    """Start a broker whose advertised port is a proxy's."""
    engines.kafka()  # says what to do where no engines run
    chosen = state.choose()
    port = free_ports(1)[0]
    line = held.enter_context(proxied("127.0.0.1", port))
    broker = Broker(_folder(chosen.scratch()), port, line.port)
    held.callback(broker.remove)
    broker.start()
    return broker, line


def _folder(scratch: Path) -> Path:
    return scratch / f"kafka-{secrets.token_hex(5)}"
