"""With security on: TLS, passwords, and users who may do no more than they need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from answerable.errors import SettingsError, Unavailable
from answerable.sections import Elastic, Secret
from index.elastic import ElasticIndex
from index.elastic_install import install, probe
from index.elastic_node import Node
from index.store import Query
from tests import engines
from tests.contracts.elastic import KEY, remove, settings
from tests.contracts.posts import analysed

pytestmark = pytest.mark.slow  # the node with security on takes a while to start


@pytest.fixture(scope="module")
def writer() -> Iterator[Elastic]:
    """Give the settings of a user who may write, below a prefix on which `migrate` was run."""
    server = engines.secured()
    config = replace(
        settings(engines.prefix(), server.address), ca_file=str(server.ca_file), user="writer",
        password=Secret(server.password), timeout_s=30.0,
    )  # fmt: skip
    install(config)
    yield config
    remove(config)


def test_a_user_with_the_rights_to_write_writes_and_searches_over_tls(writer: Elastic) -> None:
    assert probe(writer).startswith("8.")
    index = ElasticIndex(writer, KEY)
    index.put([analysed("p")])
    index.refresh()
    assert [hit.id for hit in index.search(Query(text="停水")).hits] == ["p"]
    index.close()


def test_a_reader_of_facts_counts_and_is_told_that_texts_and_writing_are_forbidden(writer: Elastic) -> None:
    index = ElasticIndex(writer, KEY)
    index.put([analysed("p")])
    index.refresh()
    index.close()
    reader = ElasticIndex(replace(writer, user="reader"), KEY)
    assert reader.count(Query(), "area")[0].count == 1
    with pytest.raises(Unavailable, match="forbids this to reader"):
        reader.search(Query(text="停水"))
    with pytest.raises(Unavailable, match=r"forbids this to reader|security_exception"):
        reader.put([analysed("q")])
    reader.close()


@pytest.mark.parametrize("change", [{"password": Secret("wrong")}, {"user": ""}, {"user": "stranger"}])
def test_a_refused_login_holds_the_batch_and_check_names_the_setting(writer: Elastic, change: dict[str, str]) -> None:
    config = replace(writer, **change)
    index = ElasticIndex(config, KEY)
    with pytest.raises(Unavailable, match="does not know"):
        index.put([analysed("p")])
    for look in (probe, install):
        with pytest.raises(SettingsError, match=r"elastic\.user"):
            look(config)
    index.close()


def test_a_server_whose_certificate_nobody_vouches_for_is_not_spoken_to(writer: Elastic) -> None:
    node = Node(replace(writer, ca_file=""), pause=lambda seconds: None)
    with pytest.raises(Unavailable, match="TlsError"):
        node.ask("GET", "/_cluster/health", object)
    node.close()


def test_a_missing_authority_file_is_a_mistake_in_the_settings(writer: Elastic) -> None:
    with pytest.raises(SettingsError, match=r"elastic\.ca_file"):
        Node(replace(writer, ca_file="/nowhere/ca.pem"))
