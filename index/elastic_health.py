"""How the cluster is: whether it can be written, and whether it is whole."""

from __future__ import annotations

import re

from msgspec import Struct

from answerable.errors import SettingsError
from answerable.sections import Elastic
from index.elastic_names import Names
from index.elastic_node import Forbidden, Node

__all__ = ["Health", "asked_for", "health"]


_DISK = "cluster.routing.allocation.disk"
_UNITS = ("b", "kb", "mb", "gb", "tb", "pb")


class Health(Struct, frozen=True):
    """A cluster's `status` (green, yellow, red), its nodes that hold data, and our indices that refuse writes.

    `full` are the nodes with less room than the low watermark asks for: name, bytes free, bytes asked for.
    `licence` is its type, with " (expired)" where it is over.
    """

    status: str
    nodes: int
    blocked: tuple[str, ...]
    full: tuple[tuple[str, int, int], ...] = ()
    licence: str = ""


class _Cluster(Struct, frozen=True):
    status: str
    number_of_data_nodes: int


class _Licence(Struct, frozen=True):
    type: str
    status: str


class _Licences(Struct, frozen=True):
    license: _Licence


class _Total(Struct, frozen=True):
    total_in_bytes: int
    available_in_bytes: int


class _Disk(Struct, frozen=True):
    total: _Total


class _Member(Struct, frozen=True):
    name: str
    fs: _Disk


class _Members(Struct, frozen=True):
    nodes: dict[str, _Member] = {}


class _Given(Struct, frozen=True):
    persistent: dict[str, object] = {}
    transient: dict[str, object] = {}
    defaults: dict[str, object] = {}


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
        full, licence = _full(node), node.ask("GET", "/_license", _Licences, tries=1).license
    except Forbidden as error:
        repair = "give it the rights to monitor the cluster and to see its indices' settings"
        raise SettingsError(str(error), key="elastic.user", repair=repair) from None
    finally:
        node.close()
    blocked = sorted(name for name, index in held.items() if "true" in index.settings.values())
    told = licence.type if licence.status == "active" else f"{licence.type} (expired)"
    return Health(cluster.status, cluster.number_of_data_nodes, tuple(blocked), full, told)


def _full(node: Node) -> tuple[tuple[str, int, int], ...]:
    """Return the nodes that take no new shards for want of room."""
    given = node.ask("GET", "/_cluster/settings", _Given, tries=1, include_defaults="true", flat_settings="true")
    held = {**given.defaults, **given.persistent, **given.transient}
    if str(held.get(f"{_DISK}.threshold_enabled", "true")) == "false":
        return ()
    low, most = (
        str(held.get(f"{_DISK}.watermark.low", "85%")),
        str(held.get(f"{_DISK}.watermark.low.max_headroom", "")),
    )
    members = node.ask("GET", "/_nodes/stats/fs", _Members, tries=1).nodes.values()
    disks = ((one.name, one.fs.total) for one in members)
    judged = ((name, disk.available_in_bytes, asked_for(low, disk.total_in_bytes, most)) for name, disk in disks)
    return tuple(sorted(one for one in judged if one[1] < one[2]))


def asked_for(watermark: str, total: int, most: str = "") -> int:
    """Return how many bytes a watermark wants free of a disk; `most` caps what a share asks for, "" or "-1" = no cap.

    >>> asked_for("85%", 1000), asked_for("5gb", 1000), asked_for("0.85", 10**13, "200GB") >> 30
    (150, 5368709120, 200)
    """
    size = _size(watermark)
    if size is not None:
        return size
    share = float(watermark.removesuffix("%")) / (100 if watermark.endswith("%") else 1)
    free, cap = round(total * (1 - share)), _size(most)
    return free if cap is None else min(free, cap)


def _size(text: str) -> int | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kmgtp]?b)", text.lower())
    return round(float(found[1]) * 1024 ** _UNITS.index(found[2])) if found else None
