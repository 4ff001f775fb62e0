"""What PRIVACY.md and SECURITY.md say of times and files, held against a desk whose clock goes on for 38 days."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import Struct

from answerable.app.box import Box
from answerable.app.jobs import jobs
from answerable.clock import DAY, HOUR
from answerable.post import Forget
from answerable.settings import load
from tests.e2e import corpus
from tests.e2e.desk import Clock, settle, standing, taken

RARE = "鹭鸶灯笼巷口的旧水塔"  # in one post alone, so that no list of shared words may hold it
VANISHED = "鸬鹚石阶尽头的绿邮筒"  # in one post alone, which is deleted at its source
STEPS = (*[12 * HOUR] * 3, *[HOUR] * 14, 10 * HOUR, 10 * HOUR, *[HOUR] * 4)  # hour by hour around 48 and 72


class Moment(Struct, frozen=True):
    """What lay below the data folder so many hours after the posts came in; `counted` posts have facts."""

    hours: int
    texts: tuple[str, ...]
    vanished: tuple[str, ...]
    keys: tuple[str, ...]
    counted: int


class Past(Struct, frozen=True):
    """What a desk went through; `modes` are those of its folder's files at the beginning."""

    modes: dict[str, int]
    posts: int
    moments: tuple[Moment, ...]

    def within(self, hours: int, until: int = 100_000) -> list[Moment]:
        return [moment for moment in self.moments if hours <= moment.hours < until]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Take in a city, then let time pass in which only the table of jobs is at work: 38 days, then two years."""
    folder, clock = tmp_path_factory.mktemp("desk"), Clock()
    path = folder / "desk.toml"
    path.write_text(corpus.settings_text(folder / "data"), "utf-8")
    city = corpus.city(corpus.START)
    for place, words in ((-1, RARE), (-2, VANISHED)):
        city[place] = city[place] | {"text": f"{city[place]['text']}{words}也没有水。"}
    with standing(load(path, {}), clock) as box:
        box.users.first_admin()
        *posts, vanishing, last = taken(box, city)
        settle(box, clock)
        counted = [post.id for post in (*posts, last)]
        modes, start, moments = _modes(box.folder), clock.at, [_moment(box, counted, 0)]
        box.pipeline.take([Forget(vanishing.id, vanishing.published_at, clock.at)])
        settle(box, clock, minutes=0)
        (retention,) = [job for job in jobs(box) if job.name == "retention"]
        retention.work()
        for step in (*STEPS, *[DAY] * 35, 731 * DAY):
            clock.at += step
            if step >= DAY:
                settle(box, clock, minutes=0)
            retention.work()
            moments.append(_moment(box, counted, (clock.at - start) // HOUR))
        return Past(modes, len(counted), tuple(moments))


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*")) if not path.is_socket()}


def _moment(box: Box, posts: list[str], hours: int) -> Moment:
    files = [path for path in sorted(box.folder.rglob("*")) if path.is_file()]
    rare, vanished = (
        tuple(path.name for path in files if words.encode() in path.read_bytes()) for words in (RARE, VANISHED)
    )
    keys = tuple(path.name for path in files if path.parent.name == "keys")
    return Moment(hours, rare, vanished, keys, len(box.stores.index.areas(posts)))


def test_the_keys_behind_author_tokens_are_gone_after_48_hours(past: Past) -> None:
    assert past.moments[0].keys
    assert {moment.keys for moment in past.within(49)} == {()}


def test_after_72_hours_a_text_stands_in_the_index_alone(past: Past) -> None:
    assert {name.partition(".")[0] for name in past.moments[0].texts} == {"log", "texts"}
    assert {moment.texts for moment in past.within(73, 29 * 24)} == {("texts.db",)}


def test_a_text_deleted_at_its_source_is_in_no_file_after_72_hours(past: Past) -> None:
    assert past.moments[0].vanished
    assert {moment.vanished for moment in past.within(73)} == {()}


def test_after_30_days_no_byte_of_a_text_is_left_and_the_counts_stay(past: Past) -> None:
    month = past.within(31 * 24, 39 * 24)
    assert {moment.texts for moment in month} == {()}
    assert {moment.counted for moment in month} == {past.posts}


def test_after_24_months_the_counts_go_too(past: Past) -> None:
    assert past.moments[-1].counted == 0


def test_what_the_desk_keeps_is_closed_to_others(past: Past) -> None:
    assert past.modes["data"] == 0o700
    files = {name: mode for name, mode in past.modes.items() if "." in name}
    assert {"links.key", "tombstones.key", "users.json", "log.db", "texts.db", "facts.db", "ledger.db"} <= set(files)
    assert {name: mode for name, mode in files.items() if mode != 0o600} == {}
