"""What the gate holds back is lost to nobody: the desk lists it, and its posts are found by the group."""

from __future__ import annotations

from answerable.clock import MINUTE, show
from answerable.settings import Settings
from index.store import Query
from tests.e2e import corpus
from tests.e2e.desk import Clock, settle, standing, taken

_TALK = (
    "昨晚的演唱会歌手唱得真好听，舞台灯光也漂亮",
    "演唱会歌手返场三次，舞台灯光好看极了",
    "看完演唱会回家，歌手的舞台灯光太美了",
    "歌手的演唱会值得，舞台灯光令人难忘",
    "演唱会散场了，歌手谢幕时舞台灯光全亮",
    "第一次看这位歌手的演唱会，舞台灯光很好",
    "演唱会的舞台灯光配歌手的声音，太享受了",
    "歌手演唱会圆满，舞台灯光和声音都好",
)


def test_talk_is_held_back_listed_and_found_by_its_group_also_after_a_restart(settings: Settings) -> None:
    clock = Clock()
    talk: list[corpus.Line] = [
        {
            "id": f"talk-{number}", "source": "forum", "kind": "forum", "text": text, "author": f"somebody {number}",
            "published_at": show(clock.at - (60 - number) * MINUTE), "url": f"https://forum.example/talk/{number}",
        }
        for number, text in enumerate(_TALK)
    ]  # fmt: skip
    with standing(settings, clock) as box:
        posts = {post.id for post in taken(box, talk)}
        settle(box, clock)
        (group,) = (one for one in box.stores.desk.held() if one.told)
        assert (group.reason, group.authors.least) == (
            "nothing_public",
            5,
        )  # told of once; three more do not double it
        assert box.stores.desk.entries() == []
        hits = box.stores.index.search(Query(group=group.group)).hits
        assert {hit.id for hit in hits} == posts
        assert {hit.incident for hit in hits} == {None}
    with standing(settings, clock) as box:
        assert group in box.stores.desk.held()
        assert box.stores.index.search(Query(group=group.group)).total == len(_TALK)
