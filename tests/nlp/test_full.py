"""The full tier on a classifier made here: the same bytes however posts are batched, and nothing from a network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import onnx
import pytest
from msgspec import structs

from answerable.errors import Refused, SettingsError
from answerable.post import Kind, Post
from nlp.export import export
from nlp.fast import FastAnalyser
from nlp.full import FullAnalyser
from nlp.gazetteer import Gazetteer
from nlp.heads import Heads
from nlp.pins import pin, write_pin
from nlp.taxonomy import Taxonomies
from nlp.transformer import Transformer
from tests.nlp.reading import GAZETTEER
from tests.nlp.tiny import SAID, tiny

FAST = FastAnalyser(Gazetteer.load(GAZETTEER), Taxonomies.load("en-civic"), Heads.load(), ["zh", "en"], "city")
TEXTS = (
    "The lamp is bad. The water is bad!", "good water, good lamp", "the lamp the water", "x", "the " * 300,
    "When will the water come back?", "no news of the lamp", "bad bad water " * 20, "停水三天了",
    "a house is on fire, people are trapped",
)  # fmt: skip
POSTS = [
    Post(
        id=f"{number:024x}", source="letters", kind=Kind.LETTER, text=text, published_at=1772352000,
        fetched_at=1772352600, seen_at=1772352600,
    )
    for number, text in enumerate(TEXTS)
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the int8 model of a tiny classifier."""
    base = tmp_path_factory.mktemp("models")
    export(tiny(base / "float", None), base / "tiny", SAID)
    return base / "tiny"


@pytest.fixture(scope="module")
def full(folder: Path) -> FullAnalyser:
    return FullAnalyser(FAST, [Transformer(folder)], 1.0)


def test_an_exported_network_is_made_of_bytes(folder: Path) -> None:
    weights = {one.name: one for one in onnx.load(str(folder / "model.onnx")).graph.initializer}
    assert weights["weight_quantized"].data_type == onnx.TensorProto.INT8
    assert list(weights["weight_scale"].dims) == [3]  # one a channel


def test_int8_answers_as_the_float_network_does(tmp_path: Path, folder: Path) -> None:
    whole, small = Transformer(tiny(tmp_path / "float")), Transformer(folder)
    for text in TEXTS:
        assert small.read(text) == pytest.approx(whole.read(text), abs=0.02)


def test_the_labels_are_those_of_the_manifest(tmp_path: Path, folder: Path) -> None:
    text = "good good lamp"
    three = Transformer(folder).read(text)
    two = Transformer(
        tiny(tmp_path / "two", structs.replace(SAID, labels=("negative", "positive", "positive")))
    ).read(text)
    assert max(three, key=lambda label: three[label]) == "positive"
    assert sum(three.values()) == pytest.approx(1)
    assert two["positive"] == pytest.approx(three["neutral"] + three["positive"], abs=0.02)
    assert set(two) == {"negative", "positive"}


def test_only_what_is_admitted_is_read_again(folder: Path) -> None:
    fast = FAST.analyse(POSTS)
    none, every = (FullAnalyser(FAST, [Transformer(folder)], doubt).analyse(POSTS) for doubt in (0.0, 1.0))
    changed = [a.sentiment != b.sentiment for a, b in zip(fast, none, strict=True)]
    assert changed == [text.startswith("a house is on fire") for text in TEXTS]
    assert [a.sentiment != b.sentiment for a, b in zip(fast, every, strict=True)] == [
        text != "停水三天了" for text in TEXTS
    ]
    assert [one.emotion for one in every] == [one.emotion for one in fast]  # no model answers it


def test_all_else_is_what_the_fast_tier_reads(full: FullAnalyser) -> None:
    for slow, quick in zip(full.analyse(POSTS), FAST.analyse(POSTS), strict=True):
        assert structs.replace(slow, sentiment=quick.sentiment, versions=quick.versions) == quick


def test_the_same_bytes_come_of_any_batch_in_any_order(full: FullAnalyser) -> None:
    whole = full.analyse(POSTS)
    alone = [full.analyse([post])[0] for post in POSTS]
    turned = full.analyse(POSTS[::-1])[::-1]
    halves = full.analyse(POSTS[:3]) + full.analyse(POSTS[3:])
    assert alone == whole == turned == halves


