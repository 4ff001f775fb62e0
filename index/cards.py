"""What stands of one post, as a value: records arrive in any order and often, and end in the same card."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from answerable.post import AnalysedPost, Forget
from index.elastic_names import Place, place

__all__ = ["Card", "Event", "Member", "Standing", "fold"]


class Member(Struct, frozen=True, array_like=True):
    """In which group a post stands since when; the incident once it is shown, the post that it repeats."""

    at: int
    group: str
    incident: str | None
    representative: str | None

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Later replaces earlier; what was told of the same moment is ordered by itself, not by its arrival."""
        return self.at, self.group, self.incident or "", self.representative or ""


class Standing(Struct, frozen=True, array_like=True):
    """The revision of a post that can be found now."""

    revision: int
    seen_at: int
    published_at: int
    area: str


class Card(Struct, frozen=True, omit_defaults=True):
    """What stands of one post.

    gone: it was forgotten for good, then; nothing else is kept but `places`. `fresh`: what was seen of
    it earlier than that is not taken in any more, for it was edited. `places`: where documents of it may
    lie besides the standing one's; they are deleted whenever the post is handled. `at`: the latest time
    in the card, for retention.
    """

    post: Standing | None = None
    member: Member | None = None
    gone: int | None = None
    fresh: int = 0
    places: tuple[Place, ...] = ()
    at: int = 0

    def holds(self, item: AnalysedPost) -> bool:
        """Tell whether this very post is the one that stands."""
        return self.post == _standing(item)


Event = AnalysedPost | Forget | Member


def fold(card: Card, event: Event) -> Card:
    """Return the card after one event about its post.

    >>> fold(fold(Card(), Forget("p", 0, 60)), Member(90, "g", None, None)).gone
    60
    """
    if card.gone is not None:
        return card
    if isinstance(event, Member):
        newer = card.member is None or event.order > card.member.order
        return replace(card, member=event, at=max(card.at, event.at)) if newer else card
    if isinstance(event, Forget):
        return _edited(card, event) if event.edited else Card(gone=event.at, places=_left(card))
    standing = _standing(event)
    if standing.seen_at < card.fresh or (card.post is not None and standing.revision <= card.post.revision):
        return card
    places = tuple(one for one in _left(card) if one != place(standing.published_at))
    return replace(card, post=standing, places=places, at=max(card.at, standing.published_at))


def _standing(item: AnalysedPost) -> Standing:
    return Standing(item.post.revision, item.post.seen_at, item.post.published_at, item.area)


def _edited(card: Card, event: Forget) -> Card:
    """Raise the bar; what stands goes if it was seen before."""
    card = replace(card, fresh=max(card.fresh, event.at), at=max(card.at, event.at))
    if card.post is None or card.post.seen_at >= card.fresh:
        return card
    return replace(card, post=None, places=_left(card))


def _left(card: Card) -> tuple[Place, ...]:
    own = (place(card.post.published_at),) if card.post else ()
    return tuple(sorted({*card.places, *own}))
