"""The shipped heads: they answer in full, alike in any batch, and start with whole files only."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.errors import SettingsError
from nlp.corpora import EMOTIONS, EN_TOPICS, SENTIMENTS, ZH_TOPICS
from nlp.features import Hits, pieces
from nlp.heads import FOLDER, TOPIC_FLOOR, Heads
from nlp.table import HeadSpec, Table, Weights

TEXTS = (
    ("zh", "临河街道连续停水三天，物业无人管，请供水公司尽快恢复供水！"),
    ("zh", "感谢工作人员，问题当天就解决了，非常满意"),
    ("zh", "幼儿园学费又涨了，老师的工资却没有涨，教育局管不管"),
    ("en", "The street light on Mill Lane has been out for a week and nobody answers."),
    ("en", "Thank you so much, the crew was wonderful!"),
    ("en", "Big pothole in front of the bakery"),
    ("fr", "Il n'y a plus d'eau depuis lundi, c'est honteux"),
    ("de", "Danke, das hat super geklappt"),
    ("hi", "पानी तीन दिन से नहीं आ रहा है"),
    ("en", ""),
)
LANGS, BODIES = [lang for lang, _ in TEXTS], [text for _, text in TEXTS]


@pytest.fixture(scope="module")
def heads() -> Heads:
    return Heads.load()


def test_every_post_is_answered_with_all_labels(heads: Heads) -> None:
    for answer in heads.read(BODIES, LANGS):
        assert tuple(answer.sentiment.p) == SENTIMENTS
        assert tuple(answer.emotion.p) == EMOTIONS
        for reading in (answer.sentiment, answer.emotion):
            assert reading.p[reading.label] == max(reading.p.values())
            assert sum(reading.p.values()) == pytest.approx(1, abs=0.001)


def test_the_answer_does_not_depend_on_the_batch(heads: Heads) -> None:
    together = heads.read(BODIES * 40, LANGS * 40)
    alone = [heads.read([text], [lang])[0] for text, lang in zip(BODIES, LANGS, strict=True)]
    assert together == alone * 40


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=80), st.sampled_from(["zh", "en", "fr"])), min_size=1, max_size=5))
def test_any_text_is_answered_alike_alone_and_in_a_batch(posts: list[tuple[str, str]]) -> None:
    heads = Heads.load()
    clean = [(text.encode("utf-8", "replace").decode(), lang) for text, lang in posts]
    together = heads.read([text for text, _ in clean], [lang for _, lang in clean])
    assert together == [heads.read([text], [lang])[0] for text, lang in clean]


def test_a_callers_pieces_change_nothing(heads: Heads) -> None:
    cuts = [pieces(text) if lang == "zh" else None for text, lang in zip(BODIES, LANGS, strict=True)]
    assert heads.read(BODIES, LANGS, cuts=cuts) == heads.read(BODIES, LANGS)


def test_topics_are_at_most_three_best_first_of_the_languages_own_scheme(heads: Heads) -> None:
    for answer, lang in zip(heads.read(BODIES, LANGS), LANGS, strict=True):
        chances = [topic.p for topic in answer.topics]
        assert len(chances) <= 3
        assert all(a >= b for a, b in pairwise(chances))
        assert not chances or chances[0] >= TOPIC_FLOOR
        known = {"zh": set(ZH_TOPICS.values()), "en": set(EN_TOPICS.values())}.get(lang, set())
        assert {topic.id for topic in answer.topics} <= known


def test_a_clear_matter_is_recognised(heads: Heads) -> None:
    answers = heads.read(BODIES, LANGS)
    assert answers[2].topics[0].id == "education"
    assert answers[3].topics[0].id == "street_light"
    assert answers[5].topics[0].id == "pothole"


def test_thanks_are_positive_and_grievances_are_not(heads: Heads) -> None:
    answers = [answer.sentiment.label for answer in heads.read(BODIES, LANGS)]
    assert [answers[i] for i in (1, 4, 7)] == ["positive"] * 3
    assert "positive" not in (answers[0], answers[3], answers[6])


def test_only_the_taxonomys_topics_are_answered(heads: Heads) -> None:
    answers = heads.read(BODIES, LANGS, {"street_light"})
    assert {topic.id for answer in answers for topic in answer.topics} == {"street_light"}


def test_an_empty_batch_has_no_answers(heads: Heads) -> None:
    assert heads.read([], []) == []


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.safetensors")))
def test_a_changed_byte_refuses_to_start_and_names_the_file(tmp_path: Path, name: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "models")
    file = tmp_path / "models" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(SettingsError, match=name):
        Heads.load(tmp_path / "models")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "models")
    (tmp_path / "models" / "en.safetensors").unlink()
    with pytest.raises(SettingsError, match=r"en\.safetensors.*No such file"):
        Heads.load(tmp_path / "models")


def test_a_manifest_that_leaves_a_file_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"sha256":{}}')
    with pytest.raises(SettingsError, match=r"does not list zh\.safetensors"):
        Heads.load(tmp_path)


def test_weights_fit_the_budget_and_each_file_has_its_card() -> None:
    files = sorted(FOLDER.glob("*.safetensors"))
    assert sum(file.stat().st_size for file in files) <= 12_500_000
    assert [file.name for file in files if not (FOLDER / f"{file.name.partition('.')[0]}.md").is_file()] == []


def test_sums_survive_the_longest_text_with_the_greatest_weights() -> None:
    every = np.arange(0, 2000, dtype=np.uint32)
    weights = Weights(
        bucket=every,
        idf=np.full(2000, 255, np.uint8),
        weight=np.repeat(np.array([[127, -127, 127, -127]], np.int8), 2000, axis=0),
        scale=np.ones((2, 4)),
        heads=(HeadSpec("x", ("a", "b", "c", "d"), 1.0, (0.0,) * 4),),
    )
    scores = Table(weights).scores(Hits(np.zeros(2000, np.uint32), every), 1)
    expected = 2000 * 127 * 4 / np.sqrt(2000 * (4 * 255) ** 2)
    assert scores[0].tolist() == pytest.approx([expected, -expected, expected, -expected])
