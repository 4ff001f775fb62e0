"""What an alert may say where less is known or more is at stake: updates with parts left out."""

from __future__ import annotations

from msgspec.structs import replace

from answerable.incident import Between, Components, IncidentUpdate, Title

__all__ = ["place_and_kind", "without_extracts"]


def without_extracts(update: IncidentUpdate) -> IncidentUpdate:
    """Return an update without shared words: what goes to the supervision of an accused office."""
    return replace(update, words=(), links_terms=())


def place_and_kind(update: IncidentUpdate) -> IncidentUpdate:
    """Return an update that tells place and kind of danger only: what one person reported, unconfirmed.

    Counts of people, words, demands, sources and hours are left out, so that it points to nobody. The place is
    no finer than the district, unless several people named it.
    """
    district = next((place for place, _ in update.districts), None)
    return replace(
        update,
        title=Title(update.title.place or district, ()),
        first_post="",
        posts=0,
        duplicates=0,
        vanished=0,
        authors=Between(0, 0),
        token_days=0,
        strongest_day=0,
        sources=(),
        kinds=(),
        components=Components(danger=tuple((kind, 1) for kind, _ in update.components.danger)),
        indicators=(),
        accused=(),
        langs=(),
        moods=(),
        demands=(),
        words=(),
        links_terms=(),
        hourly=(),
        peak_at=0,
        peak_per_hour=0,
        forecast=(),
    )
