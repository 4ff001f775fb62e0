from __future__ import annotations

from pathlib import Path

import pytest

from answerable.errors import SettingsError
from answerable.post import Topic
from nlp.clean import folded
from nlp.lexicon import Lexicon, Tag
from nlp.taxonomy import Taxonomies, Taxonomy

TAXONOMIES = Taxonomies.load("zh-civic")
ZH, EN = TAXONOMIES.of("zh"), TAXONOMIES.of("en")
LEXICON = Lexicon(TAXONOMIES.entries())
FIRST_ZH = (
    "urban governance land environment discipline transport economy technology civil rural commerce health justice "
    "education labour"
)
FIRST_EN = (
    "tree street_light sidewalk pothole traffic drainage trash illegal_dumping policing private_property signs "
    "graffiti snow street_sweeping parks parking"
)


def classify(taxonomy: Taxonomy, text: str, *answers: Topic) -> list[str]:
    hits = LEXICON.scan(folded(text), taxonomy is ZH).raw(Tag.TOPIC)
    return [topic.id for topic in taxonomy.classify(answers, hits, len(text.split("\n")[0]))]


def test_the_first_levels_are_the_published_ones() -> None:
    assert [topic for topic in ZH.topics if "." not in topic] == FIRST_ZH.split()
    assert sorted(topic for topic in EN.topics if "." not in topic) == sorted(FIRST_EN.split())


def test_every_topic_has_an_office_and_both_names() -> None:
    for taxonomy in (ZH, EN):
        for topic in taxonomy.topics:
            assert TAXONOMIES.office_of(topic)
            assert taxonomy.name(topic, "zh") != taxonomy.name(topic, "en")


def test_both_languages_reach_the_same_offices() -> None:
    pairs = [("drainage.water", "urban.water"), ("street_light", "urban.light"), ("trash", "urban.sanitation")]
    for english, chinese in pairs:
        assert TAXONOMIES.office_of(english) == TAXONOMIES.office_of(chinese)
    offices = {ZH.office_of(topic) for topic in ZH.topics}
    assert {TAXONOMIES.office_of(topic) for topic in EN.topics} <= offices
    turned = Taxonomies.load("en-civic")
    assert turned.office_of("urban.water") == "water-bureau"


def test_terms_make_a_first_level_answer_finer_and_keep_its_probability() -> None:
    found = ZH.classify(
        (Topic("urban", 0.8), Topic("environment", 0.1)), LEXICON.scan(folded("小区停水三天")).raw(Tag.TOPIC), 0
    )
    assert found == (Topic("urban.water", 0.8), Topic("environment", 0.1))


def test_terms_answer_where_the_model_abstains_and_only_when_they_are_clear() -> None:
    assert classify(ZH, "临河街道停水\n自来水又没有了") == ["urban.water"]
    assert classify(ZH, "今天天气很好") == []
    assert classify(EN, "Street light out\nThe streetlight by the school is dark") == ["street_light"]


def test_answers_of_the_other_scheme_are_left_out() -> None:
    assert ZH.classify((Topic("pothole", 0.9),), (), 0) == ()


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        (
            "- {id: a, name: {zh: 甲}}\n- {id: a, name: {zh: 乙}}\n",
            ":2: a: stands twice; give each topic an id of its own",
        ),
        (
            "- {id: a, name: {zh: 甲}, children: [{id: b, name: {zh: 乙}}]}\n",
            ":1: b: does not begin with its parent's id a; write a.b",
        ),
        ("- {id: a, nmae: {zh: 甲}}\n", ":1: [0].nmae: unknown key; did you mean 'name'?"),
        ("- {id: a, name: {}}\n", ":1: a: has no name; write name: {zh: …, en: …}"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_taxonomy_names_line_key_and_repair(tmp_path: Path, yaml: str, message: str) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text(yaml, "utf-8")
    with pytest.raises(SettingsError) as error:
        Taxonomy.load(str(path))
    assert str(error.value) == f"{path}{message}"


def test_an_unknown_name_names_the_shipped_ones() -> None:
    with pytest.raises(SettingsError, match="did you mean 'zh-civic'"):
        Taxonomy.load("zh_civic")


def test_a_citys_own_file_decides_its_offices(tmp_path: Path) -> None:
    path = tmp_path / "topics.yaml"
    path.write_text(
        "- {id: urban, name: {zh: 城建}, office: works, "
        "children: [{id: urban.water, name: {zh: 水}, terms: 停水}]}\n",
        "utf-8",
    )
    own = Taxonomies.load(str(path))
    assert own.office_of("urban.water") == "works"
    assert own.office_of("drainage.water") == "works"
    assert own.of("en").topics == EN.topics


@pytest.mark.parametrize("text", ["房租含水电煤气，房东不退押金", "我在西岭天然气有限公司的老宿舍住"])
def test_stock_phrases_and_names_of_firms_name_no_matter(text: str) -> None:
    assert classify(ZH, text, Topic("urban", 0.8)) == ["urban"]


def test_a_matter_of_several_offices_without_a_second_level_goes_to_the_citys_own_desk() -> None:
    assert (ZH.office_of("urban"), ZH.office_of("urban.property")) == ("city-office", "housing-bureau")
