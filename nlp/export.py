"""From a sequence classifier that somebody trained to a folder the full tier reads: an int8 network, pinned.

The only module that imports torch, and only where a model is exported: weights are read from safetensors alone, code
that a model brings is never run, and a network that is ONNX already needs none of it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answerable.errors import Refused
from nlp.pins import NETWORK, Pin, pin, write_pin

__all__ = ["export"]

_KEPT = (
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.txt", "vocab.json", "merges.txt", "sentencepiece.bpe.model", "spiece.model",
)  # fmt: skip
_OPSET = 17
_PROBES = ("yes", "The lamp in our street has been broken for two weeks now, and nobody answers our letters!")
_CLOSE = 1e-3  # between logits of the float networks


def export(source: Path, out: Path, said: Pin) -> Pin:
    """Write the int8 model of a classifier's folder into the new folder `out`; return its pin.

    Weights are quantised to signed bytes, each channel by itself, activations while it reads. Raises Refused where a
    package is missing, `out` is there already, or the network cannot be quantised; then nothing is left of it.
    """
    try:
        from onnx.checker import ValidationError
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError:
        raise Refused("export needs packages that are not installed; pip install 'answerable[torch]'") from None
    if out.exists():
        raise Refused(f"{out} is there already")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="_") as passing:
        folder, made = Path(passing) / "float", Path(passing) / out.name
        folder.mkdir()
        made.mkdir()
        whole = source / NETWORK if (source / NETWORK).exists() else _network(source, folder / NETWORK)
        try:
            quantize_dynamic(whole, made / NETWORK, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
        except (ValidationError, ValueError, RuntimeError) as error:
            raise Refused(f"{whole} cannot be quantised ({type(error).__name__}); export it by other means") from None
        for name in _KEPT:
            if (source / name).is_file():
                shutil.copyfile(source / name, made / name)
        found = pin(made, said)
        write_pin(made, found)
        made.rename(out)
    return found


def _network(source: Path, path: Path) -> Path:
    """Write a float ONNX file of a folder with safetensors; any batch, any length. Raise Refused where it differs."""
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError:
        raise Refused("export from safetensors needs torch; pip install 'answerable[torch]'") from None
    model = AutoModelForSequenceClassification.from_pretrained(
        source, local_files_only=True, use_safetensors=True, trust_remote_code=False, attn_implementation="eager"
    ).eval()
    read = AutoTokenizer.from_pretrained(source, local_files_only=True)
    cut = dict(read(["two short texts", "one"], padding=True, return_tensors="pt"))

    class Named(torch.nn.Module):  # type: ignore[misc]  # torch is read without its types
        """Takes its inputs in the tokeniser's order, which need not be the model's: the exporter goes by place."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            return self.model(**dict(zip(cut, given, strict=True))).logits

    torch.onnx.export(
        Named().eval(), tuple(cut.values()), str(path), input_names=list(cut), output_names=["logits"],
        opset_version=_OPSET, dynamo=False,
        dynamic_axes={name: {0: "posts", 1: "tokens"} for name in cut} | {"logits": {0: "posts"}},
    )  # fmt: skip
    for text in _PROBES:
        one = dict(read(text, return_tensors="pt"))
        with torch.no_grad():
            wanted = model(**one).logits.numpy()
        if not _answers(path, {name: ids.numpy() for name, ids in one.items()}, wanted):
            raise Refused(f"the exported network does not answer as {source} does; export it by other means")
    return path


def _answers(path: Path, given: dict[str, NDArray[np.int64]], wanted: NDArray[np.float32]) -> bool:
    import onnxruntime

    found = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(None, given)[0]
    return bool(np.abs(found - wanted).max() < _CLOSE)
