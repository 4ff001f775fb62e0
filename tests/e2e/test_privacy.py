"""Five hundred made-up handles go through everything, with faults; not a byte of them stands anywhere after that."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from answerable.clock import HOUR, system_now
from answerable.settings import load
from index.store import Query
from stream.log import Message
from stream.topics import POSTS_ANALYSED, POSTS_RAW
from tests.e2e import corpus
from tests.e2e.desk import HOME, Clock, settle, standing
from tests.e2e.running import Ended, answerable, replay
from tests.e2e.scan import Scan

MANY = 500
HEADS = (
    "鹭岛摆渡人", "青梅煮酒客", "夜航西行", "云上放羊的娃", "半糖去冰加奶", "不吃香菜的鹿", "栈桥数星星",
    "gullwing_rider", "Ferry.Mornings", "quiet-heron", "Zoë Ångström", "løvetann", "ríomhaire", "d'Arcy O'Malley",
    "🦊山下狐狸🦊", "🌊tide🌊pool", "ドロップ船長", "하늘고래친구", "Лодочник", "مرسى_القوارب", "<b>Bold & Co</b>",
    "back\\slash\\ed", "per%cent%20er", "a+b=c?&d", "MiXeD.CaSe.Name",
)  # fmt: skip


def handle(number: int) -> str:
    """Return a handle that nobody has: varied signs, all of them long enough to be no word."""
    head = HEADS[number % len(HEADS)]
    middle = number * 7919 % 10_000
    return f"{head}{middle:04d}" if number % 3 else f"{middle:04d}{head}_{number}"


HANDLES = tuple(handle(number) for number in range(MANY))


def told_by(posts: list[corpus.Line], also: Callable[[int, corpus.Line, str], corpus.Line]) -> list[corpus.Line]:
    """Give every post a handle, in turn, until each was used; `also` puts it where it does not belong."""
    found = []
    for number, post in zip(range(MANY), itertools.cycle(posts), strict=False):
        name = HANDLES[number]
        found.append(also(number, post | {"id": f"canary-{number}", "author": name}, name))
    return found


def everywhere(number: int, post: corpus.Line, name: str) -> corpus.Line:
    """Let an author's own name stand in the title, text, address or place of every other post."""
    match number % 8:
        case 1:
            return post | {"title": f"{name}：{post.get('title', '')}"}
        case 3:
            return post | {"text": f"{post['text']} —— {name}"}
        case 5:
            return post | {"url": f"https://lanting.example/u/{name}/posts/{number}?from={name}"}
        case 7:
            return post | {"place": f"{name}家门口", "text": f"我是{name}，{post['text']}@{name} 你看"}
    return post


@pytest.fixture(scope="module")
def scan() -> Scan:
    return Scan(HANDLES)


def said(done: Ended) -> bytes:
    return done.out + done.err.encode()


def test_the_scan_finds_every_handle_in_what_goes_in(scan: Scan, tmp_path: Path) -> None:
    assert len(set(HANDLES)) == MANY
    corpus.write(tmp_path / "in.jsonl", told_by(corpus.week(), everywhere))
    assert scan.folder(tmp_path)["in.jsonl"] == set(HANDLES)


def test_no_handle_is_left_after_import_and_everything_that_follows(scan: Scan, tmp_path: Path) -> None:
    desk, data = tmp_path / "desk.toml", tmp_path / "data"
    desk.write_text(corpus.settings_text(data), "utf-8")
    lines = corpus.lines(told_by(corpus.city(system_now() - HOUR), everywhere)).splitlines()
    lines.insert(7, lines[7][:60])
    lines.insert(9, lines[8].replace(b'"kind": "', b'"kind": "of ' + HANDLES[8].encode() + b" "))
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    done = answerable("import", tmp_path / "in.jsonl", "--settings", desk)
    assert done.code == 5, done.err
    assert scan.data(said(done)) == set()
    assert scan.folder(data) == {}, "what import alone wrote"
    clock = Clock(system_now())
    with standing(load(desk, {}), clock) as box:
        box.pipeline.drain(clock.at)
        for topic in (POSTS_RAW, POSTS_ANALYSED):
            box.stores.log.append(topic, [Message(HOME, b"\x81\xa4type\xa5melon")])
        settle(box, clock)
        assert box.stores.index.search(Query(limit=1)).total == MANY
        assert len(box.pipeline.deadletters.all()) == 3
        assert scan.folder(data) == {}, "while the write-ahead logs are still there"
    assert scan.folder(data) == {}


def test_logs_of_a_desk_in_trouble_name_no_author(
    scan: Scan, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    desk = tmp_path / "desk.toml"
    desk.write_text(corpus.settings_text(tmp_path / "data"), "utf-8")
    corpus.write(tmp_path / "in.jsonl", told_by(corpus.city(system_now() - HOUR), everywhere))
    assert answerable("import", tmp_path / "in.jsonl", "--settings", desk).code == 0
    clock = Clock(system_now())
    with standing(load(desk, {}), clock) as box:
        whole = box.stores.log.read(POSTS_RAW, 0, 0, MANY)
        box.stores.log.append(POSTS_RAW, [Message(one.key, one.value[:-9]) for one in whole[:20]])
        box.stores.log.append(POSTS_ANALYSED, [Message(HOME, one.value[3:]) for one in whole[:5]])
        box.pipeline.drain(clock.at)
        assert box.deliver() == 0  # nobody listens on that port
        letters = box.pipeline.deadletters.all()
    assert {letter.stage for letter in letters} == {"analyse", "track", "index"}
    streams = capfd.readouterr()
    assert streams.out + streams.err != ""
    assert scan.data((streams.out + streams.err).encode()) == set()
    assert scan.folder(tmp_path / "data") == {}


@pytest.mark.slow
def test_no_handle_is_left_after_a_replay_nor_while_it_is_under_way(scan: Scan, given: Path, tmp_path: Path) -> None:
    source, out = corpus.write(tmp_path / "in.jsonl", told_by(corpus.week(), everywhere)), tmp_path / "out"
    for mark in (
        "replay stride appended:2",
        "replay batch tracked:1",
        "replay updates decided:9",
        "replay desk done",
    ):
        killed = replay(source, out, given / "desk.toml", "--resume", kill_at=mark)
        assert scan.data(said(killed)) == set()
        assert scan.folder(out) == {}, f"killed at {mark}"
    done = replay(source, out, given / "desk.toml", "--resume")
    assert (done.code, scan.data(said(done)), scan.folder(out)) == (0, set(), {})
