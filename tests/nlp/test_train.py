"""Training and measuring a head on a file of labelled texts."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from answerable.app.cli import main
from answerable.errors import SettingsError
from nlp.build_models import training_part
from nlp.corpora import Example, for_measuring
from nlp.evaluate import evaluate
from nlp.features import BLOCK
from nlp.fitting import Recipe, fit, folds_for
from nlp.given import given_by
from nlp.matrix import need
from nlp.split import held_out
from nlp.table import HeadSpec, Weights
from nlp.train import train

PLACES = ("Mill Lane", "Harbour Road", "Elm Court", "Station Square", "Quay Street", "Orchard Way")
MATTERS = {
    "complaint": ("the bin was not emptied again at {}", "nobody answers my call about {}", "still no water in {}"),
    "not-complaint": ("lovely market today at {}", "thanks to the crew in {}", "the concert starts at eight in {}"),
}


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", "utf-8")
    return path


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    rows = [
        {"text": wording.format(place), "label": label, "lang": "en"}
        for label, wordings in MATTERS.items()
        for wording in wordings
        for place in PLACES
    ]
    return write(tmp_path / "examples.jsonl", rows)


def test_a_head_learns_and_says_how_good_it_is(tmp_path: Path, examples: Path) -> None:
    report = train("complaint", examples, tmp_path / "model", seed=1)
    scores = evaluate("complaint", examples, tmp_path / "model")
    assert report.n == 36
    assert report.labels == ("complaint", "not-complaint")
    assert 0.5 < report.scores.macro_f1 <= 1
    assert scores.accuracy == 1


def test_equal_seeds_give_equal_bytes(tmp_path: Path, examples: Path) -> None:
    first, second = (train("complaint", examples, tmp_path / name, seed=7) for name in ("one", "two"))
    assert first == second
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("pairs", "unseen"),
    [
        (
            {"complaint": "the bin was horrible at {}", "not-complaint": "lovely market today at {}"},
            {"complaint": "disgusting, a disgrace", "not-complaint": "thank you, wonderful"},
        ),
        (
            {"complaint": "{}垃圾太臭没人管真差劲", "not-complaint": "{}的集市今天真好开心"},
            {"complaint": "气死了,恶心", "not-complaint": "谢谢,幸福"},
        ),
    ],
)
def test_words_that_no_example_held_are_heard_by_their_tone(
    tmp_path: Path, pairs: dict[str, str], unseen: dict[str, str]
) -> None:
    rows = [{"text": text.format(place), "label": label} for label, text in pairs.items() for place in PLACES]
    train("complaint", write(tmp_path / "seen.jsonl", rows), tmp_path / "model", seed=1)
    other = write(tmp_path / "unseen.jsonl", [{"text": text, "label": label} for label, text in unseen.items()])
    assert evaluate("complaint", other, tmp_path / "model").accuracy == 1


def test_a_head_taken_out_of_a_table_keeps_what_weighs_most() -> None:
    heads = (HeadSpec("a", ("x", "y"), 1.0, (0.0, 0.0)), HeadSpec("b", ("z",), 1.0, (0.5,)))
    weight = np.array([[9, 9, 1], [9, 9, -8], [9, 9, 4]], np.int8)
    scale = np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 2.0]])
    bucket = np.array([1, 2, BLOCK], np.uint32)
    given = given_by(Weights(bucket, np.array([16, 20, 32], np.uint8), weight, scale, heads), "b", 2)
    assert given.bucket.tolist() == [2, BLOCK]
    assert given.weight.tolist() == [[-8 * 0.5 / 20, 4 * 2.0 / 32]]
    assert given.bias.tolist() == [0.5]


def test_a_model_holds_no_words(tmp_path: Path, examples: Path) -> None:
    train("complaint", examples, tmp_path / "model", seed=1)
    data = (tmp_path / "model").read_bytes()
    assert not any(word in data for word in (b"Harbour", b"harbour", b"market", b"emptied"))


def test_scores_are_the_agreed_json(tmp_path: Path, examples: Path) -> None:
    train("complaint", examples, tmp_path / "model", seed=1)
    said = json.loads(msgspec.json.encode(evaluate("complaint", examples, tmp_path / "model")))
    assert set(said) == {"n", "accuracy", "macro_f1", "macro_recall", "ece", "classes"}
    assert set(said["classes"]["complaint"]) == {"precision", "recall", "f1", "n"}


def test_compressed_files_are_read(tmp_path: Path, examples: Path) -> None:
    packed = tmp_path / "examples.jsonl.gz"
    packed.write_bytes(gzip.compress(examples.read_bytes()))
    assert train("complaint", packed, tmp_path / "model", seed=1).n == 36


def test_topics_may_be_named_by_id_or_name(tmp_path: Path) -> None:
    wording = {
        "环境保护": "{}工厂排放黑烟气味刺鼻",
        "education": "{}小学学位不够孩子无法入学",
        "教育文体": "{}幼儿园收费太高",
    }
    rows = [
        {"text": text.format(place), "label": label}
        for label, text in wording.items()
        for place in ("临河街道", "青石路", "望江门", "北塘村", "柳营镇", "东关", "南浦")
    ]
    report = train("topic", write(tmp_path / "t.jsonl", rows), tmp_path / "model", seed=1)
    assert report.labels == ("education", "environment")


def test_the_shipped_heads_are_measured_where_no_model_is_named(tmp_path: Path) -> None:
    rows = [
        {"text": "Thank you, wonderful service!", "label": "happy", "lang": "en"},
        {"text": "I am furious, this is a disgrace", "label": "angry", "lang": "en"},
    ]
    scores = evaluate("emotion", write(tmp_path / "e.jsonl", rows))
    assert scores.n == 2
    assert scores.classes["joy"].n == scores.classes["anger"].n == 1


def test_a_task_without_shipped_heads_asks_for_a_model(examples: Path) -> None:
    with pytest.raises(SettingsError, match="answerable train complaint"):
        evaluate("complaint", examples)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "no label"}', "missing required field `label`"),
        ('{"text": "x", "label": 3}', "expected `str`, got `int`"),
        ("not json", "no JSON"),
        ('{"text": " ", "label": "complaint"}', "text or label is empty"),
        ('{"text": "a", "label": " "}', "text or label is empty"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, examples: Path, line: str, message: str) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(examples.read_text("utf-8").splitlines()[0] + "\n" + line + "\n", "utf-8")
    with pytest.raises(SettingsError, match=rf"bad\.jsonl:2: .*{message}"):
        train("complaint", bad, tmp_path / "model", seed=1)


def test_what_no_model_can_be_written_to_is_told_before_it_is_trained(tmp_path: Path, examples: Path) -> None:
    with pytest.raises(SettingsError, match="is a folder; name a file for the model"):
        train("complaint", examples, tmp_path, seed=1)


@pytest.mark.parametrize("seed", ["-1", "4294967296", "x"])
def test_a_seed_that_cannot_be_meant_is_told(examples: Path, capsys: pytest.CaptureFixture[str], seed: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["train", "complaint", "--data", str(examples), "--out", "m", f"--seed={seed}"])
    assert f"'{seed}' is no seed; write a whole number from 0 to 4294967295" in capsys.readouterr().err


def test_a_file_without_any_label_of_the_head_is_not_measured(examples: Path) -> None:
    with pytest.raises(SettingsError, match=r"has no label that the head knows.*; write negative, neutral, positive"):
        evaluate("sentiment", examples)


def test_a_file_of_one_label_is_refused(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", [{"text": f"report {place}", "label": "complaint"} for place in PLACES])
    with pytest.raises(SettingsError, match="one label only"):
        train("complaint", one, tmp_path / "model", seed=1)


def test_a_label_with_too_few_texts_is_named(tmp_path: Path, examples: Path) -> None:
    rare = tmp_path / "rare.jsonl"
    rare.write_text(examples.read_text("utf-8") + '{"text": "what a day", "label": "rare"}\n', "utf-8")
    with pytest.raises(SettingsError, match="rare: has 1 different texts"):
        train("complaint", rare, tmp_path / "model", seed=1)


def test_an_unknown_task_names_the_nearest(tmp_path: Path, examples: Path) -> None:
    with pytest.raises(SettingsError, match="did you mean 'complaint'"):
        train("complaints", examples, tmp_path / "model", seed=1)


def test_a_model_of_another_task_is_refused(tmp_path: Path, examples: Path) -> None:
    train("complaint", examples, tmp_path / "model", seed=1)
    with pytest.raises(SettingsError, match="was trained for complaint"):
        evaluate("informative", examples, tmp_path / "model")


def test_bytes_that_are_no_model_are_refused(tmp_path: Path, examples: Path) -> None:
    (tmp_path / "model").write_bytes(b"\x10\x00\x00\x00\x00\x00\x00\x00{}")
    with pytest.raises(SettingsError, match="is no model of this program"):
        evaluate("complaint", examples, tmp_path / "model")


def test_without_the_training_extra_the_repair_is_named(
    tmp_path: Path, examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [*sys.modules]:
        if name.partition(".")[0] in ("sklearn", "scipy"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(SettingsError, match=r"answerable\[train\]"):
        train("complaint", examples, tmp_path / "model", seed=1)


def test_logistic_regression_separates_what_is_apart_and_its_sides_mirror() -> None:
    x = need("scipy.sparse").csr_matrix(np.eye(4)[[0, 0, 1, 1, 2, 3]])
    label = np.array([0, 0, 1, 1, 0, 1])
    weight, bias = fit(x, label, 2, Recipe(10.0, 0.0, "logistic"), seed=1)
    assert (x @ weight.T + bias).argmax(axis=1).tolist() == label.tolist()
    assert (weight[0] == -weight[1]).all()


def test_many_texts_are_parted_into_fewer_folds() -> None:
    assert (folds_for(19_999), folds_for(20_000)) == (5, 3)


def test_what_a_set_keeps_for_measuring_is_kept_whatever_its_words_and_nothing_that_repeats_it_is_learned() -> None:
    kept = Example("the lamp on Mill Lane is out again", "a", "en", "set", kept=True)
    others = [Example(f"no water in {place} since noon", "a", "en", "set", kept=False) for place in PLACES]
    again = Example("The lamp on Mill Lane is out again!", "a", "en", "set", kept=False)
    assert for_measuring([kept, *others, again]).tolist() == [True, *[False] * 7]
    assert training_part([kept, *others, again]) == others


def test_a_set_without_a_split_of_its_own_gives_a_tenth() -> None:
    examples = [Example(f"{place} has no water, flat {n}", "a", "en", "set") for place in PLACES for n in range(60)]
    assert for_measuring(examples).tolist() == held_out([each.text for each in examples]).tolist()
    assert training_part(examples, [examples[0].text]) != training_part(examples)
