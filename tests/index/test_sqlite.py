"""What the embedded index does beyond the port: apart files, retention, incidents, full disks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from answerable.clock import DAY
from answerable.errors import Unavailable
from answerable.incident import DemandCount, LedgerEvent, Level, Membership, SharedWord, State, Title
from answerable.post import Forget, Topic
from index.sqlite import SqliteIndex
from index.store import Bucket, Item, Purged, Query
from tests.contracts.posts import NOON, analysed, incident


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SqliteIndex]:
    opened = SqliteIndex(tmp_path, b"a key of the tests")
    yield opened
    opened.close()


def bytes_of(folder: Path, name: str = "") -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.name.startswith(name))


def event(version: int, after: State, at: int = NOON) -> LedgerEvent:
    return LedgerEvent(
        incident="bcdfghj", version=version, at=at, who="lead", before=State.NEW, after=after, level=Level.RED,
        area="3701",
    )  # fmt: skip


def test_no_word_of_a_post_stands_in_the_facts(index: SqliteIndex, tmp_path: Path) -> None:
    index.put(
        [analysed("p", "the canary sings", title="nightingale"), Membership("3701", NOON, (("p", "g", None, None),))]
    )
    for word in (b"canary", b"nightingale", b"lanting.example"):
        assert word in bytes_of(tmp_path, "texts.db")
        assert word not in bytes_of(tmp_path, "facts.db")
    assert b"a token of the day" not in bytes_of(tmp_path)


def test_the_area_of_a_post_is_known_until_it_is_forgotten(index: SqliteIndex) -> None:
    index.put([analysed("p"), analysed("q")])
    assert index.areas(["p", "q", "r"]) == {"p": "3701", "q": "3701"}
    index.put([Forget("q", NOON, NOON)])
    assert index.areas(["p", "q", "r"]) == {"p": "3701"}


def test_tombstones_do_not_tell_which_posts_they_stand_for(index: SqliteIndex, tmp_path: Path) -> None:
    index.put([Forget("deadbeef0123456789abcdef", NOON, NOON)])
    assert index.forgotten(["deadbeef0123456789abcdef", "other"]) == {"deadbeef0123456789abcdef"}
    assert b"deadbeef0123456789abcdef" not in bytes_of(tmp_path)


def test_the_latest_revision_of_an_incident_is_kept_whole(index: SqliteIndex) -> None:
    index.put([incident("bcdfghj", revision=2, posts=9), incident("bcdfghj", revision=1)])
    assert index.incident("bcdfghj") == incident("bcdfghj", revision=2, posts=9)
    assert index.incident("other") is None
    index.put([incident("bcdfghj", revision=3, state=State.CLOSED, told_at=NOON)])  # as the desk tells it
    assert index.incident("bcdfghj") == incident("bcdfghj", revision=2, posts=9)


def test_deletions_never_lower_the_counts_of_an_incident(index: SqliteIndex) -> None:
    index.put([analysed("p"), incident("bcdfghj", posts=9), Forget("p", NOON, NOON)])
    kept = index.incident("bcdfghj")
    assert kept is not None
    assert kept.posts == 9


def test_ledger_events_are_kept_once_and_in_order(index: SqliteIndex) -> None:
    events: list[Item] = [event(2, State.WORKING), event(1, State.ACKNOWLEDGED)]
    index.put(events)
    index.put(events)
    assert [one.after for one in index.ledger("bcdfghj")] == [State.ACKNOWLEDGED, State.WORKING]


def test_texts_go_after_their_days_and_facts_after_theirs(index: SqliteIndex, tmp_path: Path) -> None:
    index.put([analysed("old", "the canary sings", at=NOON), analysed("new", "the robin sings", at=NOON + 20 * DAY)])
    assert index.purge(NOON + 30 * DAY, text_days=30, facts_days=730) == Purged(0, 0, 0, 0)
    assert index.purge(NOON + 31 * DAY, text_days=30, facts_days=730) == Purged(1, 0, 0, 0)
    assert [hit.id for hit in index.search(Query(text="sings")).hits] == ["new"]
    assert index.search(Query()).total == 1
    assert index.count(Query(), "area") == (Bucket("3701", 2),)
    assert b"canary" not in bytes_of(tmp_path)
    assert index.purge(NOON + 731 * DAY, text_days=30, facts_days=730) == Purged(1, 1, 0, 0)
    assert index.count(Query(), "area") == (Bucket("3701", 1),)
    assert b"robin" not in bytes_of(tmp_path)


def test_a_forgotten_post_is_in_no_byte_of_the_files_after_the_next_purge(index: SqliteIndex, tmp_path: Path) -> None:
    index.put([analysed("p", "the canary sings"), analysed("q", "the robin sings")])
    index.put([Forget("p", NOON, NOON)])
    index.purge(NOON, text_days=30, facts_days=730)
    assert b"canary" not in bytes_of(tmp_path)
    assert b"robin" in bytes_of(tmp_path)


def test_an_older_incident_keeps_place_topic_category_and_counts_only(index: SqliteIndex) -> None:
    told = incident(
        "bcdfghj", topics=(Topic("urban.water", 0.9),), title=Title("3701", ("canary",)),
        demands=(DemandCount("restore the water", "restore", "water company", 7, NOON),),
        words=(SharedWord("canary", 5, 2),), links_terms=("canary",),
    )  # fmt: skip
    index.put([told])
    assert index.purge(NOON + 31 * DAY, text_days=30, facts_days=730).faded == 1
    assert index.purge(NOON + 32 * DAY, text_days=30, facts_days=730).faded == 0
    index.put([told])
    kept = index.incident("bcdfghj")
    assert kept is not None
    assert kept.title == Title("3701", ("urban.water",))
    assert kept.demands == (DemandCount("restore", "restore", None, 7, NOON),)
    assert (kept.words, kept.links_terms, kept.posts) == ((), (), 3)
    assert index.purge(NOON + 731 * DAY, text_days=30, facts_days=730).incidents == 1
    assert index.incident("bcdfghj") is None


def test_other_counters_of_the_same_words_leave_the_post_findable(index: SqliteIndex) -> None:
    for revision in range(1, 6):
        index.put([analysed("p", revision=revision)])
        assert index.search(Query(text="停水")).total == 1


def test_a_full_disk_keeps_nothing_of_the_batch_and_the_index_goes_on_once_there_is_room(tmp_path: Path) -> None:
    index = SqliteIndex(tmp_path, b"k")
    index.put([analysed("p")])
    with index._database.read() as connection:  # the disk itself cannot be reached from outside
        pages = connection.execute("PRAGMA texts.page_count").fetchone()[0]
        connection.execute(f"PRAGMA texts.max_page_count = {pages + 1}")
    many: list[Item] = [analysed(f"q{n}", "停水" * 100) for n in range(100)]
    with pytest.raises(Unavailable, match="full"):
        index.put(many)
    assert index.search(Query()).total == 1
    assert index.count(Query(), "area") == (Bucket("3701", 1),)
    with index._database.read() as connection:
        connection.execute("PRAGMA texts.max_page_count = 1000000")
    index.put(many)
    assert index.search(Query(text="停水")).total == 101
    index.close()


def test_readers_and_writers_in_many_threads_do_not_disturb_each_other(index: SqliteIndex) -> None:
    totals: list[int] = []

    def write(start: int) -> None:
        for n in range(start, start + 20):
            index.put([analysed(f"p{n}")])

    def look() -> None:
        for _ in range(30):
            totals.append(index.search(Query(text="停水")).total)

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 20, 40)]
    threads += [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(totals) == 60
    assert index.search(Query(text="停水")).total == 60
