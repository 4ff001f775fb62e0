"""What a source has already given: validators of its pages, and for each post a hash of what it said.

A post counts as seen only after its append was acknowledged. The file holds no text and no author:
ids and contents are hashes of what is behind the border, an address is kept only where the border
left it whole.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.clock import DAY, HOUR
from answerable.database import build, fits
from answerable.errors import Unavailable
from answerable.post import Counts, Forget, Post

__all__ = ["VERSION", "Appended", "Cursor", "Known", "Validator", "page_key", "recheck_after", "same_version"]

VERSION = 1  # a file without one has the same tables

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (page TEXT PRIMARY KEY, etag TEXT, modified TEXT, fetched_at INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS posts (
  id TEXT PRIMARY KEY, page TEXT NOT NULL, url TEXT, content BLOB NOT NULL, counts BLOB NOT NULL,
  revision INTEGER NOT NULL, published_at INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS posts_page ON posts (page);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
_WATCHED = 30 * DAY


class Validator(Struct, frozen=True):
    """What a page answered with, to ask whether it changed. `page` is page_key of its address."""

    page: str
    etag: str = ""
    modified: str = ""
    fetched_at: int = 0


class Appended(Struct, frozen=True):
    """A record, the page it came from, and that page's address where the border left it whole."""

    record: Post | Forget
    page: str
    url: str | None = None


class Known(Struct, frozen=True):
    """A page that posts came from; `due` when it is time to look again; `url` None = only a list can lead there."""

    page: str
    due: bool
    url: str | None = None


def page_key(source: str, url: str) -> str:
    """Name a page without keeping its address: 24 hex digits."""
    return hashlib.blake2b(f"{source}\0page\0{url}".encode("utf-8", "replace"), digest_size=12).hexdigest()


def recheck_after(age: int) -> int:
    """Return after how many seconds a page whose post is `age` old is looked at again.

    Young threads grow, old ones are only watched for deletion; always within a day.

    >>> recheck_after(600), recheck_after(3 * 86400), recheck_after(20 * 86400)
    (3600, 21600, 79200)
    """
    return HOUR if age < DAY else 6 * HOUR if age < 7 * DAY else 22 * HOUR


def same_version(folder: Path) -> None:
    """Raise SettingsError where a folder has a cursor of another version; change nothing."""
    for path in sorted(folder.glob("*.cursor")):
        with suppress(Unavailable):  # its own source's visits tell of it
            fits(path, VERSION)


class Cursor:
    """The cursor of one source in one SQLite file.

    Raises SettingsError for a file of another version, Unavailable for one that cannot be used.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
            self._db.execute("BEGIN IMMEDIATE")
            with self._db:
                build(self._db, _SCHEMA, VERSION, path)
        except sqlite3.Error as error:
            raise Unavailable(f"the cursor {path.name} cannot be opened: {error}") from None
        path.chmod(0o600)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def validators(self) -> tuple[Validator, ...]:
        """Return what is known about each page, in order of its key."""
        rows = self._db.execute("SELECT page, etag, modified, fetched_at FROM pages ORDER BY page")
        return tuple(Validator(*row) for row in rows)

    def known(self, now: int) -> tuple[Known, ...]:
        """Return each page that gave a post still watched, those due first, the longest unseen first of all."""
        rows = self._db.execute(
            "SELECT p.page, max(p.url), max(p.published_at), coalesce(max(g.fetched_at), 0) AS fetched FROM posts p"
            " LEFT JOIN pages g ON g.page = p.page WHERE p.gone = 0 GROUP BY p.page ORDER BY fetched, p.page"
        )
        watched = [
            (page, url, fetched + recheck_after(now - published) <= now and published > now - _WATCHED)
            for page, url, published, fetched in rows
        ]
        return tuple(Known(page, due, url) for page, url, due in sorted(watched, key=lambda row: not row[2]))

    def judge(self, post: Post, now: int) -> tuple[Post | Forget, ...]:
        """Return what must be appended for a post that was just read: nothing, it, or Forget and it.

        New: the post. Other counts: the post with a higher revision. Edited: Forget, then the post with
        a higher revision. A post keeps the time of publication under which it was first appended.
        """
        row = self._db.execute(
            "SELECT content, counts, revision, published_at, gone FROM posts WHERE id = ?", (post.id,)
        ).fetchone()
        if row is None:
            return (post,)
        content, counts, revision, published_at, gone = row
        if content == _content(post) and counts == _counts(post.counts) and not gone:
            return ()
        again = msgspec.structs.replace(post, revision=revision + 1, published_at=published_at)
        if content == _content(post):
            return (again,)
        return (Forget(post.id, published_at, now, edited=True), again)

    def vanished(self, page: str, now: int) -> tuple[Forget, ...]:
        """Return a Forget for each post that came from a page that is no longer there."""
        rows = self._db.execute(
            "SELECT id, published_at FROM posts WHERE page = ? AND gone = 0 ORDER BY id", (page,)
        ).fetchall()
        return tuple(Forget(id_, published_at, now) for id_, published_at in rows)

    def mark(self, appended: Iterable[Appended], pages: Sequence[Validator] = ()) -> None:
        """Record what was appended and acknowledged, and the pages that were fetched."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            for one in appended:
                self._mark(one)
            for page in pages:
                self._db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)", msgspec.structs.astuple(page))
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unavailable(f"the cursor cannot be written: {error}") from None

    def _mark(self, one: Appended) -> None:
        post = one.record
        if isinstance(post, Forget):
            self._db.execute("UPDATE posts SET gone = 1 WHERE id = ?", (post.id,))
            return
        said = (_content(post), _counts(post.counts), post.revision, post.published_at)
        self._db.execute(
            "INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, 0)", (post.id, one.page, one.url, *said)
        )

    def forget_before(self, published_at: int) -> int:
        """Drop what is known of posts published earlier, so that the file stays small; return how many."""
        with closing(self._db.execute("DELETE FROM posts WHERE published_at < ?", (published_at,))) as done:
            return done.rowcount

    def fact(self, name: str) -> str | None:
        """Return a fact kept under a name, such as when the source may be asked again."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep(self, name: str, value: str) -> None:
        """Keep a fact."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def _content(post: Post) -> bytes:
    """Hash what a post says, not when it was read, by whom it was counted, nor its day's token."""
    said = (post.kind, post.title, post.text, post.place, post.reply_to, post.repost_of)
    return hashlib.blake2b(msgspec.msgpack.encode(said), digest_size=16).digest()


def _counts(counts: Counts) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.astuple(counts))
