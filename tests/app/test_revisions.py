from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from answerable.app.cli import main
from answerable.app.items import Items
from answerable.app.replay.revisions import revised
from answerable.post import Counts, Kind
from crawlers.border import RawItem

AT = 1772352000
FIRST = RawItem(id="1", source="board", kind=Kind.LETTER, text="停水了", published_at=AT, fetched_at=AT)
SEEN_AGAIN = replace(FIRST, fetched_at=AT + 60)
LIKED = replace(FIRST, fetched_at=AT + 120, counts=Counts(likes=3))
EDITED = replace(LIKED, fetched_at=AT + 180, text="来水了", published_at=AT + 180)
OTHER = replace(FIRST, source="forum")


def told(*items: RawItem) -> list[tuple[str, str, int, bool]]:
    return [(one.item.source, one.item.text, one.revision, one.edited) for one in Items(items).revised()]


def test_what_was_said_before_is_said_once() -> None:
    assert told(FIRST, SEEN_AGAIN, FIRST) == [("board", "停水了", 1, False)]


def test_other_counts_and_other_words_are_further_revisions_of_one_post() -> None:
    assert told(EDITED, OTHER, LIKED, FIRST) == [
        ("board", "停水了", 1, False), ("forum", "停水了", 1, False),
        ("board", "停水了", 2, False), ("board", "来水了", 3, True),
    ]  # fmt: skip


def test_a_post_keeps_the_time_under_which_it_first_came() -> None:
    assert [one.item.published_at for one in revised([FIRST, EDITED])] == [AT, AT]


def test_lines_of_one_instant_come_in_the_same_order_whatever_the_input() -> None:
    more = replace(FIRST, counts=Counts(replies=2))
    assert list(Items([more, FIRST]).ordered()) == list(Items([FIRST, more]).ordered()) == [FIRST, more]


def test_each_line_of_an_edited_post_is_told_with_its_own_words_and_the_group_it_ended_in(tmp_path: Path) -> None:
    line = {"id": 1, "source": "board", "kind": "letter", "published_at": "2026-03-01T08:00:00Z"}
    lines = [
        line | {"text": "水厂路从昨天开始停水, 请尽快恢复供水。"},
        line | {"text": "The ferry to the island is late again.", "fetched_at": "2026-03-01T09:00:00Z"},
        line | {"text": "水厂路从昨天开始停水, 请尽快恢复供水。", "counts": {"replies": 9}},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(f"{json.dumps(one)}\n" for one in lines), "utf-8")
    assert main(["replay", str(source), "--out", str(tmp_path / "out")]) == 0
    rows = [json.loads(row) for row in (tmp_path / "out/analysed.jsonl").read_text("utf-8").splitlines()]
    assert [row["lang"] for row in rows] == ["zh", "en", "zh"]
    assert len({row["group"] for row in rows}) == 1
    assert rows[0] == rows[2]
