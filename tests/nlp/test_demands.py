from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import demands, harm
from nlp.lexicon import rows
from tests.nlp.reading import CASES, Score, cases, scan


def test_labelled_demands_are_found_and_nothing_else_is() -> None:
    score = Score()
    for case in cases("demands"):
        score.add(
            case.text, case.acts, [demand.act for demand in demands.find(scan(case.text, case.lang), case.lang)]
        )
    assert score.f1 >= 0.95, score.faults


def test_the_body_that_is_asked_is_named_from_the_closed_list() -> None:
    asked = [case for case in cases("demands") if case.to]
    found = [{demand.to for demand in demands.find(scan(case.text, case.lang), case.lang)} for case in asked]
    assert [case.to in to for case, to in zip(asked, found, strict=True)] == [True] * len(asked)


def test_an_office_that_goes_by_a_body_word_is_named_by_its_id() -> None:
    (demand,) = demands.find(scan("请城管清理小广告"), "zh", {"城管": "city-management"}.get)  # type: ignore[arg-type]
    assert demand.to == "city-management"


def test_an_act_is_made_of_list_words_alone() -> None:
    acts_zh = {verb[3] + thing[2] for verb in rows("verbs") for thing in rows("objects")} | {
        v[5] for v in rows("verbs")
    }
    acts_zh |= {act + "问题" for act in acts_zh}
    acts_en = {f"{v[4]} {t[3]}" for v in rows("verbs") for t in rows("objects")} | {v[6] for v in rows("verbs")}
    for case in cases("demands"):
        for demand in demands.find(scan(case.text, case.lang), case.lang):
            assert demand.act in (acts_zh if case.lang == "zh" else acts_en)


@pytest.mark.parametrize(
    "group",
    [line["versions"] for line in map(msgspec.json.decode, (CASES / "matched.jsonl").read_bytes().splitlines())],
)
def test_politeness_anger_and_a_call_to_gather_change_neither_demand_nor_harm(group: list[str]) -> None:
    lang = "en" if group[0].isascii() else "zh"
    read = [
        ({d.act for d in demands.find(scan(text, lang), lang)}, harm.find(scan(text, lang), lang == "zh"))
        for text in group
    ]
    assert read[0] == read[1] == read[2]
    assert read[0] != (set(), ())


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(alphabet="请修路灯停水恢复供水,。!不什么时候能 abcpleasefixthelight\u200b😀*", max_size=80))
def test_offsets_lie_in_the_body_in_order(text: str) -> None:
    for demand in demands.find(scan(text), "zh"):
        assert 0 <= demand.start < demand.end <= len(text)
