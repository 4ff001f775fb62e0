"""How the cluster says it is: whole, and with indices that can be written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError, Unavailable
from answerable.sections import Elastic, Secret
from deploy.local.ports import free_ports
from index.elastic_health import health
from index.elastic_install import install
from index.elastic_names import Names
from index.elastic_node import Node
from tests import engines
from tests.contracts.elastic import remove, settings


@pytest.fixture
def config() -> Iterator[Elastic]:
    """Give settings below a prefix on which `migrate` was run."""
    config = settings(engines.prefix(), engines.elastic())
    install(config)
    yield config
    remove(config)


def test_a_cluster_that_takes_everything_is_told_as_that(config: Elastic) -> None:
    found = health(config)

    assert (found.nodes, found.blocked) == (1, ())
    assert found.status in ("green", "yellow")


@pytest.mark.parametrize("block", ["read_only_allow_delete", "read_only", "write"])
def test_an_index_that_refuses_writes_is_named(config: Elastic, block: str) -> None:
    node, index = Node(config), Names(config.prefix).cards
    node.ask("PUT", f"/{index}/_settings", object, {f"index.blocks.{block}": True})
    try:
        assert health(config).blocked == (index,)
    finally:
        node.ask("PUT", f"/{index}/_settings", object, {f"index.blocks.{block}": None})
        node.close()


def test_without_indices_nothing_is_blocked() -> None:
    assert health(settings(engines.prefix(), engines.elastic())).blocked == ()


def test_nobody_there_is_out_of_reach() -> None:
    with pytest.raises(Unavailable):
        health(settings(engines.prefix(), f"http://127.0.0.1:{free_ports(1)[0]}"))


@pytest.mark.slow
def test_who_may_not_ask_is_told_so() -> None:
    server = engines.secured()
    stranger = replace(
        settings(engines.prefix(), server.address), ca_file=str(server.ca_file), user="stranger", password=Secret("x")
    )

    with pytest.raises(SettingsError, match=r"elastic\.user: .* does not know stranger"):
        health(stranger)
