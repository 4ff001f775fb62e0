"""What people may know of a group that the gate holds back: where and why; more only where enough people speak."""

from __future__ import annotations

from alerts.case import Case
from alerts.entry import HeldBack
from answerable.incident import Title
from incidents.gate import Held

__all__ = ["held_back"]

_LIKELY = 0.5  # a topic less likely than that says nothing of a group without a matter


def held_back(case: Case, accused: tuple[str, ...]) -> HeldBack | None:
    """Return a case as a group that is held back, None where it is shown or over; `accused` are offices.

    Of too few people, or of danger that is told as unconfirmed, only area and reason are told. Words are left out
    where an office is accused.
    """
    update = case.update
    if case.shown or not case.open or update.held is None:
        return None
    if case.warned or update.held == Held.FEW:
        return HeldBack(group=update.incident, area=update.area, reason=update.held)
    topic = next((topic.id for topic in update.topics if topic.p >= _LIKELY), None)
    return HeldBack(
        group=update.incident, area=update.area, reason=update.held, told=True, accused=accused,
        title=Title(update.title.place, () if accused else update.title.matter),
        topic=topic, authors=update.authors, posts=update.posts,
        first_at=update.first_at, last_at=update.last_at,
    )  # fmt: skip
