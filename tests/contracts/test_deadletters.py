"""What every DeadLetterBox promises."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from stream.deadletter import DeadLetter, DeadLetterBox
from tests.contracts.adapters import Streams
from tests.contracts.conftest import OpenStreams

LETTER = DeadLetter("posts.raw", 0, 7, "analyse", "ValueError", 3, 1772352000)


@pytest.fixture
def box(streams: Streams) -> DeadLetterBox:
    return streams.deadletters


def test_an_empty_box_holds_nothing_and_drops_nothing(box: DeadLetterBox) -> None:
    assert box.all() == []
    assert not box.drop(LETTER)


def test_letters_are_kept_in_the_order_of_their_places(box: DeadLetterBox) -> None:
    letters = [replace(LETTER, offset=offset, stage=stage) for offset in (2, 9) for stage in ("analyse", "index")]
    for letter in reversed(letters):
        box.put(letter)
    assert box.all() == letters


def test_the_same_place_and_stage_again_replaces_the_letter(box: DeadLetterBox) -> None:
    box.put(LETTER)
    box.put(replace(LETTER, error="KeyError", at=LETTER.at + 60))
    assert box.all() == [replace(LETTER, error="KeyError", at=LETTER.at + 60)]


def test_a_dropped_letter_is_gone_once_and_may_come_again(box: DeadLetterBox) -> None:
    other = replace(LETTER, offset=8)
    box.put(LETTER)
    box.put(other)
    assert box.drop(LETTER)
    assert not box.drop(LETTER)
    assert box.all() == [other]
    box.put(LETTER)
    assert box.all() == [LETTER, other]


def test_letters_outlive_the_process(open_streams: OpenStreams) -> None:
    streams = open_streams()
    streams.deadletters.put(LETTER)
    streams.log.close()
    assert open_streams().deadletters.all() == [LETTER]
