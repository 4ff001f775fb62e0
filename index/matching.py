"""A query as SQL: every value is a parameter, whatever a person typed."""

from __future__ import annotations

from msgspec import Struct

from answerable.tokens import Phrase
from index.store import Query
from index.wanted import Wanted, read

__all__ = ["Condition", "condition", "whole"]

_EXACT = ("area", "topic", "source", "kind", "lang")
_MOST = 2**62  # SQLite's integers end at 2^63


class Condition(Struct, frozen=True):
    """FROM and WHERE of a query's rows (texts.bodies or posts, as `b`), and the parameters."""

    rows: str
    values: tuple[str | int, ...]


def whole(number: int) -> int:
    """Bring a number into the range that SQLite knows."""
    return max(-_MOST, min(_MOST, number))


def condition(query: Query, *, texts: bool) -> Condition:
    """Say which rows a query asks for; words, places and groups are asked of texts only.

    >>> condition(Query(text="停水", kind="letter"), texts=False)
    Condition(rows='FROM texts.bodies b WHERE b.kind = ? AND b.num IN (SELECT rowid FROM texts.search WHERE search \
MATCH ?)', values=('letter', '"停水"'))
    """
    wanted = read(query.text)
    clauses: list[tuple[str, str | int]] = []
    for field in _EXACT:
        if (value := getattr(query, field)) is not None:
            clauses.append((f"b.{field} = ?", _storable(value)))
    if query.since is not None:
        clauses.append(("b.published_at >= ?", whole(query.since)))
    if query.until is not None:
        clauses.append(("b.published_at < ?", whole(query.until)))
    if query.incident is not None:
        clauses.append(("b.id IN (SELECT post FROM memberships WHERE incident = ?)", _storable(query.incident)))
    if query.group is not None:
        clauses.append(("b.id IN (SELECT post FROM memberships WHERE grp = ?)", _storable(query.group)))
    if query.place is not None:
        clauses.append(("b.num IN (SELECT num FROM texts.mentions WHERE place = ?)", _storable(query.place)))
    clauses += _text_clauses(wanted)
    texts = texts or query.place is not None or query.group is not None or wanted != Wanted()
    where = " AND ".join(clause for clause, _ in clauses) or "1"
    return Condition(
        f"FROM {'texts.bodies' if texts else 'posts'} b WHERE {where}", tuple(value for _, value in clauses)
    )


def _text_clauses(wanted: Wanted) -> list[tuple[str, str | int]]:
    if wanted.nothing:
        return [("0 = ?", 1)]
    excluded = " OR ".join(_match(phrase) for phrase in wanted.excluded)
    if not wanted.required:
        return [("b.num NOT IN (SELECT rowid FROM texts.search WHERE search MATCH ?)", excluded)] if excluded else []
    match = " AND ".join(_match(phrase) for phrase in wanted.required)
    match = f"({match}) NOT ({excluded})" if excluded else match
    return [("b.num IN (SELECT rowid FROM texts.search WHERE search MATCH ?)", match)]


def _match(phrase: Phrase) -> str:
    """Write a phrase in FTS5's language; no token holds a quote.

    >>> _match(Phrase(("3", "天"), open=True))
    '"3 天"*'
    """
    return f'"{" ".join(phrase.tokens)}"{"*" * phrase.open}'


def _storable(text: str) -> str:
    """Replace what no UTF-8 text can hold, so that it is found nowhere instead of failing."""
    return text.encode("utf-8", "replace").decode("utf-8")
