"""The tokeniser: what it folds, what it keeps whole, and that every stretch of a text can be found."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.tokens import Phrase, fold, phrase, terms, words

ANY = st.text(max_size=60)
MIXED = st.text(alphabet="停水通知小区三天々〇がパ수도ab3９_'’ -，é🔥\u200b\u0301", max_size=30)
HAN = "停水通知小区三天自来公司不行了的"


def stands_in(wanted: Phrase, held: list[str]) -> bool:
    size = len(wanted.tokens)
    for start in range(len(held) - size + 1):
        *same, last = held[start : start + size]
        if tuple(same) == wanted.tokens[:-1]:
            end = wanted.tokens[-1]
            if last == end or (wanted.open and last.startswith(end)):
                return True
    return False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("停水3天", ["停水", "水", "3", "天"]),
        ("don't snake_case", ["don't", "snake_case"]),
        ("‘quoted’ 'words'", ["quoted", "words"]),
        ("rock ’n’ roll", ["rock", "n", "roll"]),
        ("１２３ＡＢＣ", ["123abc"]),
        ("naïve Straße", ["naive", "strasse"]),
        ("停\u200b水\ufeff", ["停水", "水"]),
        ("a\u00adb", ["ab"]),
        ("👍🏽停👨\u200d👩\u200d👧水1️⃣", ["停", "水", "1"]),
        ("二〇二六", ["二〇", "〇二", "二六", "六"]),
        ("ガス", ["ガス", "ス"]),
        ("ｶﾞｽ", ["ガス", "ス"]),
        ("е́лка ЁЛКА", ["елка", "елка"]),
        ("𠮷野", ["𠮷野", "野"]),
        ("समस्या है", ["समस्या", "है"]),
        ("x" * 100, ["x" * 64]),
        ("a-b.c/d@e", ["a", "b", "c", "d", "e"]),
    ],
)
def test_text_is_cut_into_the_tokens_that_stores_hold(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("停水", Phrase(("停水",))),
        ("水", Phrase(("水",), open=True)),
        ("停水了", Phrase(("停水", "水了"))),
        ("停水3天", Phrase(("停水", "水", "3", "天"), open=True)),
        ("停水 water", Phrase(("停水", "水", "water"))),
        ("water", Phrase(("water",))),
        ("!🔥", None),
    ],
)
def test_a_phrase_names_the_tokens_to_look_for(text: str, expected: Phrase | None) -> None:
    assert phrase(text) == expected


@settings(max_examples=300, derandomize=True)
@given(ANY | MIXED)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(max_examples=300, derandomize=True)
@given(ANY | MIXED)
def test_tokens_hold_no_space_and_no_ascii_but_letters_digits_underscore_and_apostrophe(text: str) -> None:
    kept = set(string.ascii_lowercase + string.digits + "_'")
    for token in terms(text) + words(text):
        assert token
        assert not any(c.isspace() for c in token)
        assert {c for c in token if c.isascii()} <= kept


@settings(max_examples=300, derandomize=True)
@given(MIXED)
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    held = terms(text)
    for word in words(text):
        wanted = phrase(word)
        assert wanted is not None
        assert stands_in(wanted, held)


@settings(max_examples=300, derandomize=True)
@given(st.text(HAN, min_size=1, max_size=20), st.text(HAN, max_size=5), st.text(HAN, max_size=5))
def test_a_stretch_of_chinese_is_found_whatever_stands_around_it(stretch: str, before: str, after: str) -> None:
    wanted = phrase(stretch)
    assert wanted is not None
    assert stands_in(wanted, terms(before + stretch + after))


@settings(max_examples=300, derandomize=True)
@given(st.text(HAN, min_size=1, max_size=6), st.text(HAN, min_size=1, max_size=12))
def test_chinese_is_found_only_where_it_stands(stretch: str, text: str) -> None:
    wanted = phrase(stretch)
    assert wanted is not None
    assert stands_in(wanted, terms(text)) == (stretch in text)


@settings(max_examples=200, derandomize=True)
@given(MIXED)
def test_a_text_is_found_by_all_of_itself(text: str) -> None:
    wanted = phrase(text)
    assert wanted is None or stands_in(wanted, terms(f"前 {text} 后"))


@settings(max_examples=200, derandomize=True)
@given(MIXED)
def test_width_case_and_invisible_characters_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c != "'" else c for c in text)
    assert terms(wide.upper()) == terms("\u200b".join(text))
