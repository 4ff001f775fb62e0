from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream.deadletter import DeadLetter, SqliteDeadLetters
from stream.embedded import SqliteLog


@pytest.fixture
def letters(tmp_path: Path) -> Iterator[SqliteDeadLetters]:
    log = SqliteLog(tmp_path / "log.db", {})
    yield SqliteDeadLetters(log.database)
    log.close()


def letter(offset: int, stage: str = "index", tries: int = 3) -> DeadLetter:
    return DeadLetter("posts.analysed", 0, offset, stage, "ValueError", tries, 60)


def test_a_dead_letter_is_a_pointer_and_holds_no_content() -> None:
    fields = ("topic", "partition", "offset", "stage", "error", "tries", "at")
    assert DeadLetter.__struct_fields__ == fields


def test_dead_letters_are_listed_in_the_order_of_their_places(letters: SqliteDeadLetters) -> None:
    for offset in (5, 1, 3):
        letters.put(letter(offset))
    assert [one.offset for one in letters.all()] == [1, 3, 5]
    assert letters.count() == 3


def test_the_same_message_set_aside_again_by_the_same_stage_is_one_dead_letter(letters: SqliteDeadLetters) -> None:
    letters.put(letter(1))
    letters.put(letter(1, tries=1))
    letters.put(letter(1, stage="track"))
    assert letters.at("posts.analysed", 0, 1) == [letter(1, tries=1), letter(1, stage="track")]


def test_a_dropped_dead_letter_is_gone_and_dropping_it_again_says_so(letters: SqliteDeadLetters) -> None:
    letters.put(letter(1))
    letters.put(letter(2))
    assert letters.drop(letter(1))
    assert not letters.drop(letter(1))
    assert letters.all() == [letter(2)]
