from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.store import PostIndex
from tests.contracts.adapters import CLUSTER, INDICES, STREAMS, Streams
from tests.contracts.elastic import GROUND

OpenStreams = Callable[[], Streams]
OpenIndex = Callable[[], PostIndex]


@pytest.fixture(scope="session", autouse=True)
def _ground() -> Iterator[None]:
    """Take away what the tests left on the shared node."""
    yield
    GROUND.close()


@pytest.fixture(params=sorted(STREAMS))
def open_streams(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStreams]:
    """Open the adapter's log and state; opening again after a close shows what was kept."""
    opened: list[Streams] = []

    def open_again() -> Streams:
        opened.append(STREAMS[request.param](tmp_path))
        return opened[-1]

    yield open_again
    for streams in opened:
        streams.log.close()
    CLUSTER.remove(tmp_path)


@pytest.fixture
def streams(open_streams: OpenStreams) -> Streams:
    return open_streams()


@pytest.fixture(params=sorted(INDICES))
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenIndex]:
    """Open the adapter's index; opening again after a close shows what was kept."""
    opened: list[PostIndex] = []

    def open_again() -> PostIndex:
        opened.append(INDICES[request.param](tmp_path))
        return opened[-1]

    yield open_again
    for index in opened:
        index.close()


@pytest.fixture
def index(open_index: OpenIndex) -> PostIndex:
    return open_index()
