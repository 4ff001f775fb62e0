"""Both indices answer alike: 200 searches and their counts; on real texts too."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.elastic import ElasticIndex
from index.elastic_search import COUNTED
from index.sqlite import SqliteIndex
from index.store import Item, PostIndex, Query
from tests.contracts.elastic import KEY
from tests.contracts.posts import NOON, analysed
from tests.index import corpus

SEED = 20260301
_PATIENCE_S = 60.0  # it only keeps a test from hanging
DATA = Path(__file__).parents[3] / "shared" / "data"


def answers(index: PostIndex, query: Query) -> tuple[int, list[str]]:
    page = index.search(query)
    return page.total, [hit.id for hit in page.hits]


def settled(index: PostIndex) -> tuple[object, ...]:
    """Return what tells whether every text, every fact and every membership can be seen."""
    members = [index.search(Query(incident=f"inc{n}", limit=1)).total for n in range(4)]
    return index.search(Query(limit=1)).total, index.count(Query(), "area"), index.count(Query(), "incident"), members


def put_both(folder: Path, elastic: ElasticIndex, items: Sequence[Item]) -> SqliteIndex:
    """Put the same into both and wait until it can be seen; nobody asks Elasticsearch to hurry."""
    embedded = SqliteIndex(folder, KEY)
    embedded.put(items)
    elastic.put(items)
    start, there = time.monotonic(), settled(embedded)
    while settled(elastic) != there:
        assert time.monotonic() - start < _PATIENCE_S
        time.sleep(0.05)
    return embedded


def test_200_searches_find_the_same_posts_in_the_same_order(elastic: ElasticIndex, tmp_path: Path) -> None:
    items = corpus.posts(SEED)
    embedded = put_both(tmp_path, elastic, items)
    queries = corpus.queries(SEED, items)
    found = {query: answers(embedded, query) for query in queries}
    assert len(queries) == 200
    assert sum(total > 0 for total, _ in found.values()) > 100
    assert {query: answers(elastic, query) for query in queries} == found
    embedded.close()


def test_counts_are_the_same_by_every_field(elastic: ElasticIndex, tmp_path: Path) -> None:
    items = corpus.posts(SEED)
    embedded = put_both(tmp_path, elastic, items)
    for query in [Query(), Query(kind="letter"), *corpus.queries(SEED, items)[:40:4]]:
        for by in COUNTED:
            assert elastic.count(query, by) == embedded.count(query, by), (query, by)
    embedded.close()


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.skipif(
    not DATA.is_dir() and "CI" not in os.environ, reason="the labelled data are not beside the checkout"
)
@pytest.mark.parametrize("name", ["zh/tipdm_c/stream", "en/newhaven_issues/dev"])
def test_real_texts_are_found_alike(elastic: ElasticIndex, tmp_path: Path, name: str) -> None:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:2000]
    items: list[Item] = [
        analysed(f"{number:06}", row["text"], title=row.get("subject") or "", at=NOON - number % 700 * 3600)
        for number, row in enumerate(rows)
    ]
    embedded = put_both(tmp_path, elastic, items)
    differing = 0
    for query in corpus.queries(SEED, items, 400):
        differing += answers(embedded, query) != answers(elastic, query)
    assert differing == 0
    embedded.close()
