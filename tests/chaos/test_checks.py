from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from answerable import incident, post
from answerable.incident import IncidentUpdate
from answerable.post import AnalysedPost
from answerable.settings import load
from index.store import Hit
from stream.deadletter import DeadLetter
from stream.log import Message
from stream.topics import INCIDENTS, POSTS_ANALYSED
from tests.chaos.checks import counted_once, folded_again, hidden, mailed_once, pointers_only, unnamed
from tests.chaos.poison import CANARY, healthy
from tests.chaos.world import Mail, World

MAIL = b"Message-ID: <%d@lanting.example>\r\nSubject: s\r\nX-Incident-Id: i%d\r\n\r\nwords\r\n"
EMPTY = World(raw=(), analysed=((),), incidents=(), memberships=(), letters=(), dead=frozenset(), hits=(), facts=0)


def hit(number: int) -> Hit:
    return Hit(
        id=f"p{number}", source="s", kind="forum", title="", text="", url=None, published_at=0, area="9901",
        topic=None, incident="abc",
    )  # fmt: skip


def update(posts: int, vanished: int = 0) -> Message:
    one = incident.decode(healthy()[INCIDENTS])
    assert isinstance(one, IncidentUpdate)
    told = replace(one, incident="abc", posts=posts, vanished=vanished, shown=True, first_post="p0")
    return Message("abc", incident.encode(told))


def test_an_incident_that_counts_more_posts_than_are_there_is_told_and_so_are_facts_without_texts() -> None:
    world = replace(EMPTY, incidents=(update(3),), hits=(hit(1), hit(2)), facts=3)
    assert counted_once(world) == [
        "3 facts stand beside 2 texts", "incident abc counts 3 posts and a search finds 2",
    ]  # fmt: skip
    assert counted_once(replace(world, incidents=(update(2),), facts=2)) == []


def test_posts_that_vanished_since_the_last_doubling_need_not_be_told() -> None:
    world = replace(EMPTY, hits=(hit(1), hit(2)), facts=2)
    assert counted_once(replace(world, incidents=(update(4, vanished=1),))) == []
    assert len(counted_once(replace(world, incidents=(update(5, vanished=1),)))) == 1
    assert len(counted_once(replace(world, incidents=(update(2, vanished=1),)))) == 1


def test_an_update_that_a_second_fold_does_not_tell_is_told() -> None:
    read = post.decode(healthy()[POSTS_ANALYSED])
    assert isinstance(read, AnalysedPost)
    one = Message("9901", post.encode(replace(read, post=replace(read.post, id="p0"))))
    honest = replace(EMPTY, analysed=((one, one),))
    assert folded_again(honest, load(None, {})) == []
    assert len(folded_again(replace(honest, incidents=(update(1),)), load(None, {}))) == 1


def test_a_mail_made_twice_or_taken_twice_is_told_but_for_lost_words() -> None:
    mails = [Mail(n, "a@lanting.example", "sent", 1, MAIL.replace(b"%d", b"%d" % n)) for n in (1, 2)]
    taken = [mail.content for mail in mails]
    assert mailed_once(mails, taken, 0) == []
    assert len(mailed_once(mails, [*taken, taken[0]], 0)) == 1
    assert mailed_once(mails, [*taken, taken[0]], 1) == []
    assert len(mailed_once([mails[0], replace(mails[0], number=3)], [], 0)) == 2
    assert len(mailed_once(mails[:1], taken, 0)) == 1


def test_a_handle_in_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "some.db").write_bytes("…风铃草00ff00zq…".encode())
    assert hidden(tmp_path, ["风铃草00ff00zq"]) == ["1 handles stand in some.db"]
    assert hidden(tmp_path, ["半盏灯00ff00zq"]) == []


def test_a_handle_in_a_message_is_told() -> None:
    world = replace(EMPTY, raw=(Message("k", "…风铃草00ff00zq…".encode()),))
    assert len(unnamed(world, ["风铃草00ff00zq"])) == 1
    assert unnamed(world, ["半盏灯00ff00zq"]) == []


def test_a_dead_letter_after_four_tries_or_with_words_is_told() -> None:
    letter = DeadLetter(POSTS_ANALYSED, 0, 1, "index", "ValueError", 3, 60)
    assert pointers_only(replace(EMPTY, letters=(letter,))) == []
    assert len(pointers_only(replace(EMPTY, letters=(replace(letter, tries=4),)))) == 1
    assert len(pointers_only(replace(EMPTY, letters=(replace(letter, error=CANARY),)))) == 1
