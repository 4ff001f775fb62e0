"""Counters that every process shows under /metrics, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

__all__ = ["ALERTS", "MAILS", "NEWEST", "PLACELESS", "POSTS", "SET_ASIDE", "render"]

_registry = CollectorRegistry()

POSTS = Counter("answerable_posts", "Posts handled, by stage.", ["stage"], registry=_registry)
SET_ASIDE = Counter(
    "answerable_set_aside", "Items set aside as dead letters, by stage.", ["stage"], registry=_registry
)
ALERTS = Counter("answerable_alerts", "Alerts raised, by level.", ["level"], registry=_registry)
MAILS = Counter("answerable_mails", "Mails handed over, by outcome.", ["outcome"], registry=_registry)
NEWEST = Gauge(
    "answerable_newest_seconds", "When the newest handled post was seen, by stage, UTC seconds.", ["stage"],
    registry=_registry,
)  # fmt: skip
PLACELESS = Gauge(
    "answerable_placeless_share", "Share of an area's latest posts for which no place was found.", ["area"],
    registry=_registry,
)  # fmt: skip


def render() -> bytes:
    """Return all counters in Prometheus' text format.

    >>> b"answerable_posts" in render()
    True
    """
    return generate_latest(_registry)
