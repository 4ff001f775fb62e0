"""A pinned sequence classifier: its tokeniser through transformers, its network through ONNX Runtime.

The only module that imports either. One text at a time on one thread: a dynamically quantised network answers
differently in a batch, and gains nothing by it. Nothing is fetched: both libraries are told that there is no network.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from answerable.errors import SettingsError
from nlp.pins import NETWORK, Pin, verified

__all__ = ["Transformer"]

_ALONE = {
    "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_OFFLINE": "1", "USE_TORCH": "0",
    "TOKENIZERS_PARALLELISM": "false", "TRANSFORMERS_VERBOSITY": "error",
}  # fmt: skip
_UNTOLD = {"input_ids": 0, "attention_mask": 1, "token_type_ids": 0}  # what holds where a tokeniser does not say


class Transformer:
    """A model from a folder whose every byte was verified before anything of it was opened."""

    def __init__(self, folder: Path) -> None:
        self._pin: Pin = verified(folder)
        os.environ.update(_ALONE)
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as faults
        from transformers import AutoTokenizer

        how = onnxruntime.SessionOptions()
        how.intra_op_num_threads = how.inter_op_num_threads = 1
        how.use_deterministic_compute = True
        how.log_severity_level = 3
        try:
            self._cut = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
            self._net = onnxruntime.InferenceSession(
                (folder / NETWORK).read_bytes(), how, providers=["CPUExecutionProvider"]
            )
            self._inputs = self._known_inputs(folder)
            outputs = self._logits("")
        except (OSError, ValueError, faults.Fail, faults.InvalidArgument, faults.InvalidProtobuf, faults.InvalidGraph,
                faults.NotImplemented, faults.RuntimeException) as error:  # fmt: skip
            raise _wrong(folder, f"cannot be loaded ({type(error).__name__})") from None
        if outputs.shape != (len(self._pin.labels),):
            found = " by ".join(map(str, outputs.shape)) or "1"
            raise _wrong(folder, f"answers {found} labels, the manifest names {len(self._pin.labels)}")

    def _known_inputs(self, folder: Path) -> list[str]:
        """Return the names of the network's inputs; raise SettingsError at one that no tokeniser fills."""
        names = [one.name for one in self._net.get_inputs()]
        for name in names:
            if name not in _UNTOLD:
                raise _wrong(folder, f"asks for {name}; only {', '.join(_UNTOLD)} are told")
        return names

    @property
    def pin(self) -> Pin:
        """What the manifest says of it."""
        return self._pin

    def read(self, text: str) -> Mapping[str, float]:
        """Return the probability of each of our labels that it knows."""
        scaled = self._logits(text) / self._pin.temperature
        risen = np.exp(scaled - scaled.max())
        found = dict.fromkeys(self._pin.labels, 0.0)
        for label, p in zip(self._pin.labels, (risen / risen.sum()).tolist(), strict=True):
            found[label] += p
        return found

    def _logits(self, text: str) -> NDArray[np.float64]:
        cut = self._cut(text, truncation=True, max_length=self._pin.longest)
        ids = np.array([cut["input_ids"]], np.int64)
        fed = {
            name: np.array([cut[name]], np.int64) if name in cut else np.full_like(ids, _UNTOLD[name])
            for name in self._inputs
        }
        return np.asarray(self._net.run(None, fed)[0][0], np.float64)


def _wrong(folder: Path, what: str) -> SettingsError:
    return SettingsError(what, file=str(folder), repair="export it again: answerable models export")
