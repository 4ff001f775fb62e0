"""The embedded index: SQLite FTS5 over text that was cut into tokens beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from answerable.clock import DAY
from answerable.database import Database, View
from answerable.errors import DecodeError, Refused
from answerable.incident import IncidentUpdate, LedgerEvent, Membership, decode
from answerable.post import AnalysedPost, Forget
from answerable.pulse import Pulse
from index import keeping
from index.fade import fade
from index.matching import condition, whole
from index.store import Bucket, Hit, Item, Page, Purged, Query
from index.tombstones import Tombstones

__all__ = ["COUNTED", "SqliteIndex", "SqliteSearch"]

COUNTED = {
    "area": "b.area",
    "topic": "b.topic",
    "source": "b.source",
    "kind": "b.kind",
    "lang": "b.lang",
    "incident": "(SELECT incident FROM memberships WHERE post = b.id)",
    "day": "strftime('%Y-%m-%d', b.published_at, 'unixepoch')",
    "hour": "strftime('%Y-%m-%dT%H:00:00Z', b.published_at, 'unixepoch')",
}
_HITS = (
    "SELECT b.id, source, kind, title, text, url, published_at, area, topic, m.incident"
    " FROM page JOIN texts.bodies b ON b.num = n LEFT JOIN memberships m ON m.post = b.id"
    " ORDER BY published_at DESC, b.id"
)
VERSION = 1
_CHUNK = 2000


class SqliteSearch:
    """What may be asked of the two files below `folder`, also while another process writes them.

    Counts without words or place come from the facts, which outlive the texts; searches from the texts. Safe to
    use from any thread; raises Unavailable where the files cannot be read now, or are not there yet.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._facts, self._texts = folder / "facts.db", (("texts", folder / "texts.db"),)
        self._tombstones = Tombstones(key)

    @cached_property
    def _view(self) -> View:
        return View(self._facts, self._texts)

    def search(self, query: Query) -> Page:
        """Find posts by words, phrases and filters, newest first, then by id."""
        wanted = condition(query, texts=True)
        page = f"SELECT b.num AS n {wanted.rows} ORDER BY b.published_at DESC, b.id LIMIT ? OFFSET ?"
        values = (*wanted.values, max(0, whole(query.limit)), max(0, whole(query.offset)))
        with self._view.read() as connection:
            total = connection.execute(f"SELECT count(*) {wanted.rows}", wanted.values).fetchone()[0]
            rows = connection.execute(f"WITH page AS ({page}) {_HITS}", values).fetchall()
        return Page(total, tuple(_hit(row) for row in rows))

    def count(self, query: Query, by: str) -> tuple[Bucket, ...]:
        """Count matching posts by a field of COUNTED (days and hours in UTC); posts without a value are left out."""
        if by not in COUNTED:
            raise Refused(f"posts cannot be counted by {by!r}, only by {', '.join(COUNTED)}")
        wanted = condition(query, texts=False)
        groups = "GROUP BY value HAVING value IS NOT NULL ORDER BY posts DESC, value"
        with self._view.read() as connection:
            rows = connection.execute(
                f"SELECT {COUNTED[by]} AS value, count(*) AS posts {wanted.rows} {groups}", wanted.values
            ).fetchall()
        return tuple(Bucket(value, posts) for value, posts in rows)

    def incident(self, incident: str) -> IncidentUpdate | None:
        """Return the latest update of an incident, shown or not, or None."""
        with self._view.read() as connection:
            row = connection.execute("SELECT data FROM incidents WHERE id = ?", (incident,)).fetchone()
        return _update(row[0]) if row else None

    def ledger(self, incident: str) -> tuple[LedgerEvent, ...]:
        """Return what was done about an incident, in order."""
        with self._view.read() as connection:
            rows = connection.execute("SELECT data FROM ledger WHERE incident = ? ORDER BY version", (incident,))
            found = [decode(data) for (data,) in rows.fetchall()]
        return tuple(event for event in found if isinstance(event, LedgerEvent))

    def forgotten(self, posts: Sequence[str]) -> frozenset[str]:
        """Return those of the post ids that were forgotten for good."""
        with self._view.read() as connection:
            return self._tombstones.among(connection, posts)

    def areas(self, posts: Sequence[str]) -> dict[str, str]:
        """Return the area that each post was filed under, for as long as its facts are kept; others are left out."""
        with self._view.read() as connection:
            find = connection.execute
            rows = [find("SELECT id, area FROM posts WHERE id = ?", (post,)).fetchone() for post in posts]
        return dict(row for row in rows if row is not None)

    def close(self) -> None:
        """Close the files."""
        if "_view" in self.__dict__:
            self._view.close()


