"""Search: counts at once; texts after a reason, which the audit keeps. There is no field for authors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.responses import Response

from alerts.entry import Audit, Entry
from answerable.post import Kind
from console.asked import Asked, Fields
from console.doors import Doors
from console.held import readable
from console.sight import texts_may_show, visible
from console.views import redirect, render, see
from index.store import Bucket, Hit, Query

__all__ = ["FIELDS", "explain", "look", "query_of"]

FIELDS = (
    "q", "area", "place", "topic", "source", "kind", "language", "incident", "group", "since", "until", "page",
    "lang",
)  # fmt: skip
_PAGE = 20
_SHORTEST_REASON = 8
_LONGEST = 400
_COUNTED = ("topic", "source", "kind", "day")


class _Shown(Struct, frozen=True):
    """A hit as the page shows it; `open` is False where its words and link stay closed."""

    hit: Hit
    open: bool
    link: str | None
    incident: str | None


class _Choices(Struct, frozen=True):
    areas: tuple[str, ...]
    places: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[str, ...]


def look(doors: Doors, asked: Asked) -> Response:
    """Show counts for a query, and the posts too where a reason was given for it in this session."""
    asked.query.only(*FIELDS)
    query = query_of(asked.query, doors.zone)
    _check(doors, asked.query.get("group"))
    words = asked.query.without("page", "lang")
    if not words:
        return _page(doors, asked, asked.query)
    reason = asked.open_session.reasons.get(words)
    if reason is None:
        counts = {by: _large(doors.index.count(query, by), doors.k) for by in _COUNTED}
        return _page(
            doors,
            asked,
            asked.query,
            total=doors.index.search(replace(query, limit=1, offset=0)).total,
            counts=counts,
        )
    doors.desk.audit(Audit(asked.who.name, asked.now, reason, asked.query.without("lang")))
    found = doors.index.search(query)
    hits = _shown(doors, asked, found.hits)
    return _page(doors, asked, asked.query, total=found.total, hits=hits, reason=reason)


def explain(doors: Doors, asked: Asked) -> Response:
    """Take the reason for reading the posts of one query; the posts follow by GET."""
    asked.form.only("proof", "reason", *FIELDS)
    fields = Fields(tuple(pair for pair in asked.form.pairs if pair[0] in FIELDS))
    query_of(fields, doors.zone)
    _check(doors, fields.get("group"))
    words, reason = fields.without("page", "lang"), asked.form.get("reason")
    if len(reason.encode()) < _SHORTEST_REASON or len(reason) > _LONGEST or not words:
        return _page(doors, asked, fields, refused="reason", status=422)
    asked.open_session.give_reason(words, reason)
    return redirect(f"/search?{words}")


def _check(doors: Doors, group: str) -> None:
    """Answer 404 where a query names a group whose posts are not to be read together."""
    if group and not readable(doors.desk.held(), group):
        raise HTTPException(404, "no such group is held back now")


def query_of(fields: Fields, zone: ZoneInfo) -> Query:
    """Read a query's fields; answer 400 for what cannot be one.

    >>> query_of(Fields((("q", "停水"), ("since", "2026-03-01"))), ZoneInfo("UTC")).since
    1772323200
    """
    kind = fields.get("kind")
    if any(len(value) > _LONGEST for _, value in fields.pairs):
        raise HTTPException(400, "a field is too long")
    if kind and kind not in list(Kind):
        raise HTTPException(400, "no such kind")
    return Query(
        text=fields.get("q"),
        area=fields.get("area") or None,
        place=fields.get("place") or None,
        topic=fields.get("topic") or None,
        source=fields.get("source") or None,
        kind=kind or None,
        lang=fields.get("language") or None,
        incident=fields.get("incident") or None,
        group=fields.get("group") or None,
        since=_day(fields.get("since"), zone, 0),
        until=_day(fields.get("until"), zone, 1),
        limit=_PAGE,
        offset=(fields.page() - 1) * _PAGE,
    )


def _day(text: str, zone: ZoneInfo, after: int) -> int | None:
    """Read a day and return its first second, or that of the day after; None for ""."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=after)
        return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
    except (ValueError, OverflowError):
        raise HTTPException(400, "no such day") from None


def _large(buckets: tuple[Bucket, ...], k: int) -> list[Bucket]:
    """Return ten counts of at least k; where the others make fewer than k in all, the least goes with them.

    Else what is left out could be told from the total.

    >>> [bucket.value for bucket in _large((Bucket("a", 9), Bucket("b", 7), Bucket("c", 1)), 5)]
    ['a']
    """
    shown = [bucket for bucket in buckets if bucket.count >= k]
    if 0 < sum(bucket.count for bucket in buckets if bucket.count < k) < k:
        least = min(shown, key=lambda bucket: bucket.count, default=None)
        shown = [bucket for bucket in shown if bucket is not least]
    return shown[:10]


def _shown(doors: Doors, asked: Asked, hits: tuple[Hit, ...]) -> list[_Shown]:
    entries = {entry.update.incident: entry for entry in doors.desk.entries()}
    return [_one(asked, hit, entries.get(hit.incident or "")) for hit in hits]


def _one(asked: Asked, hit: Hit, entry: Entry | None) -> _Shown:
    may_open = entry is None or texts_may_show(entry)
    named = entry.update.incident if entry and visible(asked.who, [entry]) else None
    return _Shown(hit, may_open, see(hit.url) if may_open else None, named)


def _choices(doors: Doors, asked: Asked, fields: Fields) -> _Choices:
    entries = visible(asked.who, doors.desk.entries())
    everything = Query()

    def values(by: str, chosen: str) -> tuple[str, ...]:
        found = [bucket.value for bucket in doors.index.count(everything, by)]
        return tuple(sorted({*found, *filter(None, [chosen])}))

    places = {district for entry in entries for district, _ in entry.update.districts}
    return _Choices(
        areas=values("area", fields.get("area")),
        places=tuple(sorted({*places, *filter(None, [fields.get("place")])})),
        topics=values("topic", fields.get("topic")),
        sources=values("source", fields.get("source")),
    )


def _page(
    doors: Doors, asked: Asked, fields: Fields, *, total: int | None = None, counts: object = None,
    hits: list[_Shown] | None = None, reason: str = "", refused: str = "", status: int = 200,
) -> Response:  # fmt: skip
    page = fields.page()
    return render(
        doors, asked, "search.html", status=status, fields=fields, total=total, counts=counts, hits=hits,
        reason=reason, refused=refused, choices=_choices(doors, asked, fields), kinds=list(Kind), page=page,
        more=total is not None and page * _PAGE < total, query=fields.without("page", "lang"),
    )  # fmt: skip
