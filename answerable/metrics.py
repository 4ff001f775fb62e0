"""Numbers that every process shows under /metrics, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from answerable import __version__

__all__ = [
    "ALERTS",
    "MAILS",
    "MAILS_WAITING",
    "MESSAGES",
    "NEWEST",
    "PARTS",
    "PLACELESS",
    "POSTS",
    "SET_ASIDE",
    "SET_ASIDE_WAITING",
    "SILENT",
    "SOURCES",
    "WAITING",
    "fill",
    "render",
]

_registry = CollectorRegistry()
ProcessCollector(registry=_registry)


def _counter(name: str, help_: str, *labels: str) -> Counter:
    return Counter(f"answerable_{name}", help_, labels, registry=_registry)


def _gauge(name: str, help_: str, *labels: str) -> Gauge:
    return Gauge(f"answerable_{name}", help_, labels, registry=_registry)


POSTS = _counter("posts", "Posts handled, by stage.", "stage")
MESSAGES = _counter("messages", "Messages handled, by stage: posts, ticks, updates.", "stage")
SET_ASIDE = _counter("set_aside", "Items set aside as dead letters, by stage.", "stage")
ALERTS = _counter("alerts", "Alerts raised, by level.", "level")
MAILS = _counter("mails", "Mails handed over, by outcome.", "outcome")
NEWEST = _gauge("newest_seconds", "When the newest handled post was published, by stage, UTC seconds.", "stage")
WAITING = _gauge("waiting", "Messages that a stage has not handled yet.", "stage")
PARTS = _gauge("part_ok", "Whether what the process stands on works: 1 or 0.", "part")
PLACELESS = _gauge("placeless_share", "Share of an area's latest posts for which no place was found.", "area")
MAILS_WAITING = _gauge("mails_waiting", "Mails that have not gone out.", "stage")
SET_ASIDE_WAITING = _gauge("set_aside_waiting", "Dead letters that wait for a person.", "stage")
SOURCES = _gauge("sources", "Sources that are visited.", "stage")
SILENT = _gauge("silent_sources", "Sources that give nothing new, or cannot be visited.", "stage")
_gauge("build", "1, with the version that runs.", "version").labels(__version__).set(1)

for _outcome in ("sent", "later", "never"):  # a counter that begins with its first event shows no increase
    MAILS.labels(_outcome)


def fill(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set a gauge's values by its one label; labels that are not named any more are gone.

    >>> fill(WAITING, {"index": 3}); fill(WAITING, {"track": 2})
    >>> [line for line in render().decode().splitlines() if line.startswith("answerable_waiting{")]
    ['answerable_waiting{stage="track"} 2.0']
    >>> fill(WAITING, {})
    """
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)


def render() -> bytes:
    """Return all numbers in Prometheus' text format.

    >>> b"answerable_posts" in render()
    True
    """
    return generate_latest(_registry)
