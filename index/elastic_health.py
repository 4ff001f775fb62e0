"""How the cluster is: whether it can be written, and whether it is whole."""

from __future__ import annotations

from msgspec import Struct

from answerable.errors import SettingsError
from answerable.sections import Elastic
from index.elastic_names import Names
from index.elastic_node import Forbidden, Node

__all__ = ["Health", "health"]


class Health(Struct, frozen=True):
    """A cluster's `status` (green, yellow, red), its nodes that hold data, and our indices that refuse writes."""

    status: str
    nodes: int
    blocked: tuple[str, ...]


class _Cluster(Struct, frozen=True):
    status: str
    number_of_data_nodes: int


class _Settings(Struct, frozen=True):
    settings: dict[str, str] = {}


def health(config: Elastic) -> Health:
    """Ask how it is; raise Unavailable where it cannot be reached, SettingsError where asking is forbidden."""
    node, names = Node(config), Names(config.prefix)
    try:
        cluster = node.ask("GET", "/_cluster/health", _Cluster, tries=1, timeout="1s")
        held = node.ask(
            "GET", f"/{names.every}/_settings/index.blocks.*", dict[str, _Settings], tries=1,
            flat_settings="true", allow_no_indices="true",
        )  # fmt: skip
    except Forbidden as error:
        repair = "give it the rights to monitor the cluster and to see its indices' settings"
        raise SettingsError(str(error), key="elastic.user", repair=repair) from None
    finally:
        node.close()
    blocked = sorted(name for name, index in held.items() if "true" in index.settings.values())
    return Health(cluster.status, cluster.number_of_data_nodes, tuple(blocked))
