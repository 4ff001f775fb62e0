"""Writes items into the index's two files, inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from answerable.incident import Change, IncidentUpdate, LedgerEvent, Membership, encode
from answerable.post import AnalysedPost, Forget
from answerable.tokens import terms

__all__ = ["drop", "drop_older", "keep_incidents", "keep_ledger", "keep_memberships", "keep_posts"]

_FACTS = "id, revision, seen_at, published_at, source, kind, lang, area, topic, sentiment, emotion"
_BODIES = "id, revision, seen_at, published_at, source, kind, lang, area, topic, url, title, text"
_OVER = {Change.MERGED, Change.CLOSED}


def keep_posts(connection: sqlite3.Connection, items: Iterable[AnalysedPost]) -> None:
    """Keep each post's facts and text unless the same or a higher revision of it is there."""
    newest: dict[str, AnalysedPost] = {}
    for item in items:
        held = newest.get(item.post.id)
        if held is None or item.post.revision > held.post.revision:
            newest[item.post.id] = item
    _keep_facts(connection, newest.values())
    _keep_texts(connection, newest)


def keep_memberships(connection: sqlite3.Connection, items: Iterable[Membership], gone: frozenset[str]) -> None:
    """Keep in which group and incident each post stands, unless something later is known."""
    rows = [(post, *where, item.at) for item in items for post, *where in item.posts if post not in gone]
    connection.executemany(
        "INSERT INTO memberships (post, grp, incident, representative, at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (post) DO UPDATE SET grp = excluded.grp, incident = excluded.incident,"
        " representative = excluded.representative, at = excluded.at WHERE excluded.at >= memberships.at",
        rows,
    )


def keep_incidents(connection: sqlite3.Connection, items: Iterable[IncidentUpdate], faded: int = 0) -> None:
    """Keep the highest revision of each incident, as the tracker tells it; what the desk adds, it holds itself."""
    rows = []
    for item in items:
        if item.told_at:
            continue
        held = None if item.shown or item.change in _OVER else item.held
        rows.append((item.incident, item.revision, item.last_at, held, faded, encode(item)))
    connection.executemany(
        "INSERT INTO incidents (id, revision, last_at, held, faded, data) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, last_at = excluded.last_at,"
        " held = excluded.held, faded = excluded.faded, data = excluded.data"
        " WHERE excluded.revision > incidents.revision"
        " OR (excluded.revision = incidents.revision AND excluded.faded > incidents.faded)",
        rows,
    )


def keep_ledger(connection: sqlite3.Connection, items: Iterable[LedgerEvent]) -> None:
    """Keep each event once."""
    rows = [(item.incident, item.version, item.at, encode(item)) for item in items]
    connection.executemany("INSERT OR IGNORE INTO ledger (incident, version, at, data) VALUES (?, ?, ?, ?)", rows)


def drop(connection: sqlite3.Connection, items: Iterable[Forget]) -> None:
    """Take posts out of texts, facts and memberships; an edited one only as it was seen before."""
    for item in items:
        before = item.at if item.edited else 2**62
        row = connection.execute(
            "SELECT num FROM texts.bodies WHERE id = ? AND seen_at < ?", (item.id, before)
        ).fetchone()
        if row is not None:
            _drop_texts(connection, [row[0]])
        connection.execute("DELETE FROM posts WHERE id = ? AND seen_at < ?", (item.id, before))
        if not item.edited:
            connection.execute("DELETE FROM memberships WHERE post = ?", (item.id,))


def drop_older(connection: sqlite3.Connection, before: int, most: int) -> int:
    """Take out up to `most` texts published before a time; return how many went."""
    rows = connection.execute(
        "SELECT num FROM texts.bodies WHERE published_at < ? LIMIT ?", (before, most)
    ).fetchall()
    _drop_texts(connection, [num for (num,) in rows])
    return len(rows)


def _facts(item: AnalysedPost) -> tuple[object, ...]:
    post, analysis = item.post, item.analysis
    topic = analysis.topics[0].id if analysis.topics else None
    return (
        post.id, post.revision, post.seen_at, post.published_at, post.source, post.kind.value, analysis.lang,
        item.area, topic,
    )  # fmt: skip


def _keep_facts(connection: sqlite3.Connection, items: Iterable[AnalysedPost]) -> None:
    rows = [(*_facts(item), item.analysis.sentiment.label, item.analysis.emotion.label) for item in items]
    updates = ", ".join(f"{name} = excluded.{name}" for name in _FACTS.split(", ")[1:])
    connection.executemany(
        f"INSERT INTO posts ({_FACTS}) VALUES ({', '.join('?' * 11)})"  # noqa: S608 — our own names
        f" ON CONFLICT (id) DO UPDATE SET {updates} WHERE excluded.revision > posts.revision",
        rows,
    )


def _keep_texts(connection: sqlite3.Connection, items: dict[str, AnalysedPost]) -> None:
    held = connection.execute(
        "SELECT id, num, revision FROM texts.bodies WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(items)),),
    ).fetchall()
    known = {post: revision for post, _, revision in held}
    _drop_texts(connection, [num for post, num, revision in held if revision < items[post].post.revision])
    fresh = [item for post, item in items.items() if item.post.revision > known.get(post, -1)]
    start: int = connection.execute("SELECT coalesce(max(num), 0) + 1 FROM texts.bodies").fetchone()[0]
    numbered = list(enumerate(fresh, start))
    connection.executemany(
        f"INSERT INTO texts.bodies (num, {_BODIES}) VALUES ({', '.join('?' * 13)})",  # noqa: S608 — our own names
        [(num, *_facts(item), item.post.url, item.post.title, item.post.text) for num, item in numbered],
    )
    connection.executemany(
        "INSERT INTO texts.search (rowid, terms) VALUES (?, ?)",
        [(num, " ".join(terms(item.post.body))) for num, item in numbered],
    )
    connection.executemany(
        "INSERT INTO texts.mentions (place, num) VALUES (?, ?)",
        [(place, num) for num, item in numbered for place in _places(item)],
    )


def _places(item: AnalysedPost) -> list[str]:
    named = {mention.id for mention in item.analysis.places}
    return sorted(named | {item.post.place} if item.post.place else named)


def _drop_texts(connection: sqlite3.Connection, nums: Sequence[int]) -> None:
    rows = [(num,) for num in nums]
    connection.executemany("DELETE FROM texts.search WHERE rowid = ?", rows)
    connection.executemany("DELETE FROM texts.mentions WHERE num = ?", rows)
    connection.executemany("DELETE FROM texts.bodies WHERE num = ?", rows)
