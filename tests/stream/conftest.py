from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.sections import Kafka
from stream.kafka import KafkaLog
from tests.contracts.kafka import Cluster

COUNT = 4


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Kafka]:
    """Return the settings for topics of the test's own on the shared broker."""
    cluster = Cluster(1, COUNT, ("track",))
    yield cluster.config(tmp_path)
    cluster.remove(tmp_path)


@pytest.fixture
def kafka(cluster: Kafka) -> Iterator[KafkaLog]:
    """Open the log on those topics."""
    log = KafkaLog(cluster, {"posts.analysed": COUNT})
    yield log
    log.close()
