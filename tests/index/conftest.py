"""An index of one's own on the shared node, for tests that look behind the port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from answerable.sections import Elastic
from index.elastic import ElasticIndex
from index.elastic_install import install
from index.elastic_node import Node
from tests import engines
from tests.contracts.elastic import KEY, Ground, remove, settings
from tests.index.peer import Peer


@pytest.fixture
def bare() -> Iterator[Elastic]:
    """Give settings with a prefix below which there is nothing yet."""
    config = settings(engines.prefix())
    yield config
    remove(config)


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    """Keep one prefix, below which `migrate` was run, for all tests of a process."""
    kept = Ground()
    yield kept
    kept.close()


@pytest.fixture
def config(ground: Ground) -> Elastic:
    """Give settings below which there is no document."""
    return ground.emptied()


@pytest.fixture
def no_indices(ground: Ground) -> None:
    """Leave nothing but what `migrate` makes; named before the index that the test uses."""
    ground.fresh()


@pytest.fixture
def migrated(bare: Elastic) -> Elastic:
    """Give settings with a prefix of the test's own, below which `migrate` was run."""
    install(bare)
    return bare


@pytest.fixture
def elastic(config: Elastic) -> Iterator[ElasticIndex]:
    """Open an empty index."""
    index = ElasticIndex(config, KEY)
    yield index
    index.close()


@pytest.fixture
def peer(config: Elastic) -> Iterator[Peer]:
    """Look at what Elasticsearch itself holds."""
    node = Node(config)
    yield Peer(node, config.prefix)
    node.close()
