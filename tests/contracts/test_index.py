"""What every PostIndex promises of order, filters, counts, revisions and forgetting."""

from __future__ import annotations

import msgspec
import pytest

from answerable.errors import Refused
from answerable.incident import Membership, incident_id
from answerable.post import Forget, Kind
from index.store import Bucket, Item, PostIndex, Query
from tests.contracts.conftest import OpenIndex
from tests.contracts.posts import NOON, analysed

HOUR, DAY = 3600, 86400


def found(index: PostIndex, text: str, incident: str | None = None) -> list[str]:
    return [hit.id for hit in index.search(Query(text=text, incident=incident)).hits]


# Order, filters, counts


def test_hits_come_newest_first_then_by_id_and_the_total_counts_all(index: PostIndex) -> None:
    times = {"c": NOON, "a": NOON, "b": NOON + 60, "d": NOON - 60}
    index.put([analysed(id, at=at) for id, at in times.items()])
    pages = [index.search(Query(text="停水", limit=2, offset=offset)) for offset in (0, 2, 4)]
    assert [[hit.id for hit in page.hits] for page in pages] == [["b", "a"], ["c", "d"], []]
    assert [page.total for page in pages] == [4, 4, 4]


def test_a_hit_tells_what_is_public_and_nothing_of_its_author(index: PostIndex) -> None:
    index.put([analysed("p", "小区停水", title="求助"), Membership("3701", NOON, (("p", "g", "bcdfghj", None),))])
    (hit,) = index.search(Query(text="停水")).hits
    assert (hit.id, hit.source, hit.kind, hit.title, hit.text) == (
        "p",
        "letters.lanting",
        "letter",
        "求助",
        "小区停水",
    )
    assert (hit.url, hit.published_at, hit.area) == ("https://lanting.example/p", NOON, "3701")
    assert (hit.topic, hit.incident) == ("urban", "bcdfghj")
    assert "token" not in repr(hit)


VARIED: list[Item] = [
    analysed("p1", at=NOON, source="a", places=("x",)),
    analysed("p2", at=NOON + HOUR, source="b", kind=Kind.FORUM, lang="en", topic=None, places=("x", "y")),
    analysed("p3", at=NOON + DAY, source="b", kind=Kind.FORUM, area="3702", topic="civil"),
    Membership("3701", NOON, (("p1", "g1", "bcdfghj", None), ("p2", "g1", "bcdfghj", "p1"))),
    Membership("3702", NOON, (("p3", "g2", None, None),)),
]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"area": "3701"}, ["p2", "p1"]),
        ({"topic": "civil"}, ["p3"]),
        ({"source": "b"}, ["p3", "p2"]),
        ({"kind": "forum"}, ["p3", "p2"]),
        ({"lang": "zh"}, ["p3", "p1"]),
        ({"place": "x"}, ["p2", "p1"]),
        ({"place": "y"}, ["p2"]),
        ({"incident": "bcdfghj"}, ["p2", "p1"]),
        ({"group": "g1"}, ["p2", "p1"]),
        ({"group": "g2"}, ["p3"]),
        ({"since": NOON + HOUR}, ["p3", "p2"]),
        ({"until": NOON + HOUR}, ["p1"]),
        ({"source": "b", "lang": "en", "text": "停水"}, ["p2"]),
        ({"area": "370"}, []),
    ],
)
def test_filters_are_exact(index: PostIndex, filters: dict[str, str | int], ids: list[str]) -> None:
    index.put(VARIED)
    assert [hit.id for hit in index.search(msgspec.convert(filters, Query)).hits] == ids


@pytest.mark.parametrize(
    ("by", "buckets"),
    [
        ("area", [("3701", 2), ("3702", 1)]),
        ("topic", [("civil", 1), ("urban", 1)]),
        ("source", [("b", 2), ("a", 1)]),
        ("kind", [("forum", 2), ("letter", 1)]),
        ("lang", [("zh", 2), ("en", 1)]),
        ("incident", [("bcdfghj", 2)]),
        ("day", [("2026-03-01", 2), ("2026-03-02", 1)]),
        ("hour", [("2026-03-01T08:00:00Z", 1), ("2026-03-01T09:00:00Z", 1), ("2026-03-02T08:00:00Z", 1)]),
    ],
)
def test_counts_are_largest_first_then_by_value(index: PostIndex, by: str, buckets: list[tuple[str, int]]) -> None:
    index.put(VARIED)
    expected = tuple(Bucket(value, count) for value, count in buckets)
    assert index.count(Query(), by) == expected
    assert index.count(Query(text="停水"), by) == expected


