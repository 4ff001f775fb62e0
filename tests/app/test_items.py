"""Raw items that lie in a file without a name."""

from __future__ import annotations

import resource
import tempfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from answerable.app.items import Items
from answerable.errors import Unavailable
from answerable.post import Kind, post_id
from crawlers.border import RawItem

AT = 1772352000
FIRST = RawItem(
    id="1", source="board", kind=Kind.LETTER, text="停水了", author="某甲", published_at=AT, fetched_at=AT
)
SECOND = replace(FIRST, id="2", text="The bridge is closed.", fetched_at=AT - 60)
AGAIN = replace(FIRST, text="来水了", fetched_at=AT + 60)


def name(item: RawItem) -> str:
    return post_id(item.source, item.id)


def test_items_come_back_as_they_went_in_and_in_the_order_of_their_time() -> None:
    items = Items([FIRST, SECOND, AGAIN])
    assert (list(items), len(items), items.latest) == ([FIRST, SECOND, AGAIN], 3, AT + 60)
    assert list(items.ordered()) == [SECOND, FIRST, AGAIN]
    assert items[1] == SECOND


def test_a_post_is_found_by_its_id_at_its_first_item() -> None:
    items = Items([FIRST, SECOND, AGAIN])
    assert items.numbers([name(AGAIN), name(SECOND), "ff" * 12]).tolist() == [0, 1, -1]
    assert (items.native(name(SECOND)), items.native("ff" * 12)) == ("2", "ff" * 12)


def test_no_items_are_items_too() -> None:
    items = Items([])
    assert (list(items.revised()), items.latest, items.numbers([name(FIRST)]).tolist()) == ([], 0, [-1])


def test_the_revision_of_what_came_later_is_known_by_what_it_says() -> None:
    assert list(Items([FIRST, SECOND, AGAIN]).later().values()) == [2]
    assert Items([FIRST, SECOND]).later() == {}


def test_the_same_items_have_the_same_digest_and_others_another() -> None:
    assert Items([FIRST, SECOND]).digest == Items([FIRST, SECOND]).digest != Items([SECOND, FIRST]).digest


def test_no_name_stands_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    items = Items([FIRST])
    assert (len(items), list(tmp_path.iterdir())) == (1, [])


def test_a_full_disk_is_told_with_its_folder_and_the_repair() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
    try:
        with pytest.raises(Unavailable, match=r"^posts cannot be put aside in .*; let TMPDIR name a folder"):
            Items([FIRST, SECOND])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
