"""The stream through a real broker and a real node: what comes of it is what the one box makes of it."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from answerable import post
from answerable.app.backfill import DRAIN, backfill
from answerable.app.filing import keyed
from answerable.app.items import Items
from answerable.app.parts import Part
from answerable.app.reading import chunked
from answerable.post import Post, Tick, post_id
from answerable.settings import load as load_settings
from bench.load import DATA, labels, load
from crawlers.border import Border, DayKeys, RawItem
from crawlers.importer import read_line
from index.store import Query
from stream.log import Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW
from tests.e2e import corpus
from tests.e2e.running import KILLED, replay
from tests.e2e.split import SESSION_S, Split, split, stop

pytestmark = [pytest.mark.data, pytest.mark.slow]

_AREAS = 12
_SLICE = 40  # posts that two analysers read at the same time
Row = dict[str, object]
Past = list[Message]


def letters() -> Iterator[dict[str, object]]:
    """Yield the real letters, from a dozen boards, so that many partitions have work; an incident stays on one."""
    of = labels("tipdm_c")
    for row in load("tipdm_c"):
        board = sum(of.get(str(row["id"]), str(row["id"])).encode()) % _AREAS
        yield {**row, "source": f"letters.{board}"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not DATA.exists():
        pytest.skip("the labelled data is not beside the checkout")
    path = tmp_path_factory.mktemp("stream") / "letters.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in letters()))
    return path


@pytest.fixture(scope="module")
def embedded(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the one box makes of the letters."""
    folder = tmp_path_factory.mktemp("embedded")
    desk = folder / "desk.toml"
    desk.write_text(corpus.settings_text(folder / "data"), "utf-8")
    assert replay(source, folder / "out", desk).code == 0
    return folder / "out"


@pytest.fixture(scope="module")
def past(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Return the letters read, as an import of the past appends them."""
    folder = tmp_path_factory.mktemp("past")
    (folder / "desk.toml").write_text(corpus.settings_text(folder / "data"), "utf-8")
    chunks = backfill(items(source), load_settings(folder / "desk.toml", {}), folder / "keys")
    return [one for chunk in chunks for one in chunk.messages]


@pytest.fixture
def ids(source: Path) -> dict[str, str]:
    """Return the ids under which posts came in, by the internal ones."""
    rows = [json.loads(line) for line in source.read_bytes().splitlines()]
    return {post_id(row["source"], row["id"]): row["id"] for row in rows}


def told(folder: Path, name: str, ids: dict[str, str]) -> list[Row]:
    """Return the rows of a file, with the ids under which posts came in."""
    text = (folder / name).read_text("utf-8")
    for key, native in ids.items():
        text = text.replace(f'"{key}"', f'"{native}"')
    return [json.loads(line) for line in text.splitlines()]


def check(own: Split, embedded: Path, ids: dict[str, str]) -> None:
    """Hold what was told against the log folded again, and that against the one box."""
    out = own.folder / "out"
    assert own.answerable("replay", "--log", "--out", out) == 0
    for name in ("incidents.jsonl", "alerts.jsonl"):
        assert told(out, name, ids) == told(embedded, name, {})


@pytest.mark.parametrize(("partitions", "trackers"), [(1, 1), (4, 2), (16, 3)])
def test_updates_and_alerts_are_those_of_the_one_box(
    partitions: int, trackers: int, source: Path, embedded: Path, ids: dict[str, str], tmp_path: Path
) -> None:
    with split(tmp_path, partitions) as own:
        assert own.answerable("import", "--history", source) == 0
        running = [own.run(Part.TRACK) for _ in range(trackers)] + [own.run(Part.INDEX) for _ in range(2)]
        own.settle("track", "index")
        stop(*running)
        check(own, embedded, ids)
        own.refresh()
        assert own.index.search(Query(limit=1)).total == len(ids)
        assert sum(bucket.count for bucket in own.index.count(Query(), "source")) == len(ids)
        shown = {str(row["id"]) for row in told(embedded, "incidents.jsonl", {})}
        assert {bucket.value for bucket in own.index.count(Query(), "incident")} == shown


@pytest.mark.parametrize("moment", ["state claimed", "state batch closed", "updates emitted", "batch handled"])
def test_a_tracker_that_is_killed_is_followed_by_another(
    moment: str, past: Past, embedded: Path, ids: dict[str, str], tmp_path: Path
) -> None:
    with split(tmp_path, 4) as own:
        own.append(past)
        assert own.run(Part.TRACK, kill_at=f"{moment}:3").wait(60) == KILLED
        assert own.waiting("track") > 0
        second = own.run(Part.TRACK)
        own.settle("track")
        stop(second)
        check(own, embedded, ids)


def test_a_tracker_that_was_paused_comes_back_to_a_partition_that_another_owns(
    past: Past, embedded: Path, ids: dict[str, str], tmp_path: Path
) -> None:
    with split(tmp_path, 4) as own:
        own.append(past)
        first, all_of_them = own.run(Part.TRACK), own.waiting("track")
        own.until(lambda: own.waiting("track") < all_of_them, "a first batch")
        first.send_signal(signal.SIGSTOP)
        assert own.waiting("track") > 0
        second = own.run(Part.TRACK)
        own.settle("track")  # once the session of the first is over
        first.send_signal(signal.SIGCONT)
        time.sleep(SESSION_S / 2)
        stop(first, second)
        check(own, embedded, ids)


def test_posts_that_two_analysers_put_seconds_out_of_order_give_the_same_alerts(
    source: Path, embedded: Path, ids: dict[str, str], tmp_path: Path
) -> None:
    with split(tmp_path, 4) as own:
        running = [own.run(Part.ANALYSE), own.run(Part.ANALYSE), own.run(Part.TRACK)]
        for some in chunked(live(source, tmp_path), _SLICE):
            own.log.append(POSTS_RAW, keyed(some))
            own.settle("analyse")
        last = max(one.seen_at for one in live(source, tmp_path))
        own.log.append(POSTS_ANALYSED, [Message("", post.encode(Tick(last + DRAIN)))], -1)
        own.settle("track")
        stop(*running)
        out = tmp_path / "out"
        assert own.answerable("replay", "--log", "--out", out) == 0
        assert alerts(out) == alerts(embedded)


def items(source: Path) -> Items:
    rows = (read_line(number, line) for number, line in enumerate(source.read_bytes().splitlines(), 1))
    return Items(row for row in rows if isinstance(row, RawItem))


def live(source: Path, folder: Path) -> list[Post]:
    """Return the posts as they would be crawled, seen when they were fetched, some seconds out of order."""
    border, rng = Border(DayKeys(folder / "keys"), None), random.Random(4)  # noqa: S311 — no secret
    posts = [structs.replace(one, seen_at=one.fetched_at) for one in map(border.admit, items(source).ordered())]
    return sorted(posts, key=lambda one: one.seen_at + rng.uniform(-10, 10))


def alerts(folder: Path) -> set[tuple[object, ...]]:
    return {(row["incident"], row["kind"], row["level"]) for row in told(folder, "alerts.jsonl", {})}
