from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.frozen import demanded
from nlp.acts import THINGS, VERBS, wording
from nlp.clean import folded
from nlp.grams import LONGEST, prepared
from nlp.heads import WANTED, Heads, shipped
from nlp.wanted import SHAPE, THING, TRAITS, VERB, acts, reasons
from tests.nlp.reading import scan

HEADS = Heads.load()


def sounds(text: str, lang: str) -> np.ndarray:
    return HEADS.sounds([prepared(folded(text).text, lang == "zh")], [lang == "zh"])[0]


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Pitch dark from the chapel to the bus stop, seen to please", "street light"),
        ("The swings hang by one chain. Somebody from the council, bring a spanner.", "park"),
        ("渡口到卫生院那段一到晚上伸手不见五指，给点亮呗", "路灯"),
        ("市场后门那堆烂菜叶臭得很，来个人弄走成不", "垃圾"),
    ],
)
def test_what_no_list_has_a_word_for_is_heard(text: str, thing: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert thing in " ".join(demand.act for demand in demanded(scan(text, lang), lang))


@pytest.mark.parametrize(
    "text", ["Three cheers for whoever mended the lift!", "感谢师傅连夜抢修，水来了", "路灯修好了，亮堂"]
)
def test_thanks_for_what_was_done_ask_nothing(text: str) -> None:
    lang = "en" if text.isascii() else "zh"
    assert demanded(scan(text, lang), lang) == ()


def test_what_a_rule_found_by_a_cue_speaks_for_it() -> None:
    text = "The lamp by the chapel again, please act"
    seen, heard, found = scan(text, "en"), sounds(text, "en"), (VERBS["replace"], THINGS["street_light"])
    assert found not in acts(seen, False, heard, [], cued=True)
    assert found not in acts(seen, False, heard, [found], cued=False)
    assert acts(seen, False, heard, [found], cued=True)[0] == found
    assert reasons(seen, heard, [found])[2] == {(VERB["replace"], THING["street_light"])}


def test_the_sentence_that_asks_weighs_more_than_the_story_before_it() -> None:
    story = "Willow Bay commuters are stuck. The ticket office could not tell us why. "
    assert [one.act for one in demanded(scan(f"{story}Please refund the monthly passes.", "en"), "en")] == [
        "refund the money"
    ]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(alphabet="请修路灯水电什么时候, abcpleasefixthelight\u200b😀", max_size=60), st.booleans())
def test_every_act_has_words_and_none_is_told_twice_of_a_thing(text: str, han: bool) -> None:
    lang = "zh" if han else "en"
    told = acts(scan(text, lang), han, sounds(text, lang), [], cued=True)
    assert 1 <= len(told) <= 3
    assert all(wording(verb, thing, lang) for verb, thing in told)
    assert len({thing for _, thing in told}) == len(told)


def test_the_same_is_heard_in_any_batch() -> None:
    texts = ["please mend the lamp", "请把路灯修好", "", "x" * LONGEST[False], "水" * LONGEST[True]]
    han = [False, True, False, False, True]
    alone = [HEADS.sounds([text], [own])[0] for text, own in zip(texts, han, strict=True)]
    together = HEADS.sounds([*texts, *reversed(texts)], [*han, *reversed(han)])
    assert all(np.array_equal(*pair) for pair in zip([*alone, *reversed(alone)], together, strict=True))
    assert HEADS.sounds([], []) == []


@pytest.mark.parametrize("family", sorted(WANTED.values()))
def test_the_columns_are_the_lists_of_acts(family: str) -> None:
    heads = {head.name: head.labels for head in shipped(family).heads}
    assert heads == {"asks": ("asks",), "verb": tuple(VERB), "thing": tuple(THING)}
    assert (len(VERBS), len(THINGS) + 1) == SHAPE
    assert len(TRAITS) == 4
