"""The split deployment as real processes on real engines, with topics and indices of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from answerable.app import wiring
from answerable.app.backfill import shared_out
from answerable.app.cli import main
from answerable.app.parts import Part
from answerable.settings import Settings, load
from stream.kafka import KafkaLog
from stream.kafka_client import Clients
from stream.log import Message
from stream.topics import INCIDENTS, MEMBERSHIPS, POSTS_ANALYSED, POSTS_RAW
from tests import engines
from tests.e2e import corpus
from tests.e2e.running import ROOT

__all__ = ["Split", "split", "stop"]

SESSION_S = 6.0  # the least that the broker allows
_PATIENCE_S = 120.0
_FOLLOWED = (
    (POSTS_RAW, "analyse"), (POSTS_ANALYSED, "track"), (POSTS_ANALYSED, "index"), (INCIDENTS, "index"),
    (MEMBERSHIPS, "index"),
)  # fmt: skip
_ENGINES = """
[kafka]
bootstrap = ["{kafka}"]
prefix = "{prefix}."
session_s = {session}
[index]
engine = "elastic"
[elastic]
url = "{elastic}"
prefix = "{prefix}"
"""


class Split:
    """Processes of one deployment; `settings_path` is theirs."""

    def __init__(self, folder: Path, partitions: int, held: ExitStack) -> None:
        prefix = engines.prefix()
        text = corpus.settings_text(folder / "data", partitions=partitions)
        text = text.replace("[stream]", '[stream]\nengine = "kafka"')
        text += _ENGINES.format(kafka=engines.kafka(), elastic=engines.elastic(), prefix=prefix, session=SESSION_S)
        self.folder, self.prefix, self.path = folder, prefix, folder / "split.toml"
        self.path.write_text(text, "utf-8")
        self._held, self._started = held, 0
        self.settings: Settings = load(self.path, {})
        assert main(["migrate", "--settings", str(self.path)]) == 0
        self.log = KafkaLog(self.settings.kafka, wiring.partitions(self.settings))
        self.index = wiring.index(self.settings, wiring.register(self.settings))
        held.callback(self._remove)

    def run(self, part: Part, kill_at: str = "") -> subprocess.Popen[bytes]:
        """Start a process, which ends with the test; what it says is kept in the folder."""
        self._started += 1
        said = self._held.enter_context((self.folder / f"{part}-{self._started}.log").open("wb"))
        process = subprocess.Popen(  # noqa: S603 — our own code
            [sys.executable, "-m", "answerable", "run", part, "--settings", str(self.path)],
            cwd=ROOT, env={**os.environ, "ANSWERABLE_KILL_AT": kill_at}, stdout=said, stderr=said,
        )  # fmt: skip
        self._held.callback(_end, process)
        return process

    def answerable(self, *words: str | Path) -> int:
        """Run a verb to its end in this process; return its exit code."""
        return main([*map(str, words), "--settings", str(self.path)])

    def append(self, read: Iterable[Message]) -> None:
        """Append messages that were made elsewhere."""
        for partition, messages in enumerate(shared_out(read, self.log.partitions(POSTS_ANALYSED))):
            if messages:
                self.log.append(POSTS_ANALYSED, messages, partition)

    def waiting(self, *groups: str) -> int:
        """Count the messages that groups have not handled."""
        return sum(self.log.backlog(topic, group) for topic, group in _FOLLOWED if group in groups)

    def settle(self, *groups: str) -> None:
        """Wait until groups have handled everything."""
        self.until(lambda: self.waiting(*groups) == 0, f"{groups} to handle everything")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something, with patience that ends."""
        end = time.monotonic() + _PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"waited in vain for {what}; {self.waiting('track', 'index')} wait"
            time.sleep(0.1)

    def refresh(self) -> None:
        """Let searches see everything that was written."""
        httpx.post(f"{engines.elastic()}/{self.prefix}-*/_refresh").raise_for_status()

    def _remove(self) -> None:
        self.log.close()
        self.index.close()
        admin = Clients(self.settings.kafka).admin()
        admin.delete_topics([name for name in admin.list_topics() if name.startswith(f"{self.prefix}.")])
        admin.close()
        with httpx.Client(base_url=engines.elastic()) as node:
            for line in node.get(f"/_cat/indices/{self.prefix}-*?format=json").json():
                node.delete(f"/{line['index']}")
            node.delete(f"/_index_template/{self.prefix}-*")


@contextmanager
def split(folder: Path, partitions: int) -> Iterator[Split]:
    """Lend a deployment with no process yet."""
    with ExitStack() as held:
        yield Split(folder, partitions, held)


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """End processes as an operator does; each finishes what it began."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        assert process.wait(timeout=30) == 0


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
