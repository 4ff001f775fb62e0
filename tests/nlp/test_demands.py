from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.frozen import demanded
from nlp import asks, harm
from nlp.lexicon import rows
from tests.nlp.reading import CASES, asking, scan


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("小区停水三天了，请自来水公司尽快恢复供水！", "供水公司"),
        ("请环卫部门及时清运垃圾。", "园林局"),
        ("电梯坏了两个月，业主要求物业立即维修电梯。", "物业"),
        ("请公安局尽快立案侦查这起诈骗。", "公安局"),
        ("The city should install speed bumps on Elm Street.", "city hall"),
        ("We demand that the water company publish the test results.", "water company"),
        ("We ask the school board to reopen the school.", "school board"),
    ],
)
def test_the_body_that_is_asked_is_named_from_the_closed_list(text: str, body: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert body in {demand.to for demand in demanded(scan(text, lang), lang)}


def test_an_office_that_goes_by_a_body_word_is_named_by_its_id() -> None:
    (demand,) = demanded(scan("请城管清理小广告"), "zh", {"城管": "city-management"}.get)  # type: ignore[arg-type]
    assert demand.to == "city-management"


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("A grey van has been on our street since June, next to a hedge. Please tow it.", "remove the vehicles"),
        ("The drain is full of leaves, mud and glass. Can you clear it?", "clean up the pipes"),
        ("We need a traffic light here.", "install the traffic light"),
        ("The 9 bus is packed, we need better service.", "improve the bus service"),
        ("Reopen the park!", "open the park"),
        ("Please fix the broken bench.", "repair the park"),
        ("Can someone test the water?", "inspect the water supply"),
        ("Please put up a charging point.", "install the charging points"),
    ],
)
def test_the_thing_that_is_meant_is_found(text: str, act: str) -> None:
    assert [demand.act for demand in demanded(scan(text, "en"), "en")] == [act]


def test_an_act_is_made_of_list_words_alone() -> None:
    acts_zh = {verb[3] + thing[2] for verb in rows("verbs") for thing in rows("objects")} | {
        v[5] for v in rows("verbs")
    }
    acts_zh |= {act + "问题" for act in acts_zh}
    acts_en = {f"{v[4]} {t[3]}" for v in rows("verbs") for t in rows("objects")} | {v[6] for v in rows("verbs")}
    for lang, text in asking():
        for demand in demanded(scan(text, lang), lang):
            assert demand.act in (acts_zh if lang == "zh" else acts_en)


@pytest.mark.parametrize(
    "group",
    [line["versions"] for line in map(msgspec.json.decode, (CASES / "matched.jsonl").read_bytes().splitlines())],
)
def test_politeness_anger_and_a_call_to_gather_change_neither_demand_nor_harm(group: list[str]) -> None:
    lang = "en" if group[0].isascii() else "zh"
    read = [
        ({d.act for d in demanded(scan(text, lang), lang)}, harm.find(scan(text, lang), lang == "zh"))
        for text in group
    ]
    assert read[0] == read[1] == read[2]
    assert read[0] != (set(), ())


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(alphabet="请修路灯停水恢复供水,。!不什么时候能 abcpleasefixthelight\u200b😀*", max_size=80))
def test_offsets_lie_in_the_body_in_order(text: str) -> None:
    for demand in demanded(scan(text), "zh"):
        assert 0 <= demand.start < demand.end <= len(text)


def test_a_request_whose_verb_no_list_has_asks_what_is_mostly_asked_of_its_thing() -> None:
    assert [demand.act for demand in demanded(scan("拜托各位，路灯！", "zh"), "zh")] == ["修复路灯"]


def test_a_plea_at_the_end_of_a_clause_asks() -> None:
    assert [demand.act for demand in demanded(scan("车棚装个监控吧", "zh"), "zh")] == ["增设监控"]
    assert demanded(scan("我自己装个监控吧", "zh"), "zh") == ()


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("槐花巷走到头伸手不见五指，就差一盏灯", {"修复路灯"}),
        ("老楼七层，住的平均七十岁。加部电梯，积德啊！", {"修复电梯"}),
        ("A new bulb for the streetlight outside number nine, that is all it needs.", {"repair the street light"}),
    ],
)
def test_what_sounds_like_a_request_asks_without_a_cue(text: str, acts: set[str]) -> None:
    lang = "en" if text.isascii() else "zh"
    assert {demand.act for demand in demanded(scan(text, lang), lang)} == acts
    assert demanded(scan(text, lang), lang, danger=True) == ()


def test_what_sounds_like_chatter_asks_nothing_unless_it_names_an_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asks, "logit", lambda *_: -1000)
    assert demanded(scan("请修一下路灯"), "zh") == ()
    assert [demand.act for demand in demanded(scan("请城管清理小广告"), "zh")] == ["清理小广告"]
    assert [demand.act for demand in demanded(scan("救命啊！"), "zh")] == ["救援"]


def test_a_demand_that_is_only_heard_begins_at_a_letter() -> None:
    text = "Nobody came!! A new bulb for the streetlight outside number nine, that is all it needs."
    (demand,) = demanded(scan(text, "en"), "en")
    assert text[demand.start :].startswith("A new bulb")


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("please stop the noise and repair the road", {"stop the noise", "repair the road"}),
        ("Please publish the accounts, and refund the deposit.", {"publish the accounts", "refund the deposit"}),
        ("请清理垃圾，修剪树木，修电梯。", {"清理垃圾", "修剪树木", "修复电梯"}),
    ],
)
def test_each_request_of_a_short_list_is_told(text: str, acts: set[str]) -> None:
    lang = "en" if text.isascii() else "zh"
    assert {demand.act for demand in demanded(scan(text, lang), lang)} == acts


@pytest.mark.parametrize(
    ("text", "body"),
    [("请修电梯。请物业修电梯。", "物业"), ("Please fix the lift. When will the council fix the lift?", "city hall")],
)
def test_the_body_is_told_though_the_first_request_names_none(text: str, body: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert [demand.to for demand in demanded(scan(text, lang), lang)] == [body]


def test_a_demand_whose_thing_the_text_does_not_name_is_the_whole_text() -> None:
    text = "渡口到卫生院那段一到晚上伸手不见五指，给点亮呗"
    assert [(demand.act, demand.start, demand.end) for demand in demanded(scan(text), "zh")] == [
        ("增设路灯", 0, len(text))
    ]
