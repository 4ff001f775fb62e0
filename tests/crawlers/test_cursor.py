"""What counts as new, changed, edited and gone; and that nothing counts before it was appended."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from answerable.errors import SettingsError, Unavailable
from answerable.post import Counts, Forget, Kind, Post
from crawlers.cursor import Appended, Cursor, Known, Validator, page_key

AT = 1772352000
POST = Post(
    id="a", source="letters", kind=Kind.LETTER, text="停水", published_at=AT, fetched_at=AT + 60, author="token",
    url="https://letters.example/1",
)  # fmt: skip
PAGE = page_key("letters", "https://letters.example/1")


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[Cursor]:
    one = Cursor(tmp_path / "state" / "letters.cursor")
    yield one
    one.close()


def changed(**fields: object) -> Post:
    return msgspec.structs.replace(POST, **fields)


def test_a_post_stays_new_until_its_append_was_marked(cursor: Cursor) -> None:
    assert cursor.judge(POST, AT) == cursor.judge(POST, AT) == (POST,)
    cursor.mark([Appended(POST, PAGE)])
    assert cursor.judge(POST, AT) == ()


def test_another_day_token_or_time_of_reading_is_no_change(cursor: Cursor) -> None:
    cursor.mark([Appended(POST, PAGE)])
    assert cursor.judge(changed(author="other", fetched_at=AT + 9999, published_at=AT + 5), AT) == ()


def test_other_counts_are_the_same_post_with_a_higher_revision(cursor: Cursor) -> None:
    cursor.mark([Appended(POST, PAGE)])
    liked = changed(counts=Counts(likes=3), published_at=AT + 5)
    (again,) = cursor.judge(liked, AT)
    assert again == msgspec.structs.replace(liked, revision=2, published_at=AT)
    cursor.mark([Appended(again, PAGE)])
    (third,) = cursor.judge(changed(counts=Counts(likes=4)), AT)
    assert isinstance(third, Post)
    assert third.revision == 3


def test_an_edited_post_is_forgotten_and_given_anew(cursor: Cursor) -> None:
    cursor.mark([Appended(POST, PAGE)])
    forget, again = cursor.judge(changed(text="来水了"), AT + 7)
    assert forget == Forget("a", AT, AT + 7, edited=True)
    assert isinstance(again, Post)
    assert (again.revision, again.text) == (2, "来水了")
    cursor.mark([Appended(forget, PAGE), Appended(again, PAGE)])
    assert cursor.judge(changed(text="来水了"), AT) == ()


def test_a_page_that_vanished_takes_all_its_posts_along_once(cursor: Cursor) -> None:
    reply = changed(id="b", kind=Kind.COMMENT, reply_to="a")
    cursor.mark([Appended(POST, PAGE), Appended(reply, PAGE), Appended(changed(id="c"), "elsewhere")])
    gone = cursor.vanished(PAGE, AT + 9)
    assert gone == (Forget("a", AT, AT + 9), Forget("b", AT, AT + 9))
    cursor.mark([Appended(one, PAGE) for one in gone])
    assert cursor.vanished(PAGE, AT + 9) == ()
    assert [known.page for known in cursor.known(AT)] == ["elsewhere"]


def test_a_page_is_due_by_the_age_of_its_post_and_its_last_visit(cursor: Cursor) -> None:
    url = "https://letters.example/1"
    cursor.mark([Appended(POST, PAGE, url)], [Validator(PAGE, '"e"', "", AT)])
    assert cursor.known(AT + 3599) == (Known(PAGE, due=False, url=url),)
    assert cursor.known(AT + 3600) == (Known(PAGE, due=True, url=url),)
    cursor.mark([], [Validator(PAGE, '"e"', "", AT + 20 * 86400)])
    assert not cursor.known(AT + 20 * 86400 + 79199)[0].due
    assert cursor.known(AT + 20 * 86400 + 79200)[0].due
    assert not cursor.known(AT + 31 * 86400)[0].due


def test_validators_and_facts_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "x.cursor"
    first = Cursor(path)
    first.mark([], [Validator("p", '"e"', "Sun, 01 Mar 2026 08:00:00 GMT", AT)])
    first.keep("retry_at", "5")
    first.close()
    second = Cursor(path)
    assert second.validators() == (Validator("p", '"e"', "Sun, 01 Mar 2026 08:00:00 GMT", AT),)
    assert (second.fact("retry_at"), second.fact("other")) == ("5", None)
    second.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_old_posts_are_dropped_from_memory(cursor: Cursor) -> None:
    cursor.mark([Appended(POST, PAGE), Appended(changed(id="b", published_at=AT + 50), PAGE)])
    assert cursor.forget_before(AT + 1) == 1
    assert cursor.judge(POST, AT) == (POST,)


def test_a_file_that_is_no_cursor_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.cursor").write_bytes(b"no database, said river_li" * 100)
    with pytest.raises(Unavailable, match=r"x\.cursor cannot be opened"):
        Cursor(tmp_path / "x.cursor")


@pytest.mark.parametrize(
    ("version", "said"), [(99, r"a newer version .*\(99, here 1\); update"), (-1, "an older .*move it")]
)
def test_a_cursor_of_another_version_is_refused(tmp_path: Path, version: int, said: str) -> None:
    path = tmp_path / "x.cursor"
    Cursor(path).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {version:d}")
    with pytest.raises(SettingsError, match=rf"x\.cursor: was written by {said}"):
        Cursor(path)
