"""Several indexers at once, each in its own order and more than once, end in one and the same index."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import msgspec
import pytest

from answerable.clock import DAY
from answerable.errors import Unavailable
from answerable.incident import Membership
from answerable.post import Forget
from answerable.sections import Elastic
from index.elastic import ElasticIndex
from index.elastic_search import COUNTED
from index.sqlite import SqliteIndex
from index.store import Hit, Item, Query
from tests.chaos.stub import Answer, Plan, in_front_of
from tests.contracts.elastic import KEY
from tests.contracts.posts import NOON, analysed
from tests.index.peer import Peer

POSTS, INDEXERS = 40, 3


def told(rng: random.Random) -> list[Item]:
    """Return what happened to some posts, in the order in which it happened."""
    items: list[Item] = []
    for number in range(POSTS):
        id, at = f"p{number:02}", NOON - number * 7200
        items.append(analysed(id, "停水", at=at, seen_at=at))
        if rng.random() < 0.5:
            items.append(analysed(id, "停水", revision=2, at=at + rng.choice([0, 8, 40]) * DAY, seen_at=at + 60))
        if rng.random() < 0.4:
            items.append(Forget(id, at, at + 120, edited=True))
            items.append(analysed(id, "停电", revision=3, at=at, seen_at=at + 120))
    for step in range(4):
        rows = [
            (f"p{n:02}", f"g{step}", rng.choice([None, "inc1", "inc2"]), rng.choice([None, "q"]))
            for n in range(POSTS)
        ]
        items.append(Membership("3701", NOON + 300 * step, tuple(rng.sample(rows, 25))))
    items += [Forget(f"p{number:02}", NOON, NOON) for number in rng.sample(range(POSTS), 6)]
    return items


def work(config: Elastic, items: list[Item], seed: int, failed: list[BaseException]) -> None:
    """Be one indexer: tell everything twice, in another order each time, in batches of any size."""
    rng = random.Random(seed)  # noqa: S311 — a seeded order
    index = ElasticIndex(config, KEY, pause=lambda seconds: None)
    try:
        for _ in range(2):
            order = rng.sample(items, len(items))
            while order:
                size = rng.randint(1, 30)
                batch, order = order[:size], order[size:]
                while not _put(index, batch):
                    pass
    except BaseException as error:
        failed.append(error)
    finally:
        index.close()


def _put(index: ElasticIndex, batch: list[Item]) -> bool:
    try:
        index.put(batch)
    except Unavailable:
        return False
    return True


def every(index: ElasticIndex | SqliteIndex) -> tuple[tuple[Hit, ...], list[object]]:
    return index.search(Query(limit=1000)).hits, [index.count(Query(), by) for by in COUNTED]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("plan", [{Answer.PASS: 1.0}, {Answer.PASS: 0.9, Answer.LOST: 0.05, Answer.CUT: 0.05}])
def test_any_order_of_any_number_of_indexers_ends_in_what_one_in_order_makes(
    elastic: ElasticIndex, config: Elastic, peer: Peer, tmp_path: Path, seed: int, plan: dict[Answer, float]
) -> None:
    items = told(random.Random(seed))  # noqa: S311 — invented
    embedded = SqliteIndex(tmp_path, KEY)
    embedded.put(items)
    failed: list[BaseException] = []
    with in_front_of(config.url, Plan(plan, seed=seed)) as stub:
        line = msgspec.structs.replace(config, url=stub.url)
        threads = [threading.Thread(target=work, args=(line, items, 100 * seed + n, failed)) for n in range(INDEXERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    elastic.refresh()
    assert every(elastic) == every(embedded)
    for family in ("posts", "facts-posts"):
        ids = [id for _, id, _ in peer.documents(family)]
        assert len(ids) == len(set(ids)) == len(every(embedded)[0])
    repeats = {id for _, id, fact in peer.documents("facts-posts") if fact.get("repeat")}
    assert repeats == _repeats(items) & {hit.id for hit in every(embedded)[0]}
    embedded.close()


def _repeats(items: list[Item]) -> set[str]:
    """Return the posts whose latest membership names a representative."""
    latest = {
        post: representative
        for item in items
        if isinstance(item, Membership)
        for post, _, _, representative in item.posts
    }
    return {post for post, representative in latest.items() if representative}
