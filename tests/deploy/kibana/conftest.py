from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.elastic_install import install
from tests import engines
from tests.contracts.elastic import remove, settings
from tests.deploy.kibana.town import Town, told
from tests.e2e import corpus


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Give the invented city, whose posts went through a desk and into the index on the real node."""
    config = settings(engines.prefix())
    install(config)
    with told(tmp_path_factory.mktemp("town"), corpus.week(), config, "9901") as found:
        yield found
    remove(config)
