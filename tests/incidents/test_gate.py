"""Who may be shown: the gate, the titles and the counts of people keep to their promises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from answerable.clock import DAY, HOUR
from answerable.incident import Change
from answerable.post import AnalysedPost, Correction, CorrectionKind, Forget, Harm, HarmClass, Kind
from incidents import gate, telling
from incidents.area import AreaFold, Input
from incidents.records import Group, pack
from tests.incidents.town import (
    AREA,
    BUS,
    START,
    WATER,
    a_crowd,
    a_post,
    later,
    run,
    standing,
    updates,
)


def a_correction(incident: str, kind: CorrectionKind, value: str, at: int) -> Correction:
    return Correction(incident=incident, area=AREA, kind=kind, value=value, who="desk", why="seen on site", at=at)


def test_one_persons_letters_on_nine_days_stay_hidden() -> None:
    letters = [a_post(f"l{i}", WATER, START + i * DAY, kind=Kind.LETTER, author=f"day{i}") for i in range(9)]
    assert updates(run([*letters, later(60 * DAY)])) == []


def test_what_gathers_slowly_and_goes_to_offices_of_all_kinds_is_no_one_matter() -> None:
    made = Group(
        id="g", first_post="p", seq=0, changed=0, first_at=0, last_at=0, kind=Kind.LETTER, lang="zh",
        offices={"housing": 4, "air": 2, "health": 1, "parks": 1, "water": 1, "schools": 1},
    )  # fmt: skip
    assert not gate.one_office(made)
    made.offices = {"market": 5, "police": 3, "finance": 1}
    assert gate.one_office(made)
    made.offices = {"market": 2, "police": 1, "finance": 1}
    assert gate.one_office(made)


def test_ten_author_days_are_enough_in_slow_letters() -> None:
    letters = [a_post(f"l{i}", WATER, START + i * DAY, kind=Kind.LETTER) for i in range(10)]
    opened = updates(run(letters))[0]
    assert (opened.shown, opened.token_days, opened.strongest_day) == (True, 10, 1)


def test_news_and_offices_are_nobodys_voice() -> None:
    news = [a_post(f"n{i}", WATER, START + i * 60, kind=Kind.NEWS, source=f"paper{i}") for i in range(9)]
    assert updates(run([*news, later(DAY)])) == []
    told = updates(run([*news, *a_crowd(WATER, 5, START + HOUR, 60), later(DAY)]))
    assert told[0].authors.most == 5
    assert dict(told[0].kinds)[Kind.NEWS] == 9


def test_talk_without_place_demand_or_harm_is_held_back_and_says_why() -> None:
    chatter = [a_post(f"k{i}", ["演唱会", "门票", "歌手"], START + i * 60, place=None) for i in range(8)]
    told = updates(run([*chatter, later(DAY)]))
    assert {(u.shown, u.held) for u in told} == {(False, "nothing_public")}
    assert all(incident is None for _, incident, _ in standing(run([*chatter, later(DAY)])).values())


def test_of_what_is_held_back_only_doublings_and_its_end_are_told() -> None:
    chatter = [a_post(f"k{i}", ["演唱会", "门票", "歌手"], START + i * HOUR // 4, place=None) for i in range(30)]
    told = updates(run([*chatter, later(40 * DAY)]))
    assert [(u.change, u.posts) for u in told] == [
        (Change.OPENED, 5), (Change.GREW, 10), (Change.GREW, 20), (Change.CLOSED, 30),
    ]  # fmt: skip
    assert {u.shown for u in told} == {False}


def test_a_held_group_that_fell_silent_is_looked_at_again_when_it_closes() -> None:
    fold = AreaFold(AREA)
    run([*talk(8, ["歌手", "签名"]), later(4 * DAY)], fold)
    (group,) = fold.memory.groups.values()
    assert group.revision
    assert fold.work._agenda.due == group.last_at // 300 * 300 + 300 + fold.memory.policy.close


def test_danger_that_may_not_be_told_of_a_held_group_has_no_post_looked_at_on_its_own() -> None:
    fire = [Harm(HarmClass.DANGER, "fire")]
    fold = AreaFold(AREA)
    run([*talk(8, ["歌手", "签名"]), later(HOUR)], fold)
    last = talk(9, ["歌手", "签名"], START + HOUR, harm=fire)[8]
    assert updates(run([last], fold)) == []
    assert not any(telling.urgent(fold.memory, group) for group in fold.memory.groups.values())


def test_posts_without_an_author_count_as_one_unknown_person_a_day() -> None:
    posts = [a_post(f"a{i}", WATER, START + i * 60) for i in range(8)]
    nameless = [AnalysedPost(replace(p.post, author=None), p.analysis, p.area) for p in posts]
    assert updates(run([*nameless, later(DAY)])) == []
    assert updates(run([*posts, later(DAY)])) != []


def test_words_that_fewer_than_three_say_are_never_told() -> None:
    crowd = a_crowd(WATER, 6, START, 60)
    crowd[0] = a_post("c0", [*WATER, "老井巷"], START)
    crowd[1] = a_post("c1", [*WATER, "老井巷"], START + 60)
    told = updates(run([*crowd, later(DAY)]))
    said = {word.text for update in told for word in update.words} | {w for u in told for w in u.title.matter}
    assert said
    assert said <= set(WATER)
    assert all(word.authors >= 3 for update in told for word in update.words)


def test_no_state_entry_holds_a_word_that_one_person_said_nor_a_token_after_two_days() -> None:
    fold = AreaFold(AREA)
    entries: dict[str, bytes] = {}
    secret = a_post("s", [*WATER, "独此一词"], START, author="tokentoken")
    records: list[Input] = [*a_crowd(WATER, 6, START, 60), secret, later(50 * HOUR)]
    for record in records:
        fold.fold(record)
        for key, value in fold.changes().items():
            if value is None:
                entries.pop(key, None)
            else:
                entries[key] = value
        if record is secret:
            assert any(b"tokentoken" in value for value in entries.values())
    stored = b"".join([*entries.values(), *(key.encode() for key in entries)])
    assert "独此一词".encode() not in stored
    assert "停水".encode() in stored
    assert b"tokentoken" not in stored
    assert b"token-c" not in stored


def test_polite_and_angry_words_weigh_the_same() -> None:
    angry = a_crowd([*WATER, "愤怒", "抗议"], 8, START, 300)
    polite = a_crowd([*WATER, "劳驾", "感谢"], 8, START, 300)
    for one, other in zip(updates(run(angry)), updates(run(polite)), strict=True):
        assert one.components == other.components
        assert [mark.score for mark in one.indicators] == [mark.score for mark in other.indicators]


def test_an_edited_post_comes_back_without_counting_twice() -> None:
    crowd = a_crowd(WATER, 6, START, 60)
    edited = a_post("c0", [*WATER, "已经"], START, seen_at=START + 2 * HOUR, revision=2)
    gone = Forget(crowd[0].post.id, START, START + HOUR)
    last = updates(run([*crowd, gone, edited, later(3 * HOUR)]))[-1]
    assert (last.posts, last.vanished, last.authors.most) == (6, 0, 6)


def test_history_that_arrives_at_once_stands_in_its_own_hours() -> None:
    crowd = [
        a_post(f"h{i}", WATER, START + i * 4 * HOUR, author=f"a{i}", seen_at=START + 10 * DAY, kind=Kind.LETTER)
        for i in range(20)
    ]
    told = updates(run([*crowd, later(10 * DAY + HOUR)]))
    assert len(told[-1].hourly) == 20
    assert told[-1].components.tail == 0
    assert told[-1].first_at == START


def test_danger_told_by_many_rises_and_passes_after_two_days() -> None:
    gas = [Harm(HarmClass.DANGER, "gas")]
    posts = [a_post(f"g{i}", ["燃气", "泄漏", "气味"], START + i * 60, harm=gas) for i in range(6)]
    told = updates(run([*posts, later(4 * DAY)]))
    assert told[0].components.danger == (("gas", 1),)
    assert max(u.components.danger[0][1] for u in told if u.components.danger) == 6
    assert told[-1].components.danger == ()


def test_a_person_merges_two_incidents_and_later_posts_follow() -> None:
    posts = sorted([*a_crowd(WATER, 5, START, 60, "w"), *a_crowd(BUS, 5, START, 60, "b")], key=lambda p: p.at)
    fold = AreaFold(AREA)
    one, other = sorted({u.incident for u in updates(run(posts, fold))})
    told = updates(run([a_correction(one, CorrectionKind.MERGE, other, START + HOUR // 2), later(2 * HOUR)], fold))
    assert [(u.change, u.incident, u.merged_into) for u in told[:2]] == [
        (Change.MERGED, one, other),
        (Change.CORRECTED, other, None),
    ]
    assert (told[1].posts, told[1].authors.most) == (10, 10)


def test_a_person_splits_an_incident_and_it_stays_split() -> None:
    fold = AreaFold(AREA)
    posts = a_crowd(WATER, 8, START, 60)
    incident = updates(run(posts, fold))[0].incident
    taken = ",".join(post.post.id for post in posts[5:])
    last = standing(run([a_correction(incident, CorrectionKind.SPLIT, taken, START + HOUR), later(2 * DAY)], fold))
    groups = {post.post.id: last[post.post.id][0] for post in posts if post.post.id in last}
    assert {groups[post.post.id] for post in posts[5:]} != {incident}
    assert len({groups[post.post.id] for post in posts[5:]}) == 1


def test_a_persons_title_place_office_and_topic_stand() -> None:
    fold = AreaFold(AREA)
    incident = updates(run(a_crowd(WATER, 5, START, 60), fold))[0].incident
    values = {
        CorrectionKind.TITLE: "东区 停水",
        CorrectionKind.PLACE: "lt-west",
        CorrectionKind.OFFICE: "city-office",
        CorrectionKind.TOPIC: "urban.gas",
    }
    for kind, value in values.items():
        last = updates(run([a_correction(incident, kind, value, START + HOUR)], fold))[-1]
    assert (last.title.place, last.title.matter) == ("lt-west", ("东区", "停水"))
    assert (last.offices[0][0], last.topics[0].id) == ("city-office", "urban.gas")


def test_an_author_who_speaks_in_two_groups_counts_once_when_they_merge() -> None:
    fold = AreaFold(AREA)
    water = [a_post(f"w{i}", WATER, START + i * 60, author=f"p{i}") for i in range(5)]
    buses = [a_post(f"b{i}", BUS, START + i * 60, author=f"p{i}") for i in range(5)]
    one, other = sorted({u.incident for u in updates(run(sorted([*water, *buses], key=lambda p: p.at), fold))})
    told = updates(run([a_correction(one, CorrectionKind.MERGE, other, START + HOUR // 2)], fold))
    assert told[1].authors.most == 5
    assert told[1].posts == 10


def talk(number: int, words: list[str], at: int = START, *, kind: Kind = Kind.MICROBLOG, **more: Any) -> list[Input]:
    """Return posts about no topic and no place, unless said otherwise."""
    made = [a_post(f"t{i}", [*words, f"独{i}"], at + i * 60, place=None, kind=kind, **more) for i in range(number)]
    return [AnalysedPost(post.post, replace(post.analysis, topics=()), post.area) for post in made]


def test_demands_of_talk_that_has_no_civic_topic_and_no_place_make_no_incident() -> None:
    told = updates(run([*talk(8, ["歌手", "签名", "回复"], demand="回复"), later(DAY)]))
    assert {(u.shown, u.held) for u in told} == {(False, "nothing_public")}


def test_the_same_demands_about_one_place_of_the_area_make_one() -> None:
    posts = [a_post(f"p{i}", ["歌手", "签名", "回复"], START + i * 60, demand="回复") for i in range(8)]
    assert updates(run([*posts, later(DAY)]))[-1].shown


def test_letters_are_addressed_to_an_office_so_a_civic_topic_is_enough() -> None:
    letters = [a_post(f"l{i}", ["站台", "长椅"], START + i * 60, place=None, kind=Kind.LETTER) for i in range(8)]
    assert updates(run([*letters, later(DAY)]))[-1].shown
    assert not any(u.shown for u in updates(run([*talk(8, ["站台", "长椅"], kind=Kind.LETTER), later(DAY)])))


def test_one_post_that_tells_of_danger_nowhere_warns_nobody_until_a_second_person_does() -> None:
    fire = [Harm(HarmClass.DANGER, "fire")]
    first, second = talk(2, ["着火", "浓烟"], harm=fire)
    assert updates(run([first, later(DAY)])) == []
    told = updates(run([first, second, later(DAY)]))
    assert (told[0].shown, told[0].held, told[0].components.danger) == (False, "few_people", (("fire", 2),))


@pytest.mark.parametrize("more", [{"place": "lt-east"}, {"place": None, "kind": Kind.HOTLINE}])
def test_one_post_warns_where_it_names_a_place_or_is_addressed_to_an_office(more: dict[str, Any]) -> None:
    told = updates(run([a_post("f", ["着火", "浓烟"], START, harm=[Harm(HarmClass.DANGER, "fire")], **more)]))
    assert [u.components.danger for u in told] == [(("fire", 1),)]


def test_two_of_many_who_talk_of_danger_nowhere_are_no_warning() -> None:
    fire = [Harm(HarmClass.DANGER, "fire")]
    film = talk(14, ["电影", "结局", "演员"])
    same = [a_post(f"d{i}", ["电影", "结局", "演员"], START + HOUR + i, place=None, harm=fire) for i in range(2)]
    told = updates(run([*film, *same, later(DAY)]))
    assert told
    assert all(not u.shown and u.components.danger == () for u in told)


def test_a_group_whose_later_posts_are_unlike_its_earlier_ones_is_no_one_matter() -> None:
    one, other = pack([(1, 800), (2, 600)]), pack([(1, 100), (3, 995)])
    assert gate.steady([one] * 12, 0.9)
    assert gate.steady([one, other] * 6, 0.5)
    assert not gate.steady([one] * 6 + [other] * 6, 0.5)
    assert gate.steady([one] * 4 + [other] * 4, 0.5)


@given(st.lists(st.sampled_from([pack([(1, 800), (2, 600)]), pack([(2, 300), (3, 950)])]), max_size=130))
def test_the_order_of_a_few_posts_tells_nothing(vectors: list[bytes]) -> None:
    assert gate.steady(vectors[:9], 0.3)
    assert gate.steady(vectors, 0.0)


def test_a_title_names_a_place_that_half_of_the_residents_name() -> None:
    def posts(east: int) -> list[Input]:
        return [
            a_post(f"p{i}", [*WATER, f"独{i}"], START + i * 60, place="lt-east" if i < east else f"lt-{i}")
            for i in range(10)
        ]

    assert updates(run([*posts(5), later(DAY)]))[-1].title.place == "lt-east"
    assert updates(run([*posts(4), later(DAY)]))[-1].title.place is None


def test_a_title_passes_over_codes_and_words_cut_in_the_wrong_place() -> None:
    posts = [a_post(f"p{i}", ["区停水", "b7", "停水", "水管", f"独{i}"], START + i * 60) for i in range(8)]
    assert set(updates(run([*posts, later(DAY)]))[-1].title.matter) == {"停水", "水管"}


def test_somebody_who_writes_twice_a_day_for_weeks_is_no_crowd() -> None:
    letters = [
        a_post(f"l{day}-{n}", WATER, START + day * DAY + n * HOUR, kind=Kind.LETTER, author=f"day{day}")
        for day in range(12)
        for n in range(2)
    ]
    assert updates(run([*letters, later(60 * DAY)])) == []
    other = a_post("other", WATER, START + 12 * DAY, kind=Kind.LETTER)
    same = a_post("same", WATER, START + 12 * DAY + HOUR, kind=Kind.LETTER)
    assert updates(run([*letters, other, same, later(60 * DAY)]))[0].shown


def test_letters_that_share_a_name_of_three_words_and_no_more_are_no_one_matter() -> None:
    named = [pack([(1, 550), (2, 550), (3, 550), (10 + number, 300)]) for number in range(6)]
    alike = [pack([(term, 400) for term in range(6)] + [(10 + number, 200)]) for number in range(6)]
    assert gate.beyond(named) == 0
    assert gate.beyond(alike) == 0.48
    assert gate.beyond(named[:1]) == 1
