"""The documents: a post's text and its facts; what each family may hold stands in index/templates/."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import Struct

from answerable.incident import incident_id
from answerable.post import AnalysedPost
from answerable.tokens import terms
from index.cards import Member

__all__ = [
    "District",
    "DistrictOf",
    "FactsDocument",
    "Spot",
    "TextDocument",
    "facts_of",
    "nowhere",
    "spot_of",
    "text_of",
]


class District(Struct, frozen=True):
    """The finest place that facts may carry, and a point in it for maps."""

    id: str
    lat: float | None = None
    lon: float | None = None


DistrictOf = Callable[[str], District | None]


def nowhere(place: str) -> District | None:
    """Know no districts."""
    return None


class Spot(Struct, frozen=True):
    """A point on the map."""

    lat: float
    lon: float


class TextDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What can be read and searched of a post; `terms_text` is searched, and is not kept in the source.

    `group` is the one that the post opens until it is told where it stands: most stay alone, and are written once.
    """

    id: str
    revision: int
    seen_at: int
    published_at: int
    source: str
    kind: str
    lang: str
    area: str
    topic: str | None = None
    places: tuple[str, ...] = ()
    url: str | None = None
    title: str = ""
    text: str = ""
    terms_text: str = ""
    incident: str | None = None
    group: str | None = None

    def within(self, member: Member | None) -> TextDocument:
        """Return the document with the group, and the incident, that the post stands in."""
        if member is None:
            return msgspec.structs.replace(self, incident=None)
        return msgspec.structs.replace(self, incident=member.incident, group=member.group)

    def complete(self) -> TextDocument:
        """Return the document with the terms of title and text, as it is written."""
        body = f"{self.title}\n{self.text}" if self.title else self.text
        return msgspec.structs.replace(self, terms_text=" ".join(terms(body)))


class FactsDocument(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A post without its words. `repeat` tells that it repeats another one of its group."""

    revision: int
    seen_at: int
    published_at: int
    source: str
    kind: str
    lang: str
    area: str
    topic: str | None = None
    topics: tuple[str, ...] = ()
    district: str | None = None
    point: Spot | None = None
    sentiment: str
    emotion: str
    demands: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    office: str | None = None
    incident: str | None = None
    repeat: bool = False

    def within(self, member: Member | None) -> FactsDocument:
        """Return the document with the incident that the post stands in."""
        if member is None:
            return msgspec.structs.replace(self, incident=None, repeat=False)
        return msgspec.structs.replace(self, incident=member.incident, repeat=member.representative is not None)

    def complete(self) -> FactsDocument:
        """Return the document as it is written."""
        return self


def text_of(item: AnalysedPost) -> TextDocument:
    """Return the text's document, of no incident yet."""
    post, analysis = item.post, item.analysis
    named = {mention.id for mention in analysis.places}
    return TextDocument(
        id=post.id, revision=post.revision, seen_at=post.seen_at, published_at=post.published_at, source=post.source,
        kind=post.kind.value, lang=analysis.lang, area=item.area, topic=_topic(item),
        places=tuple(sorted(named | {post.place} if post.place else named)),
        url=post.url, title=post.title, text=post.text, group=incident_id(item.area, post.id),
    )  # fmt: skip


def facts_of(item: AnalysedPost, district_of: DistrictOf) -> FactsDocument:
    """Return the facts' document, of no incident yet."""
    post, analysis = item.post, item.analysis
    district = _district(item, district_of)
    return FactsDocument(
        revision=post.revision, seen_at=post.seen_at, published_at=post.published_at, source=post.source,
        kind=post.kind.value, lang=analysis.lang, area=item.area, topic=_topic(item),
        topics=tuple(topic.id for topic in analysis.topics), district=district.id if district else None,
        point=spot_of(district), sentiment=analysis.sentiment.label, emotion=analysis.emotion.label,
        demands=tuple(sorted({demand.category for demand in analysis.demands})),
        harm=tuple(sorted({f"{harm.cls.value}.{harm.kind}" for harm in analysis.harm})), office=analysis.office,
    )  # fmt: skip


def _topic(item: AnalysedPost) -> str | None:
    return item.analysis.topics[0].id if item.analysis.topics else None


def _district(item: AnalysedPost, district_of: DistrictOf) -> District | None:
    """Return the district of the first place that lies in one; the post's own place comes before those it names."""
    own = [item.post.place] if item.post.place else []
    found = (district_of(place) for place in [*own, *(mention.id for mention in item.analysis.places)])
    return next((district for district in found if district), None)


def spot_of(district: District | None) -> Spot | None:
    """Return the point of a district, None where it has none."""
    if district is None or district.lat is None or district.lon is None:
        return None
    return Spot(district.lat, district.lon)
