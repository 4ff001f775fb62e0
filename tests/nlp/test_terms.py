from __future__ import annotations

import pytest

from answerable.post import Term, TermKind
from nlp.clean import folded
from nlp.terms import terms


def read(title: str, text: str, lang: str) -> dict[str, Term]:
    body = f"{title}\n{text}" if title else text
    return {term.text: term for term in terms(folded(body), len(title), lang)}


def test_chinese_words_of_the_title_count_three_times() -> None:
    found = read("临河停水", "昨天水管爆裂，停水到现在", "zh")
    assert found["停水"].weight == 239  # 1 + ln 4
    assert found["水管"].weight == 100
    assert not any(len(word) < 2 for word in found)


def test_chinese_takes_the_best_25_of_the_first_600_characters() -> None:
    long = "".join(f"第{chr(0x4E00 + 7 * n)}{chr(0x4F00 + 11 * n)}号楼停电" for n in range(200))
    found = read("停电", long, "zh")
    assert len(found) == 25
    assert next(iter(found)) == "停电"


def test_phrases_of_politeness_are_no_terms() -> None:
    assert set(read("", "尊敬的领导您好，希望有关部门尽快解决路灯问题，谢谢", "zh")) == {"路灯"}


def test_english_terms_have_their_weights() -> None:
    found = read("", "Harbour flooded again near 14 #SaveOurPark https://news.example/a?b=1", "en")
    assert found["harbour"].weight == 130
    assert found["flood"].weight == 100
    assert found["harbour flood"] == Term("harbour flood", 50, TermKind.PAIR, "harbour flooded")
    assert found["14"] == Term("14", 70, TermKind.NUMBER)
    assert found["#saveourpark"] == Term("#saveourpark", 150, TermKind.HASHTAG)
    assert found["park"].weight == 100
    assert found["news.example/a"] == Term("news.example/a", 150, TermKind.URL)


@pytest.mark.parametrize("lang", ["zh", "en", "fr"])
def test_masks_and_mentions_never_become_terms(lang: str) -> None:
    found = read("", "@lanting 电话138******** call 555*** M*** ******** 停水 water", lang)
    assert not any("*" in word or "@" in word or "lanting" in word or "555" in word for word in found)


@pytest.mark.parametrize(
    ("lang", "text", "word"),
    [
        ("fr", "La rue est inondée depuis hier", "inondee"),
        ("de", "Die Straße ist gesperrt", "strasse"),
        ("ko", "물이 안 나와요", "나와요"),
    ],
)  # fmt: skip
def test_other_languages_lose_their_small_words(lang: str, text: str, word: str) -> None:
    found = read("", text, lang)
    assert word in found
    assert not {"la", "est", "die", "ist"} & set(found)


def test_a_segmentation_that_is_already_there_gives_the_same_terms() -> None:
    text = folded("临河停水\n昨天水管爆裂，停水到现在")
    cut = ["临河", "停水", "\n", "昨天", "水管"]
    assert terms(text, 4, "zh", cut) == terms(text, 4, "zh")


def test_an_article_before_an_apostrophe_is_no_part_of_a_word() -> None:
    found = read("", "L'eau n'arrive qu'à l'école", "fr")
    assert {"eau", "arrive", "ecole"} <= set(found)
    assert read("", "l'acqua non arriva", "it").keys() >= {"acqua", "arriva"}
    assert "oclock" in read("", "Six o'clock", "en")


def test_small_words_are_left_out_whatever_their_accents() -> None:
    assert not {"apre", "meme", "deja", "etait", "ca"} & set(read("", "Après ça, même déjà, il était là", "fr"))


def test_a_place_is_no_word_and_no_word_reaches_over_its_end() -> None:
    text = folded("A3区金岚小区停水")
    assert {"a3", "区金岚"} <= {term.text for term in terms(text, 0, "zh")}
    assert {"金岚", "小区", "停水"} == {term.text for term in terms(text, 0, "zh", spans=[(0, 3)])}
