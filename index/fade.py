"""What stays of an incident when its texts are gone: place, topics, categories and figures."""

from __future__ import annotations

from msgspec.structs import replace

from answerable.incident import IncidentUpdate

__all__ = ["fade"]


def fade(update: IncidentUpdate) -> IncidentUpdate:
    """Return the incident with its title told by its topics and its demands by their category."""
    return replace(
        update,
        title=replace(update.title, matter=tuple(topic.id for topic in update.topics)),
        demands=tuple(replace(demand, act=demand.category, to=None) for demand in update.demands),
        words=(),
        links_terms=(),
    )