class SqliteIndex(SqliteSearch):
    """A PostIndex in two files below `folder`: texts.db (words) and facts.db (everything else).

    `key` makes the tombstones' hashes. One thread of one process writes at a time; readers do not wait for it.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        super().__init__(folder, key)
        schema = files("index").joinpath("schema.sql").read_text("utf-8")
        self._database = Database(self._facts, schema, VERSION, self._texts)

    def put(self, items: Sequence[Item]) -> None:
        """Index items in the order given, in one transaction; what is there in a higher revision stays."""
        with self._database.transaction() as connection:
            for _, run in groupby(items, type):
                self._put(connection, list(run))

    def note(self, pulses: Sequence[Pulse]) -> None:
        """Keep nothing: nobody has a board on these files."""

    def purge(self, now: int, text_days: int, facts_days: int) -> Purged:
        """Drop texts and facts of posts published longer ago than that, and overwrite where they stood."""
        texts_before, facts_before = now - text_days * DAY, now - facts_days * DAY
        texts = self._purge_texts(texts_before)
        with self._database.transaction() as connection:
            facts = connection.execute("DELETE FROM posts WHERE published_at < ?", (facts_before,)).rowcount
            incidents = connection.execute("DELETE FROM incidents WHERE last_at < ?", (facts_before,)).rowcount
            connection.execute("DELETE FROM memberships WHERE at < ?", (facts_before,))
            connection.execute("DELETE FROM ledger WHERE at < ?", (facts_before,))
            rows = connection.execute("SELECT data FROM incidents WHERE last_at < ? AND NOT faded", (texts_before,))
            faded = [fade(_update(data)) for (data,) in rows.fetchall()]
            keeping.keep_incidents(connection, faded, faded=1)
        with self._database.read() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return Purged(texts, facts, incidents, len(faded))

    def close(self) -> None:
        """Close both files."""
        super().close()
        self._database.close()

    def _put(self, connection: Connection, run: Sequence[Item]) -> None:
        """Put items that are all of one kind."""
        posts = [item for item in run if isinstance(item, AnalysedPost)]
        gone = self._tombstones.among(connection, (item.post.id for item in posts))
        keeping.keep_posts(connection, (item for item in posts if item.post.id not in gone))
        forgets = [item for item in run if isinstance(item, Forget)]
        self._tombstones.add(connection, ((item.id, item.at) for item in forgets if not item.edited))
        keeping.drop(connection, forgets)
        batches = [item for item in run if isinstance(item, Membership)]
        gone = self._tombstones.among(connection, (post for batch in batches for post, *_ in batch.posts))
        keeping.keep_memberships(connection, batches, gone)
        keeping.keep_incidents(connection, (item for item in run if isinstance(item, IncidentUpdate)))
        keeping.keep_ledger(connection, (item for item in run if isinstance(item, LedgerEvent)))

    def _purge_texts(self, before: int) -> int:
        """Drop old texts, then merge the full-text index: only that takes their words out of the file."""
        dropped = 0
        while True:
            with self._database.transaction() as connection:
                gone = keeping.drop_older(connection, before, _CHUNK)
            dropped += gone
            if gone < _CHUNK:
                break
        with self._database.transaction() as connection:
            connection.execute("INSERT INTO texts.search (search) VALUES ('optimize')")
        return dropped


def _hit(row: tuple[str, str, str, str, str, str | None, int, str, str | None, str | None]) -> Hit:
    names = ("id", "source", "kind", "title", "text", "url", "published_at", "area", "topic", "incident")
    return Hit(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type] # the names are the Struct's


def _update(data: bytes) -> IncidentUpdate:
    message = decode(data)
    if not isinstance(message, IncidentUpdate):
        raise DecodeError("a row of incidents holds no incident")
    return message