def test_counts_follow_the_query(index: PostIndex) -> None:
    index.put(VARIED)
    assert index.count(Query(place="x"), "source") == (Bucket("a", 1), Bucket("b", 1))
    assert index.count(Query(incident="bcdfghj", since=NOON + 1), "source") == (Bucket("b", 1),)


@pytest.mark.parametrize("by", ["author", "text", "", "area; --"])
def test_nothing_else_can_be_counted(index: PostIndex, by: str) -> None:
    with pytest.raises(Refused, match="cannot be counted"):
        index.count(Query(), by)


# Revisions, forgetting, memberships


def test_the_same_items_twice_change_nothing(index: PostIndex) -> None:
    index.put(VARIED)
    before = index.search(Query()), index.count(Query(), "area"), index.count(Query(), "incident")
    index.put(VARIED)
    index.put(VARIED * 2)
    assert (index.search(Query()), index.count(Query(), "area"), index.count(Query(), "incident")) == before


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (3, 3, 1)])
@pytest.mark.parametrize("together", [True, False])
def test_the_highest_revision_is_the_one_found(index: PostIndex, order: tuple[int, ...], together: bool) -> None:
    words = {1: "停水", 2: "停电", 3: "停气"}
    items = [analysed("p", words[revision], revision=revision) for revision in order]
    for batch in [items] if together else [[item] for item in items]:
        index.put(batch)
    assert [found(index, words[revision]) for revision in (1, 2, 3)] == [[], [], ["p"]]
    assert index.search(Query()).total == 1


def test_a_forgotten_post_is_gone_and_never_comes_back(open_index: OpenIndex) -> None:
    index = open_index()
    index.put([*VARIED, Forget("p1", NOON, NOON + 5)])
    later: list[list[Item]] = [[], VARIED, [analysed("p1", revision=9)], [Forget("p1", NOON, NOON + 5)]]
    for items in later:
        index.put(items)
        assert found(index, "") == ["p3", "p2"]
        assert index.count(Query(), "area") == (Bucket("3701", 1), Bucket("3702", 1))
        assert index.count(Query(), "incident") == (Bucket("bcdfghj", 1),)
    index.close()
    again = open_index()
    again.put(VARIED)
    assert found(again, "停水") == ["p3", "p2"]


def test_a_post_may_be_forgotten_before_it_is_ever_seen(index: PostIndex) -> None:
    index.put([Forget("p1", NOON, NOON)])
    index.put(VARIED)
    assert found(index, "") == ["p3", "p2"]


def test_an_edited_post_is_found_by_its_new_words_only_also_after_a_replay(index: PostIndex) -> None:
    before: Item = analysed("p", "小区停水", seen_at=NOON)
    edit: list[Item] = [
        Forget("p", NOON, NOON + 60, edited=True),
        analysed("p", "小区停电", revision=2, seen_at=NOON + 60),
    ]
    for items in ([before], edit, [before], edit, [before, *edit]):
        index.put(items)
    assert (found(index, "停水"), found(index, "停电")) == ([], ["p"])


def test_a_later_membership_replaces_an_earlier_one_in_any_order(index: PostIndex) -> None:
    early: Item = Membership("3701", NOON, (("p1", "g1", None, None),))
    late: Item = Membership("3701", NOON + 300, (("p1", "g2", "bcdfghj", None),))
    orders: list[list[Item]] = [[early], [late], [early], VARIED[:1], [early, late]]
    for items in orders:
        index.put(items)
    assert found(index, "", incident="bcdfghj") == ["p1"]
    assert [index.search(Query(group=group)).total for group in ("g1", "g2")] == [0, 1]


def test_the_posts_of_a_group_that_nobody_is_shown_are_found_and_counted_by_it(index: PostIndex) -> None:
    group = incident_id("3701", "p1")
    posts: list[Item] = [analysed(f"p{number}", source=f"s{number % 2}") for number in range(1, 4)]
    rows = tuple((f"p{number}", group, None, None) for number in (1, 2))
    orders: list[list[Item]] = [posts, [Membership("3701", NOON, rows)], posts]
    for items in orders:
        index.put(items)
    assert [hit.id for hit in index.search(Query(group=group)).hits] == ["p1", "p2"]
    assert index.count(Query(group=group), "source") == (Bucket("s0", 1), Bucket("s1", 1))
    assert found(index, "停水", incident=group) == []


def test_what_was_put_outlives_the_process(open_index: OpenIndex) -> None:
    index = open_index()
    index.put(VARIED)
    before = index.search(Query(text="停水"))
    index.close()
    assert open_index().search(Query(text="停水")) == before
