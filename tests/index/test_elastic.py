"""What the index on Elasticsearch does beyond the port: families, weeks and months, retention, templates."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from msgspec.structs import replace

from answerable.clock import DAY
from answerable.errors import Rejected, Unavailable
from answerable.incident import (
    Change,
    DemandCount,
    IncidentUpdate,
    LedgerEvent,
    Level,
    Membership,
    SharedWord,
    State,
    Title,
)  # fmt: skip
from answerable.post import Demand, Forget, Harm, HarmClass, Topic
from answerable.pulse import Pulse, Stretch
from answerable.sections import Elastic
from index.elastic import ElasticIndex
from index.elastic_documents import District
from index.elastic_install import FAMILIES, install, probe
from index.elastic_names import Names
from index.elastic_node import Node
from index.store import Bucket, Item, Purged, Query
from tests.contracts.elastic import KEY
from tests.contracts.posts import NOON, analysed, incident
from tests.index.peer import Peer


def found(index: ElasticIndex, text: str = "") -> list[str]:
    index.refresh()
    return [hit.id for hit in index.search(Query(text=text)).hits]


# What lies where


@pytest.mark.usefixtures("no_indices")
def test_texts_lie_by_week_and_facts_by_month_of_the_posts_own_time(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([analysed("p", at=NOON), analysed("q", at=NOON + 30 * DAY)])
    assert [name for name in peer.indices() if "posts" in name] == [
        "facts-posts-v1-2026.03", "posts-v1-2026.w09", "posts-v1-2026.w14",
    ]  # fmt: skip


def test_no_word_of_a_post_stands_in_facts_or_cards(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([
        analysed("p", "the canary sings", title="nightingale"),
        Membership("3701", NOON, (("p", "g", None, None),)),
    ])  # fmt: skip
    for word in ("canary", "nightingale", "lanting.example"):
        assert word in repr(peer.documents("posts"))
        assert word not in repr(peer.documents("facts") + peer.documents("cards"))
    assert "a token of the day" not in peer.everything()


def test_facts_carry_what_boards_are_made_of_and_no_place_finer_than_the_district(
    config: Elastic, peer: Peer
) -> None:
    districts = {"street": District("east", 36.6, 117.1), "east": District("east", 36.6, 117.1)}
    index = ElasticIndex(config, KEY, districts.get)
    item = analysed("p", places=("nowhere", "street"))
    more = {
        "demands": (Demand("restore water", "restore", 0, 2), Demand("restore power", "restore", 0, 2)),
        "harm": (Harm(HarmClass.DANGER, "gas"),),
        "office": "water",
    }
    index.put([msgspec.structs.replace(item, analysis=msgspec.structs.replace(item.analysis, **more))])
    index.put([Membership("3701", NOON, (("p", "bcdfghj", "bcdfghj", "q"),))])
    index.close()
    ((_, id, facts),) = peer.documents("facts-posts")
    assert (id, facts) == (
        "p",
        {
            "revision": 1, "seen_at": NOON, "published_at": NOON, "source": "letters.lanting", "kind": "letter",
            "lang": "zh", "area": "3701", "topic": "urban", "topics": ["urban"], "district": "east",
            "point": {"lat": 36.6, "lon": 117.1}, "sentiment": "negative", "emotion": "anger",
            "demands": ["restore"], "harm": ["danger.gas"], "office": "water", "incident": "bcdfghj", "repeat": True,
        },
    )  # fmt: skip


def test_a_group_that_is_not_shown_is_named_in_no_facts_and_found_in_the_texts(
    elastic: ElasticIndex, peer: Peer
) -> None:
    held = incident("bcdfghj", held="authors", title=Title("3701", ("canary",)))
    elastic.put([analysed("p"), Membership("3701", NOON, (("p", "bcdfghj", None, None),)), held])
    assert "bcdfghj" not in repr(peer.documents("facts"))
    elastic.refresh()
    assert elastic.search(Query(group="bcdfghj")).total == 1
    assert elastic.search(Query(incident="bcdfghj")).total == 0
    ((_, _, document),) = peer.documents("facts-incidents")
    assert document == {
        "revision": 1, "area": "3701", "at": NOON, "opened_at": NOON, "last_at": NOON, "change": "opened",
        "held": "authors",
    }  # fmt: skip


def told(revision: int = 1, last_at: int = NOON, posts: int = 3) -> IncidentUpdate:
    return incident(
        "bcdfghj", revision=revision, posts=posts, last_at=last_at, shown=True,
        topics=(Topic("urban.water", 0.9),), title=Title("3701", ("canary",)), links_terms=("wren",),
        demands=(DemandCount("mend the pipe", "restore", "works", 7, NOON),), words=(SharedWord("robin", 5, 2),),
    )  # fmt: skip


def test_a_shown_incident_is_kept_once_in_its_highest_revision(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([told(2, posts=9)])
    elastic.put([told(1), told(2, posts=9), told(1)])
    ((_, id, document),) = peer.documents("facts-incidents")
    assert (document["incident"], document["posts"], document["matter"]) == ("bcdfghj", 9, ["canary"])
    assert "bcdfghj" not in id


def test_what_the_desk_told_of_an_incident_stays_when_the_tracker_tells_more(
    elastic: ElasticIndex, peer: Peer
) -> None:
    def stands() -> tuple[object, ...]:
        ((_, _, document),) = peer.documents("facts-incidents")
        return document.get("state"), document.get("open", False), document.get("unanswered", 0), document["posts"]

    answered = replace(told(1), demands=(), state=State.ANSWERED, told_at=NOON)
    elastic.put([told(1)])
    assert stands() == (None, True, 1, 3)
    elastic.put([answered, told(1)])
    assert stands() == ("answered", True, 0, 3)
    elastic.put([replace(answered, state=State.CLOSED, told_at=NOON + 60)])
    elastic.put([answered, told(1)])  # later than what was told later
    assert stands() == ("closed", False, 0, 3)
    elastic.put([told(2, posts=9)])
    assert stands() == ("closed", False, 1, 9)  # until the desk tells of this revision too
    elastic.put([replace(answered, revision=2, posts=9, state=State.WORKING, told_at=NOON + 90)])
    assert stands() == ("working", True, 0, 9)


def test_an_incident_that_the_desk_took_up_again_is_open_though_it_fell_silent(
    elastic: ElasticIndex, peer: Peer
) -> None:
    silent = replace(told(2), change=Change.CLOSED)
    elastic.put([told(1), silent])
    assert [document.get("open") for _, _, document in peer.documents("facts-incidents")] == [None]
    elastic.put([replace(silent, state=State.WORKING, told_at=NOON + 60)])
    assert [document.get("open") for _, _, document in peer.documents("facts-incidents")] == [True]


def test_two_indexers_that_are_told_of_one_incident_by_tracker_and_desk_leave_the_same(
    elastic: ElasticIndex, config: Elastic, peer: Peer
) -> None:
    told_by_desk = [replace(told(number), state=State.CLOSED, told_at=NOON + number) for number in range(1, 30)]
    told_by_tracker = [told(number, posts=number) for number in range(1, 30)]
    other = ElasticIndex(config, KEY)

    def put(index: ElasticIndex, updates: list[IncidentUpdate]) -> None:
        for update in updates:
            index.put([update])

    elastic.put(told_by_tracker[:1])  # makes the index
    with ThreadPoolExecutor() as pool:
        list(pool.map(put, (elastic, other), (told_by_tracker, told_by_desk)))
    other.close()
    ((_, _, document),) = peer.documents("facts-incidents")
    assert (document["revision"], document["state"], document.get("open")) == (29, "closed", None)


def test_an_incident_that_is_over_is_held_back_no_more(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([incident("x", held="authors"), incident("x", revision=2, held="authors", change=Change.CLOSED)])
    ((_, _, document),) = peer.documents("facts-incidents")
    assert "held" not in document


def test_ledger_events_are_kept_once_without_names_and_words(elastic: ElasticIndex, peer: Peer) -> None:
    event = LedgerEvent(
        incident="bcdfghj", version=2, at=NOON, who="Robin Wren", before=State.NEW, after=State.ANSWERED,
        level=Level.RED, area="3701", office="water", text="the canary is mended",
    )  # fmt: skip
    elastic.put([event])
    elastic.put([event, event])
    ((index, _, document),) = peer.documents("facts-ledger")
    assert index.endswith("-facts-ledger-v1-2026.03")
    assert (document["after"], document["office"]) == ("answered", "water")
    assert "Robin" not in repr(document)
    assert "canary" not in repr(document)


def test_events_that_share_a_version_are_all_kept(elastic: ElasticIndex, peer: Peer) -> None:
    noted = [
        LedgerEvent(
            incident="bcdfghj", version=2, at=NOON, who="desk", before=State.NEW, after=State.NEW, level=Level.RED,
            area="3701", text=text, missed=1,
        )
        for text in ("missed: first reply", "missed: answer")
    ]  # fmt: skip
    elastic.put(noted)
    elastic.put(noted)
    assert [document["missed"] for _, _, document in peer.documents("facts-ledger")] == [1, 1]


def test_the_pipelines_health_is_kept_for_its_board(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.note([Pulse("index-1", NOON, (Stretch("index", NOON - 9, 500),))])
    ((_, _, document),) = peer.documents("facts-health")
    assert document == {"at": NOON, "process": "index-1", "stage": "index", "newest_at": NOON - 9, "handled": 500}


# Forgetting and moving


def test_a_tombstone_does_not_tell_which_post_it_stands_for(elastic: ElasticIndex, peer: Peer) -> None:
    id = "deadbeef0123456789abcdef"
    elastic.put([analysed(id), Membership("3701", NOON, ((id, "g", "bcdfghj", None),))])
    elastic.put([Forget(id, NOON, NOON)])
    assert elastic.forgotten([id, "other"]) == {id}
    assert id not in peer.everything()
    assert "bcdfghj" not in peer.everything()


@pytest.mark.usefixtures("no_indices")
def test_a_post_is_forgotten_wherever_it_lies_whatever_the_message_says(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([analysed("p"), analysed("p", revision=2, at=NOON + 60 * DAY)])
    elastic.put([Forget("p", NOON + 400 * DAY, NOON)])
    assert peer.documents("posts") == peer.documents("facts") == []
    assert not any("2027" in name for name in peer.indices())


@pytest.mark.parametrize(("days", "order"), [(8, (1, 2, 1)), (8, (2, 1, 2)), (40, (1, 2)), (400, (2, 1))])
def test_a_post_whose_time_changed_is_there_once(
    elastic: ElasticIndex, peer: Peer, order: tuple[int, ...], days: int
) -> None:
    both = {1: analysed("p", at=NOON), 2: analysed("p", revision=2, at=NOON + days * DAY)}
    for revision in order:
        elastic.put([both[revision]])
    assert [source["revision"] for _, _, source in peer.documents("posts")] == [2]
    assert [source["revision"] for _, _, source in peer.documents("facts")] == [2]


def test_a_late_word_of_an_edit_leaves_the_new_text_and_takes_a_replayed_old_one(elastic: ElasticIndex) -> None:
    before: Item = analysed("p", "小区停水", seen_at=NOON)
    after: Item = analysed("p", "小区停电", revision=2, seen_at=NOON + 60)
    edit: Item = Forget("p", NOON, NOON + 60, edited=True)
    elastic.put([before])
    elastic.put([after])
    elastic.put([edit])
    assert (found(elastic, "停水"), found(elastic, "停电")) == ([], ["p"])


def test_an_edited_text_is_gone_before_the_new_one_comes(elastic: ElasticIndex) -> None:
    edit = Forget("p", NOON, NOON + 60, edited=True)
    for item in (analysed("p", seen_at=NOON), edit, analysed("p", seen_at=NOON)):
        elastic.put([item])
    assert found(elastic) == []
    assert elastic.areas(["p"]) == {}


def test_the_area_of_a_post_is_known_at_once_until_it_is_forgotten(elastic: ElasticIndex) -> None:
    elastic.put([analysed("p"), analysed("q")])
    assert elastic.areas(["p", "q", "r"]) == {"p": "3701", "q": "3701"}
    elastic.put([Forget("q", NOON, NOON)])
    assert elastic.areas(["p", "q", "r"]) == {"p": "3701"}


# Deep pages


def test_pages_go_as_deep_as_anyone_asks(elastic: ElasticIndex) -> None:
    ids = [f"{number:05}" for number in range(10_050)]
    elastic.put([analysed(id, "停水") for id in ids])
    elastic.refresh()
    for offset, limit in ((9_990, 30), (10_000, 5), (10_040, 100), (10_050, 5), (0, 10**9), (20_000, 1)):
        page = elastic.search(Query(limit=limit, offset=offset))
        assert (page.total, [hit.id for hit in page.hits]) == (10_050, ids[offset : offset + limit])


# Retention


@pytest.mark.usefixtures("no_indices")
def test_weeks_of_texts_and_months_of_facts_go_as_whole_indices(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([analysed("old", at=NOON), analysed("new", at=NOON + 20 * DAY)])
    kept = peer.indices()
    assert elastic.purge(NOON + 30 * DAY, text_days=30, facts_days=730) == Purged(0, 0, 0, 0)
    assert peer.indices() == kept
    assert elastic.purge(NOON + 31 * DAY, text_days=30, facts_days=730) == Purged(1, 0, 0, 0)
    assert found(elastic) == ["new"]
    assert elastic.count(Query(), "area") == (Bucket("3701", 2),)
    assert elastic.purge(NOON + 800 * DAY, text_days=30, facts_days=730) == Purged(1, 2, 0, 0)
    assert peer.indices() == ["cards-v1"]
    assert peer.documents("cards") == []


def test_no_text_is_kept_for_more_than_37_days(elastic: ElasticIndex) -> None:
    for published in (NOON - 6 * DAY, NOON - 6 * DAY - 1, NOON - 6 * DAY - 8 * 3600, NOON, NOON + 16 * 3600 - 1):
        elastic.put([analysed(f"p{published}", at=published)])
        assert elastic.purge(published + 37 * DAY, text_days=30, facts_days=730).texts == 1


def test_tombstones_outlive_everything(elastic: ElasticIndex) -> None:
    elastic.put([analysed("p"), Forget("p", NOON, NOON)])
    elastic.purge(NOON + 10_000 * DAY, text_days=30, facts_days=730)
    elastic.put([analysed("p", revision=9)])
    assert found(elastic) == []


def test_an_older_incident_keeps_topic_category_and_figures_only(elastic: ElasticIndex, peer: Peer) -> None:
    elastic.put([told(3)])
    assert elastic.purge(NOON + 31 * DAY, text_days=30, facts_days=730).faded == 1
    assert elastic.purge(NOON + 31 * DAY, text_days=30, facts_days=730).faded == 0
    elastic.put([told(3), replace(told(3), state=State.CLOSED, told_at=NOON + 32 * DAY)])
    ((_, _, document),) = peer.documents("facts-incidents")
    assert (document["state"], document.get("open")) == ("closed", None)
    assert (document["matter"], document["acts"], document["posts"]) == (["urban.water"], ["restore"], 3)
    for word in ("canary", "robin", "wren", "mend"):
        assert word not in repr(document)
    elastic.put([told(4, last_at=NOON + 31 * DAY)])
    assert "canary" in repr(peer.documents("facts-incidents"))
    assert elastic.purge(NOON + 800 * DAY, text_days=30, facts_days=730).incidents == 1


@pytest.mark.slow
def test_what_was_forgotten_leaves_the_files_with_the_nightly_purge(elastic: ElasticIndex, peer: Peer) -> None:
    night = NOON - NOON % DAY + 19 * 3600
    elastic.put([analysed("p", "the canary sings"), analysed("q", "the robin sings")])
    elastic.refresh()
    elastic.put([Forget("p", NOON, NOON)])
    elastic.refresh()
    assert peer.deleted("posts") > 0
    deadline = time.monotonic() + 90  # the server gives deletions free half a minute after they were made
    while peer.deleted("posts") and time.monotonic() < deadline:
        elastic.purge(night, text_days=30, facts_days=730)
        time.sleep(1)
    assert peer.deleted("posts") == 0
    assert found(elastic) == ["q"]


# Templates


def test_migrate_says_what_it_would_do_does_it_once_and_again_nothing(bare: Elastic) -> None:
    planned = install(bare, dry_run=True)
    assert len(planned) == len(FAMILIES) + 1
    assert install(bare, dry_run=True) == planned
    assert install(bare) == planned
    assert install(bare) == ()


def test_migrate_brings_what_is_there_up_to_date(migrated: Elastic) -> None:
    other = msgspec.structs.replace(migrated, replicas=1)
    assert install(other) == tuple(
        f"index template {migrated.prefix}-{family}: brought up to date" for family in FAMILIES
    )
    node, cards = Node(migrated), Names(migrated.prefix).cards
    held = node.ask("GET", f"/{cards}/_settings", dict[str, dict[str, dict[str, dict[str, object]]]])
    assert held[cards]["settings"]["index"]["number_of_replicas"] == "1"
    node.close()


def test_without_migrate_nothing_is_written_and_the_remedy_is_named(bare: Elastic) -> None:
    index = ElasticIndex(bare, KEY)
    items: list[Item] = [analysed("p"), incident("x"), Forget("p", NOON, NOON)]
    for item in items:
        with pytest.raises(Unavailable, match="run answerable migrate"):
            index.put([item])
    assert index.search(Query()).hits == ()
    node = Node(bare)
    assert node.ask("GET", f"/{bare.prefix}-*/_alias", dict[str, object]) == {}
    node.close()
    index.close()


def test_a_missing_template_holds_writing_back_until_it_is_there_again(migrated: Elastic) -> None:
    peer, index = Peer(Node(migrated), migrated.prefix), ElasticIndex(migrated, KEY)
    peer.node.ask("DELETE", f"/_index_template/{migrated.prefix}-posts", object)
    for _ in range(2):
        with pytest.raises(Unavailable, match="run answerable migrate"):
            index.put([analysed("p")])
    assert not any(name.startswith("posts") for name in peer.indices())
    install(migrated)
    index.put([analysed("p")])
    assert found(index) == ["p"]
    index.close()
    peer.node.close()


def test_no_index_takes_a_field_that_nobody_planned(elastic: ElasticIndex, peer: Peer) -> None:
    for family in FAMILIES:
        name = f"{peer.names.prefix}-{family}-v1" + ("" if family in ("cards", "facts-incidents") else "-2026.w09")
        with pytest.raises(Rejected, match="strict_dynamic_mapping_exception"):
            peer.node.ask("PUT", f"/{name}/_doc/x", object, {"surprise": 1})


def test_the_server_tells_its_version(config: Elastic) -> None:
    assert probe(config).startswith("8.")
