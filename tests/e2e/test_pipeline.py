"""Trouble on the way: full disks, mail servers that are away, poison, restarts. Nothing is lost, nothing doubled."""

from __future__ import annotations

import socket
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from alerts.smtp import SmtpNotifier
from answerable.app.box import Box
from answerable.clock import HOUR, MINUTE
from answerable.errors import Unavailable
from answerable.settings import Settings
from index.store import Query
from stream.log import Message
from stream.topics import LEDGER, POSTS_ANALYSED, POSTS_RAW
from tests.e2e import corpus
from tests.e2e.desk import HOME, Clock, admitted, analysed, mails, settle, standing, taken, updates
from tests.embedded import own_index, own_log
from tests.fakes.smtp import forgetful

POISON = b"\x81\xa4type\xa5melon"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(settings: Settings, clock: Clock) -> Iterator[Box]:
    with standing(settings, clock) as box:
        yield box


@pytest.fixture(scope="module")
def city() -> list[corpus.Line]:
    return corpus.city(corpus.START)


@contextmanager
def full_disk(connection: sqlite3.Connection, schema: str = "") -> Iterator[None]:
    """Let a file not grow by a page while the block runs."""
    (pages,) = connection.execute(f"PRAGMA {schema}page_count").fetchone()
    (before,) = connection.execute(f"PRAGMA {schema}max_page_count").fetchone()
    connection.execute(f"PRAGMA {schema}max_page_count={pages:d}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA {schema}max_page_count={before:d}")


