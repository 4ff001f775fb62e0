"""The role of those who look at boards: it reads facts and opens dashboards, and no index with a text."""

from __future__ import annotations

from typing import Any

__all__ = ["indices", "role", "role_name"]

Json = dict[str, Any]


def role_name(prefix: str) -> str:
    """Return the role's name.

    >>> role_name("answerable")
    'answerable_boards'
    """
    return f"{prefix}_boards"


def indices(prefix: str) -> list[Json]:
    """Return what the role may do on indices, in Elasticsearch's words."""
    return [{"names": [f"{prefix}-facts-*"], "privileges": ["read", "view_index_metadata"]}]


def role(prefix: str) -> Json:
    """Return the role as Kibana keeps it: the indices, and looking at dashboards in every space."""
    return {
        "elasticsearch": {"cluster": [], "indices": indices(prefix), "run_as": []},
        "kibana": [{"base": [], "feature": {"dashboard": ["read"]}, "spaces": ["*"]}],
    }
