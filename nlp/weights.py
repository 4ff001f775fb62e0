"""Files of weights: safetensors with one JSON header, and the manifest that vouches for every byte."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import safetensors.numpy
from msgspec import Struct

from answerable.errors import SettingsError
from nlp.table import HeadSpec, Weights

__all__ = ["MANIFEST", "Header", "dump", "parse", "read_manifest", "read_verified", "sha256", "write_manifest"]

MANIFEST = "manifest.json"
_META = "answerable"
_FORMAT = 1


class Header(Struct, frozen=True):
    """What stands beside the arrays in a file of weights."""

    format: int
    task: str
    heads: tuple[HeadSpec, ...]


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """SHA-256 of each file of weights in the folder, by name."""

    sha256: dict[str, str]


def sha256(data: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def dump(weights: Weights, task: str) -> bytes:
    """Write weights as bytes; equal weights give equal bytes."""
    gap = np.diff(weights.bucket.astype(np.int64), prepend=0)
    wide = np.uint16 if len(gap) == 0 or gap.max() < 1 << 16 else np.uint32
    header = msgspec.json.encode(Header(_FORMAT, task, weights.heads), order="sorted").decode()
    tensors = {
        "gap": np.ascontiguousarray(gap.astype(wide)),
        "idf": np.ascontiguousarray(weights.idf),
        "scale": np.ascontiguousarray(weights.scale),
        "weight": np.ascontiguousarray(weights.weight),
    }
    return safetensors.numpy.save(tensors, {_META: header})


def parse(data: bytes, name: str) -> tuple[Header, Weights]:
    """Read weights from bytes; raise SettingsError naming the file where they are none of ours."""
    try:
        size = int.from_bytes(data[:8], "little")
        meta = msgspec.json.decode(data[8 : 8 + size], type=dict[str, dict[str, object]])
        header = msgspec.json.decode(str(meta["__metadata__"][_META]), type=Header)
        tensors = safetensors.numpy.load(data)
        weights = Weights(
            bucket=np.cumsum(tensors["gap"].astype(np.int64)).astype(np.uint32),
            idf=tensors["idf"],
            weight=tensors["weight"],
            scale=tensors["scale"],
            heads=header.heads,
        )
    except (msgspec.MsgspecError, safetensors.SafetensorError, KeyError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"is no model of this program ({type(error).__name__})",
            file=name,
            repair="train it with `answerable train`",
        ) from None
    if header.format != _FORMAT:
        raise SettingsError(f"has format {header.format}, not {_FORMAT}", file=name, repair="train it again")
    return header, weights


def read_manifest(folder: Path) -> Manifest:
    """Read the folder's manifest; raise SettingsError where it is missing or malformed."""
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise SettingsError(
            f"cannot be read: {error.strerror}", file=str(path), repair="install the program again"
        ) from None
    except msgspec.MsgspecError as error:
        raise SettingsError(f"is no manifest: {error}", file=str(path), repair="install the program again") from None


def write_manifest(folder: Path) -> None:
    """Write the manifest of a folder's files of weights."""
    found = Manifest({path.name: sha256(path.read_bytes()) for path in sorted(folder.glob("*.safetensors"))})
    text = msgspec.json.format(msgspec.json.encode(found, order="sorted"), indent=2)
    (folder / MANIFEST).write_bytes(text + b"\n")


def read_verified(folder: Path, name: str, digest: str) -> bytes:
    """Read a file; raise SettingsError naming it where its SHA-256 is not `digest`."""
    path = folder / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"cannot be read: {error.strerror}", file=str(path), repair="install the program again"
        ) from None
    if sha256(data) != digest:
        raise SettingsError(
            "is not the file that the manifest vouches for (SHA-256 differs)", file=str(path),
            repair="restore the file, or rebuild models and manifest together",
        )  # fmt: skip
    return data