@contextmanager
def away(file: Path, table: str) -> Iterator[None]:
    """Take a table out of a database while the block runs: whoever needs it finds the file unusable."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO hidden")
        yield
        connection.execute(f"ALTER TABLE hidden RENAME TO {table}")
        connection.commit()


def found(box: Box) -> int:
    return box.stores.index.search(Query(limit=1)).total


def told(box: Box) -> list[tuple[str, str, str]]:
    """Return what the desk has said so far, without the moments."""
    return [(alert.incident, alert.kind.value, alert.level.value) for alert in box.stores.desk.alerts()]


def test_every_post_is_found_once_and_every_mail_is_made_once(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    posts = taken(box, city)
    settle(box, clock)
    assert found(box) == len(posts) == len(analysed(box))
    made = [mail.message["Message-ID"] for mail in mails(box.folder)]
    assert len(made) == len(set(made)) > 3
    clock.at += HOUR  # counts are told every hour
    settle(box, clock)
    for entry in box.stores.desk.entries():
        if not entry.unconfirmed:
            members = box.stores.index.search(Query(incident=entry.update.incident, limit=200)).hits
            assert entry.update.posts == sum(hit.kind != "official" for hit in members)


def test_a_full_disk_takes_no_post_and_loses_none(box: Box, clock: Clock, city: list[corpus.Line]) -> None:
    posts = admitted(box, city)
    with full_disk(own_log(box).database.connection), pytest.raises(Unavailable, match="full"):
        box.pipeline.take(posts)
    assert box.stores.log.ends(POSTS_RAW) == [(0, 0)]
    box.pipeline.take(posts)
    box.pipeline.drain(clock.at)
    assert found(box) == len(posts)


def test_a_disk_that_is_full_halfway_holds_posts_back_until_there_is_room(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    posts = admitted(box, city)
    box.pipeline.take(posts)
    with full_disk(own_log(box).database.connection):
        for _ in range(3):
            assert not box.pipeline.step(clock.at)
        assert box.stores.log.backlog(POSTS_RAW, "analyse") == len(posts)
        assert analysed(box) == []
    settle(box, clock)
    assert (found(box), len(analysed(box))) == (len(posts), len(posts))
    assert box.pipeline.deadletters.all() == []


def test_an_index_without_room_is_not_on_the_way_to_a_mail_and_catches_up(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    posts = admitted(box, city)
    with full_disk(own_index(box)._database.connection, "texts."):
        box.pipeline.take(posts)
        settle(box, clock, minutes=1)
        assert found(box) < len(posts)
        assert len(mails(box.folder)) > 3
    settle(box, clock)
    assert found(box) == len(posts)
    assert box.pipeline.deadletters.all() == []


def test_a_ledger_that_cannot_be_written_stops_the_desk_alone_and_it_goes_on_by_itself(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    posts = admitted(box, city)
    with away(box.folder / "ledger.db", "cases"):
        box.pipeline.take(posts)
        settle(box, clock, minutes=1)
        assert found(box) == len(posts)
        assert told(box) == []
    settle(box, clock)
    assert len(mails(box.folder)) > 3
    assert box.pipeline.deadletters.all() == []


def test_without_a_mail_server_mails_wait_and_go_out_once_when_there_is_one(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        box.notifier = SmtpNotifier(replace(box.settings.smtp, port=nobody.getsockname()[1]))
        taken(box, city)
        settle(box, clock)
        assert box.deliver() == 0
    waiting = mails(box.folder)
    assert {mail.state for mail in waiting} == {"queued"}
    with forgetful(silent=0) as server:
        box.notifier = SmtpNotifier(replace(box.settings.smtp, port=server.port))
        assert box.deliver() == 0, "a minute has to pass before the next try"
        clock.at += MINUTE
        assert box.deliver() == len(waiting)
        clock.at += HOUR
        assert box.deliver() == 0
    assert sorted(server.message_ids()) == sorted(mail.message["Message-ID"] for mail in waiting)
    assert {mail.state for mail in mails(box.folder)} == {"sent"}


def test_where_the_servers_last_word_is_lost_the_mail_comes_again_with_its_message_id(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    taken(box, city)
    settle(box, clock)
    made = [mail.message["Message-ID"] for mail in mails(box.folder)]
    with forgetful(silent=2) as server:
        box.notifier = SmtpNotifier(replace(box.settings.smtp, port=server.port))
        assert box.deliver() == len(made) - 2
        clock.at += MINUTE
        assert box.deliver() == 2
    got = Counter(server.message_ids())
    assert got.keys() == set(made)
    assert sorted(got.values(), reverse=True)[:3] == [2, 2, 1]


@pytest.mark.parametrize("topic", [POSTS_RAW, POSTS_ANALYSED])
def test_poison_is_set_aside_as_a_pointer_and_the_others_go_on(
    box: Box, clock: Clock, city: list[corpus.Line], topic: str, settings: Settings, tmp_path: Path
) -> None:
    general, spotless = replace(settings.general, data_dir=str(tmp_path / "clean")), Clock()
    with standing(replace(settings, general=general), spotless) as clean:
        for part in (city[:200], city[200:]):
            taken(clean, part)
        settle(clean, spotless)
        wanted = (found(clean), told(clean), {key: one.posts for key, one in updates(clean).items()})
    taken(box, city[:200])
    box.stores.log.append(topic, [Message(HOME, POISON)])
    taken(box, city[200:])
    settle(box, clock)
    assert (found(box), told(box), {key: one.posts for key, one in updates(box).items()}) == wanted
    letters = box.pipeline.deadletters.all()
    stages = ["analyse"] if topic == POSTS_RAW else ["index", "track"]
    assert [(letter.topic, letter.stage) for letter in letters] == [(topic, stage) for stage in stages]
    assert all(letter.tries <= 3 for letter in letters)
    assert box.stores.log.read(topic, letters[0].partition, letters[0].offset)[0].value == POISON


def test_a_desk_that_starts_again_says_nothing_twice(
    settings: Settings, clock: Clock, city: list[corpus.Line]
) -> None:
    with standing(settings, clock) as box:
        taken(box, city[:250])
        settle(box, clock)
        before = told(box)
        sent = len(mails(box.folder))
    with standing(settings, clock) as box:
        settle(box, clock)
        assert told(box) == before
        assert len(mails(box.folder)) == sent
        taken(box, city[250:])
        settle(box, clock)
        assert found(box) == len(city)
        assert told(box)[: len(before)] == before
        assert len(told(box)) > len(before)


def test_the_whole_log_again_from_the_beginning_changes_nothing(
    settings: Settings, clock: Clock, city: list[corpus.Line]
) -> None:
    with standing(settings, clock) as box:
        taken(box, city)
        settle(box, clock)
        before = (found(box), told(box), mails(box.folder)[-1].to, len(mails(box.folder)))
    with closing(sqlite3.connect(box.folder / "log.db")) as connection:
        assert connection.execute("DELETE FROM offsets WHERE grp IN ('desk', 'index')").rowcount > 4
        connection.commit()
    with standing(settings, clock) as box:
        settle(box, clock)
        assert (found(box), told(box), mails(box.folder)[-1].to, len(mails(box.folder))) == before


def test_posts_that_were_read_twice_are_folded_once(box: Box, clock: Clock, city: list[corpus.Line]) -> None:
    posts = taken(box, city)
    settle(box, clock)
    before = {key: (one.posts, one.authors) for key, one in updates(box).items()}
    box.pipeline.take(posts)
    settle(box, clock)
    assert found(box) == len(posts)
    assert {key: (one.posts, one.authors) for key, one in updates(box).items()} == before


def test_an_offices_answer_meets_its_incident_also_after_a_restart(
    settings: Settings, clock: Clock, city: list[corpus.Line]
) -> None:
    residents = [line for line in city if line["kind"] != "official"]
    placeless = [
        line | {"text": "您好，早晚各增加一班，不便之处敬请谅解。"} for line in city if line not in residents
    ]
    with standing(settings, clock) as box:
        taken(box, residents)
        settle(box, clock)
        (bus,) = (entry for entry in box.stores.desk.entries() if "公交" in entry.update.title.matter)
        assert bus.update.replies == 0
    with standing(settings, clock) as box:
        box.pipeline.take(admitted(box, placeless, home=None))
        settle(box, clock)
        entry = box.stores.desk.entry(bus.update.incident)
        assert entry is not None
        assert entry.update.replies == 6
        assert entry.update.answered_at is not None


def test_a_message_among_the_desks_own_that_is_none_stops_nothing(
    box: Box, clock: Clock, city: list[corpus.Line]
) -> None:
    box.stores.log.append(LEDGER, [Message("no number", b"\xc1")])
    taken(box, city)
    settle(box, clock)
    assert mails(box.folder)
    assert [letter.topic for letter in box.pipeline.deadletters.all()] == [LEDGER]
