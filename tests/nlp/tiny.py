"""A classifier of three labels with a vocabulary of nine words, made here: no weight of it was learned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from nlp.pins import Pin, pin, write_pin

__all__ = ["SAID", "tiny"]

SAID = Pin(
    repository="lanting/tiny", revision="0123456789abcdef" * 2 + "01234567", licence="Apache-2.0", head="sentiment",
    languages=("en",), labels=("negative", "neutral", "positive"), sha256={}, longest=16,
)  # fmt: skip
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "good", "bad", "water", "lamp", "the")
WIDTH = 16
_SAYS = {"bad": 0, "water": 0, "the": 1, "lamp": 1, "good": 2}  # the label that a word speaks for


def tiny(folder: Path, said: Pin | None = SAID, *, mask: bool = False) -> Path:
    """Write the classifier, pinned where something is said of it: the mean of its words' vectors times a matrix.

    With a `mask` it asks for that too, and hears only what the mask lets through.
    """
    folder.mkdir()
    _write_tokeniser(folder)
    _write_network(folder, mask)
    if said is not None:
        write_pin(folder, pin(folder, said))
    return folder


def _write_tokeniser(folder: Path) -> None:
    cut = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    cut.pre_tokenizer = Whitespace()
    cut.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    PreTrainedTokenizerFast(
        tokenizer_object=cut, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder)
    (folder / "config.json").write_text('{"model_type":"bert"}', "utf-8")


def _write_network(folder: Path, mask: bool) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(0, 0.3, (len(WORDS), WIDTH)).astype(np.float32)
    weight = rng.normal(0, 0.5, (WIDTH, 3)).astype(np.float32)
    for word, label in _SAYS.items():
        vectors[WORDS.index(word)] += weight[:, label] * 3
    heard = [
        helper.make_node("Cast", ["attention_mask"], ["share"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["share", "last"], ["shares"]),
        helper.make_node("Mul", ["every", "shares"], ["words"]),
    ]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["vectors", "input_ids"], ["every" if mask else "words"]),
            *(heard if mask else ()),
            helper.make_node("ReduceMean", ["words"], ["mean"], axes=[1], keepdims=0),
            helper.make_node("MatMul", ["mean", "weight"], ["logits"]),
        ],
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["posts", "tokens"])
            for name in ("input_ids", *(("attention_mask",) if mask else ()))
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["posts", 3])],
        [
            numpy_helper.from_array(vectors, "vectors"),
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(np.array([-1]), "last"),
        ],
    )
    save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8),
        str(folder / "model.onnx"),
    )
