"""Deleted at the source: gone from where people read, while counts, level and state stay what they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from alerts.entry import Action, Effect, Entry
from answerable.app.box import Box
from answerable.clock import DAY, HOUR
from answerable.incident import State
from answerable.post import Forget, Post
from answerable.settings import Settings
from index.store import Query
from tests.e2e import corpus
from tests.e2e.desk import Clock, analysed, settle, standing, taken, updates

LATER = 3 * DAY
RARE = "鹭鸶灯笼巷口的旧水塔"


class Told:
    """A desk that was told of the whole city, and its matter of water."""

    def __init__(self, box: Box, clock: Clock) -> None:
        self.box, self.clock = box, clock
        self.posts = {post.id: post for post in taken(box, told())}
        settle(box, clock)
        (self.incident,) = {e.update.incident for e in box.stores.desk.entries() if "停水" in e.update.title.matter}

    @property
    def entry(self) -> Entry:
        found = self.box.stores.desk.entry(self.incident)
        assert found is not None
        return found

    def readable(self) -> list[str]:
        """Return the posts of the incident that a search finds, oldest first."""
        hits = self.box.stores.index.search(Query(incident=self.incident, limit=200)).hits
        return [hit.id for hit in reversed(hits)]

    def residents(self) -> list[str]:
        """Return those that residents wrote."""
        return [post for post in self.readable() if self.posts[post].reply_to is None]

    def forget(self, posts: list[str]) -> None:
        """Let posts vanish from their source."""
        self.box.pipeline.take([Forget(post, self.posts[post].published_at, self.clock.at) for post in posts])
        settle(self.box, self.clock)


def told() -> list[corpus.Line]:
    """Return the city, with one post on the water that holds words of its own."""
    city = corpus.city(corpus.START)
    water = [number for number, line in enumerate(city) if "停水" in str(line["text"]) and line["kind"] == "forum"]
    middle = water[len(water) // 2]
    city[middle] = city[middle] | {"text": f"{city[middle]['text']}{RARE}也没有水。"}
    return city


@pytest.fixture
def desk(settings: Settings) -> Iterator[Told]:
    clock = Clock()
    with standing(settings, clock) as box:
        yield Told(box, clock)


def test_half_of_the_posts_vanish_and_the_matter_stands_as_it_was(desk: Told) -> None:
    before, readable = desk.entry, desk.residents()
    half = readable[::2]
    desk.forget(half)
    after = desk.entry
    assert after.level.rank >= before.level.rank
    assert (after.state, after.lead, after.update.shown) == (State.NEW, before.lead, True)
    assert (after.update.posts, after.update.vanished) == (before.update.posts, len(half))
    assert after.update.authors == before.update.authors
    assert after.update.demands == before.update.demands


def test_vanished_posts_are_found_by_no_search_and_do_not_come_back(desk: Told) -> None:
    readable, rare = desk.readable(), desk.box.stores.index.search(Query(text=RARE)).hits[0].id
    half = sorted({rare, *desk.residents()[::2]})
    desk.forget(half)
    assert desk.readable() == [post for post in readable if post not in half]
    assert desk.box.stores.index.search(Query(text=RARE)).total == 0
    again: list[Post | Forget] = [replace(desk.posts[post], revision=2, seen_at=desk.clock.at) for post in half]
    desk.box.pipeline.take(again)
    settle(desk.box, desk.clock)
    assert desk.readable() == [post for post in readable if post not in half]
    assert desk.box.stores.index.search(Query(text=RARE)).total == 0
    assert updates(desk.box)[desk.incident].vanished == len(half)
    assert updates(desk.box)[desk.incident].posts == desk.entry.update.posts
    assert {record.post.revision for record in analysed(desk.box) if record.post.id in half} == {1}


def test_once_retention_has_run_no_byte_of_a_vanished_text_is_left_in_the_index(desk: Told) -> None:
    index = desk.box.folder / "index"
    held = [path.name for path in index.iterdir() if RARE.encode() in path.read_bytes()]
    assert held, "the words have to be there before they can go"
    desk.forget([desk.box.stores.index.search(Query(text=RARE)).hits[0].id])
    desk.box.retain()
    pieces = (RARE.encode(), "鹭鸶".encode(), "灯笼巷".encode())
    assert [path.name for path in index.iterdir() if any(piece in path.read_bytes() for piece in pieces)] == []


def test_a_deletion_never_lowers_a_level_nor_closes_a_matter_earlier(
    desk: Told, tmp_path: Path, settings: Settings
) -> None:
    other = replace(settings, general=replace(settings.general, data_dir=str(tmp_path / "control")))
    clock = Clock()
    with standing(other, clock) as box:
        control = Told(box, clock)
        desk.forget(desk.residents()[::2])
        settle(control.box, control.clock)
        for _ in range(LATER // (6 * HOUR)):
            for one in (desk, control):
                settle(one.box, one.clock, minutes=0)
                one.clock.at += 6 * HOUR
            assert desk.entry.level.rank >= control.entry.level.rank
            assert desk.entry.state is control.entry.state


def test_the_effect_of_an_answer_cannot_be_told_where_much_vanished(desk: Told) -> None:
    entry = desk.entry
    desk.box.stores.desk.act(
        Action(
            incident=desk.incident, version=entry.version, to=State.ANSWERED, who="water", text="今晚恢复供水",
            link="https://lanting.example/notice/7",
        ),
        desk.clock.at,
    )  # fmt: skip
    desk.forget(desk.residents()[::2])
    desk.clock.at += 2 * DAY
    settle(desk.box, desk.clock)
    response = desk.entry.response
    assert response is not None
    assert response.effect is Effect.CANNOT_SAY


def test_an_edited_post_comes_back_with_its_new_words_only(desk: Told) -> None:
    post = desk.posts[desk.box.stores.index.search(Query(text=RARE)).hits[0].id]
    edited = replace(post, revision=2, seen_at=desk.clock.at, text="临江街道停水，青瓷码头这边已经来水了。")
    desk.box.pipeline.take([Forget(post.id, post.published_at, desk.clock.at, edited=True), edited])
    settle(desk.box, desk.clock)
    assert desk.box.stores.index.search(Query(text=RARE)).total == 0
    assert [hit.id for hit in desk.box.stores.index.search(Query(text="青瓷码头")).hits] == [post.id]
