"""Posts a second through the split deployment, beside what the same two servers take at most, in one run.

make engines; python -m bench.engines [POSTS]

Raw: kafka-python producing and consuming the same messages, elasticsearch.helpers.bulk writing the same
documents. Then the deployment with analysis off (bench.blank) and on, and one and two analysers alone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

import msgspec
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from answerable import post
from answerable.app.reading import chunked
from answerable.post import AnalysedPost, Kind, Post, post_id
from bench.blank import Blank
from bench.load import load
from index.cards import Card, fold
from index.elastic_documents import facts_of, nowhere, text_of
from stream.log import Message
from stream.topics import POSTS_RAW
from tests import engines
from tests.e2e.split import Split, split

_NOW = int(time.time())
_PARTITIONS = 8
_JOINING_S = 8.0


def posts(count: int) -> list[Post]:
    """Return so many posts of today with the words of real ones."""
    texts = cycle([str(row["text"]) for row in load("event2012")])
    return [
        Post(
            id=post_id("bench", str(n)), source=f"board-{n % 16}", kind=Kind.MICROBLOG, text=text,
            author=f"{n % 997:032x}", published_at=_NOW - count + n, fetched_at=_NOW - count + n,
            seen_at=_NOW - count + n,
        )
        for n, text in enumerate(islice(texts, count))
    ]  # fmt: skip


def timed(what: str, count: int, work: Callable[[], object]) -> float:
    """Do it and say how many posts a second that was."""
    begin = time.perf_counter()
    work()
    rate = count / (time.perf_counter() - begin)
    print(f"{what:44}{rate:10,.0f} posts/s", flush=True)
    return rate


def raw_log(own: Split, given: list[Post]) -> tuple[float, float]:
    """Produce and consume the messages with the client alone."""
    topic, values = f"{own.prefix}.memberships", [post.encode(one) for one in given]
    producer = KafkaProducer(
        bootstrap_servers=engines.kafka(), acks="all", enable_idempotence=True, compression_type="lz4", linger_ms=5
    )

    def produce() -> None:
        for value in values:
            producer.send(topic, value=value)
        producer.flush()

    def consume() -> None:
        consumer = KafkaConsumer(bootstrap_servers=engines.kafka(), enable_auto_commit=False)
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek_to_beginning()
        seen = 0
        while seen < len(values):
            seen += sum(map(len, consumer.poll(timeout_ms=1000).values()))
        consumer.close()

    rates = timed("raw: produce", len(given), produce), timed("raw: consume", len(given), consume)
    producer.close()
    return rates


def raw_index(own: Split, given: list[Post]) -> float:
    """Write the documents that the index makes of the posts with the client's own bulk helper."""
    analyses = Blank().analyse(given)
    items = [AnalysedPost(one, analysis, f"~{one.source}") for one, analysis in zip(given, analyses, strict=True)]
    lines = [
        {"_index": f"{own.prefix}-{family}", "_id": item.post.id, "_source": msgspec.to_builtins(document)}
        for item in items
        for family, document in (
            ("posts-v1-raw", text_of(item).complete()), ("facts-posts-v1-raw", facts_of(item, nowhere)),
            ("cards-v1", fold(Card(), item)),
        )
    ]  # fmt: skip
    client = Elasticsearch(engines.elastic())
    rate = timed("raw: bulk of the same documents", len(given), lambda: bulk(client, lines, chunk_size=1000))
    client.close()
    return rate


@contextmanager
def deployed(own: Split, parts: dict[str, int]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Lend running processes, by part and number."""
    running = {}
    for part, count in parts.items():
        words = ["-m", "bench.blank"] if part == "blank" else ["-m", "answerable", "run", part]
        for number in range(count):
            running[f"{part} {number}"] = subprocess.Popen(  # noqa: S603 — our own code
                [sys.executable, *words, "--settings", str(own.path)], stderr=subprocess.DEVNULL
            )
    try:
        yield running
    finally:
        for process in running.values():
            process.send_signal(signal.SIGKILL)
            process.wait()


def through(what: str, given: list[Post], parts: dict[str, int], *groups: str, profile: bool = False) -> float:
    """Put posts into a fresh deployment, whose processes stand and wait, until the groups have handled everything."""
    with (
        tempfile.TemporaryDirectory() as folder,
        split(Path(folder), _PARTITIONS) as own,
        deployed(own, parts) as running,
    ):
        feed(own, given[: _PARTITIONS * 50])
        own.settle(*groups)
        time.sleep(_JOINING_S)  # until the partitions are shared out among all
        begin = {name: cpu(process.pid) for name, process in running.items()}

        def work() -> None:
            feed(own, given)
            own.settle(*groups)

        start = time.perf_counter()
        rate = timed(what, len(given), work)
        wall = time.perf_counter() - start
        if profile:
            for name, process in running.items():
                print(f"    {name:40}{(cpu(process.pid) - begin[name]) / wall:10.0%} of a core")
        return rate


def feed(own: Split, given: list[Post]) -> None:
    """Append posts as a crawler does."""
    for some in chunked(given, 1000):
        own.log.append(POSTS_RAW, [Message(one.id, post.encode(one)) for one in some])


def cpu(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(count: int) -> None:
    """Run all of it and print the ratios."""
    given = posts(count)
    with tempfile.TemporaryDirectory() as folder, split(Path(folder), _PARTITIONS) as own:
        limits = [*raw_log(own, given), raw_index(own, given)]
    off = through("split, analysis off", given, {"blank": 1, "index": 1}, "analyse", "index", profile=True)
    print(f"    {off / min(limits):.2f} of the slowest raw limit")
    folded = {"blank": 1, "track": 1, "index": 1}
    through("split with folds, analysis off", given, folded, "analyse", "track", "index", profile=True)
    whole = {"analyse": 1, "track": 1, "index": 1}
    through("split, analysis on", given, whole, "analyse", "track", "index", profile=True)
    one = through("one analyser alone", given, {"analyse": 1}, "analyse", profile=True)
    two = through("two analysers alone", given, {"analyse": 2}, "analyse", profile=True)
    print(f"    {two / one:.2f} times one")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
