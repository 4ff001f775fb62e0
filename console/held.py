"""What the gate holds back: counted by area and reason for everybody, listed for those who may read posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from starlette.responses import Response

from alerts.entry import HeldBack
from console.asked import Asked
from console.doors import Doors
from console.users import User
from console.views import render

__all__ = ["Count", "counted", "listing", "readable"]

_PAGE = 50


class Count(Struct, frozen=True, order=True):
    """How many open groups of an area are held back for a reason."""

    area: str
    reason: str
    groups: int


def counted(held: Iterable[HeldBack]) -> list[Count]:
    """Count groups by area and reason, in that order."""
    counts = Counter((one.area, one.reason) for one in held)
    return sorted(Count(area, reason, groups) for (area, reason), groups in counts.items())


def listing(doors: Doors, asked: Asked) -> Response:
    """Show which groups are held back, a page at a time, of one area and for one reason where these are given."""
    asked.query.only("area", "reason", "page", "lang")
    held, page = doors.desk.held(), asked.query.page()
    area, reason = asked.query.get("area"), asked.query.get("reason")
    groups = [
        one for one in held
        if one.told and _may_know(asked.who, one) and area in ("", one.area) and reason in ("", one.reason)
    ]  # fmt: skip
    return render(
        doors, asked, "held.html", counts=counted(held), area=area, reason=reason, total=len(groups), page=page,
        groups=groups[(page - 1) * _PAGE : page * _PAGE], more=page * _PAGE < len(groups),
        query=asked.query.without("page", "lang"),
    )  # fmt: skip


def readable(held: Iterable[HeldBack], group: str) -> bool:
    """Tell whether the posts of a group may be read together: not those of few people, nor accusations."""
    return any(one.group == group and one.told and not one.accused for one in held)


def _may_know(user: User, one: HeldBack) -> bool:
    return set(user.offices).isdisjoint(one.accused)