def test_a_share_mixes_with_the_fast_answer(tmp_path: Path) -> None:
    half = Transformer(tiny(tmp_path / "half", structs.replace(SAID, weight=0.5)))
    (post,) = POSTS[:1]
    (quick,), (mixed,) = FAST.analyse([post]), FullAnalyser(FAST, [half], 1.0).analyse([post])
    slow = half.read(post.body)
    assert mixed.sentiment.p == pytest.approx({k: (p + slow[k]) / 2 for k, p in quick.sentiment.p.items()}, abs=1e-4)


def test_versions_name_the_model_and_the_doubt(folder: Path, full: FullAnalyser) -> None:
    reader = Transformer(folder)
    others = {FAST.versions, FullAnalyser(FAST, [], 1.0).versions, FullAnalyser(FAST, [reader], 0.5).versions}
    assert full.versions not in others
    assert {one.versions for one in full.analyse(POSTS)} == {full.versions}
    assert full.versions == FullAnalyser(FAST, [reader], 1.0).versions


def test_labels_that_are_not_as_many_as_the_outputs_refuse(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "two", structs.replace(SAID, labels=("negative", "positive")))
    with pytest.raises(SettingsError, match="answers 3 labels, the manifest names 2"):
        Transformer(folder)


def test_bytes_that_are_no_network_refuse(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "none", None)
    (folder / "model.onnx").write_bytes(b"no network")
    write_pin(folder, pin(folder, SAID))
    with pytest.raises(SettingsError, match="cannot be loaded"):
        Transformer(folder)


def test_a_network_gets_a_mask_of_ones_where_its_tokeniser_tells_none(tmp_path: Path) -> None:
    told, untold = tiny(tmp_path / "told", SAID, mask=True), tiny(tmp_path / "untold", None, mask=True)
    words = json.loads((untold / "tokenizer_config.json").read_text("utf-8"))
    (untold / "tokenizer_config.json").write_text(json.dumps(words | {"model_input_names": ["input_ids"]}), "utf-8")
    write_pin(untold, pin(untold, SAID))
    assert Transformer(untold).read("bad water") == Transformer(told).read("bad water")


def test_a_network_that_asks_for_what_nobody_tells_refuses(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "odd", None)
    net = onnx.load(str(folder / "model.onnx"))
    net.graph.input[0].name = net.graph.node[0].input[1] = "position_ids"
    onnx.save(net, str(folder / "model.onnx"))
    write_pin(folder, pin(folder, SAID))
    with pytest.raises(SettingsError, match="asks for position_ids; only input_ids, attention_mask, token_type_ids"):
        Transformer(folder)


def test_a_network_that_fails_on_a_text_refuses_when_it_is_loaded(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "narrow", None)
    net = onnx.load(str(folder / "model.onnx"))
    net.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.INT32
    onnx.save(net, str(folder / "model.onnx"))
    write_pin(folder, pin(folder, SAID))
    with pytest.raises(SettingsError, match=r"cannot be loaded \(InvalidArgument\)"):
        Transformer(folder)


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    folder = tiny(tmp_path / "none", None)
    (folder / "model.onnx").write_bytes(b"no network")
    with pytest.raises(Refused, match="cannot be quantised"):
        export(folder, tmp_path / "out", SAID)
    assert [path.name for path in tmp_path.iterdir()] == ["none"]


def test_an_export_takes_nothing_over(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(Refused, match="is there already"):
        export(folder, folder, SAID)


_OFFLINE = """
import json, socket, sys
def denied(*given, **named): raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = denied
from pathlib import Path
from nlp.transformer import Transformer
print(json.dumps(Transformer(Path(sys.argv[1])).read(sys.argv[2])))
"""


def test_nothing_is_asked_of_a_network_and_another_process_answers_the_same(folder: Path) -> None:
    done = subprocess.run(  # noqa: S603 — our own code
        [sys.executable, "-W", "error", "-c", _OFFLINE, str(folder), "bad water"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], env={},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == Transformer(folder).read("bad water")
