"""Models of other people, pinned: a folder whose manifest names origin, licence and SHA-256 of every file in it.

A folder is taken whole or not at all: a file that differs, is missing, or is not listed refuses to be read.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from answerable.errors import SettingsError
from nlp.corpora import EMOTIONS, SENTIMENTS
from nlp.weights import MANIFEST

__all__ = [
    "HEADS",
    "NETWORK",
    "Pin",
    "check_words",
    "digest_of",
    "listed",
    "pin",
    "read_pin",
    "verified",
    "write_pin",
]

HEADS = {"sentiment": SENTIMENTS, "emotion": EMOTIONS}  # what a model can answer, in our words
NETWORK = "model.onnx"
_RESTORE = "restore the folder, or add the model again"
_FORMS = {
    "repository": (re.compile(r"[\w.-]+/[\w.-]+"), "write OWNER/NAME"),
    "revision": (re.compile(r"[0-9a-f]{40}"), "write the 40 hex digits of the commit"),
    "licence": (re.compile(r"\S.*"), "name the licence, such as Apache-2.0"),
}
_FILE = re.compile(r"\w[\w.-]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Pin(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a manifest says of a model.

    `labels` holds for each of the model's outputs, in order, the label of ours that it stands for; several may stand
    for one. `longest` is counted in tokens, the rest of a text is not read. `weight` is the model's share in a
    probability, the fast head has the rest. `sha256` is that of each file, by name.
    """

    repository: str
    revision: str
    licence: str
    head: str
    languages: tuple[str, ...]
    labels: tuple[str, ...]
    sha256: dict[str, str]
    longest: int = 128
    temperature: float = 1.0
    weight: float = 1.0


def listed(folder: Path) -> list[str]:
    """Return the names of a folder's files but the manifest, sorted; raise SettingsError where one is a folder."""
    found = sorted(path.name for path in folder.iterdir() if path.name != MANIFEST)
    for name in found:
        if not (folder / name).is_file():
            raise SettingsError(
                "is no file; a model is a flat folder", file=str(folder / name), repair="move it away"
            )
    return found


def pin(folder: Path, said: Pin) -> Pin:
    """Return what is said of a model with the SHA-256 of each file that lies in its folder now."""
    return msgspec.structs.replace(said, sha256={name: _sha256(folder / name) for name in listed(folder)})


def write_pin(folder: Path, said: Pin) -> None:
    """Write a folder's manifest; equal pins give equal bytes."""
    text = msgspec.json.format(msgspec.json.encode(said, order="sorted"), indent=2)
    (folder / MANIFEST).write_bytes(text + b"\n")


def read_pin(path: Path) -> Pin:
    """Read a manifest; raise SettingsError where it is missing, malformed, or names what cannot be meant."""
    try:
        said = msgspec.json.decode(path.read_bytes(), type=Pin)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise SettingsError(what, file=str(path), repair="name a folder that `answerable models add` took") from None
    except msgspec.MsgspecError as error:
        what = f"is no manifest of a model: {error}"
        raise SettingsError(what, file=str(path), repair="see docs/models.md") from None
    check_words(said, str(path))
    for key, what, repair in _odd_files(said):
        raise SettingsError(what, file=str(path), key=key, repair=repair)
    return said


def check_words(said: Pin, file: str = "") -> None:
    """Raise SettingsError at the first thing said of a model that cannot be meant; its files are not looked at."""
    for key, what, repair in _problems(said):
        raise SettingsError(what, file=file, key=key, repair=repair)


def verified(folder: Path) -> Pin:
    """Return a folder's pin once every byte is as listed; raise SettingsError naming the first file that is not."""
    said = read_pin(folder / MANIFEST)
    found = set(listed(folder))
    for name in sorted(found - said.sha256.keys()):
        raise SettingsError("is not listed in the manifest", file=str(folder / name), repair="remove it")
    for name, digest in sorted(said.sha256.items()):
        path = folder / name
        if name not in found:
            raise SettingsError("is missing", file=str(path), repair=_RESTORE)
        if _sha256(path) != digest:
            what = "is not the file that the manifest vouches for (SHA-256 differs)"
            raise SettingsError(what, file=str(path), repair=_RESTORE)
    return said


def digest_of(said: Pin) -> str:
    """Return a short digest of all that a pin says, and so of the model's bytes."""
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:12]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problems(said: Pin) -> Iterator[tuple[str, str, str]]:
    """Yield key, what is wrong and the repair."""
    for key, (form, repair) in _FORMS.items():
        value: str = getattr(said, key)
        if not form.fullmatch(value):
            yield key, f"{value!r} cannot be meant", repair
    if said.head not in HEADS:
        yield "head", f"{said.head!r} is none of ours", f"write {' or '.join(HEADS)}"
    else:
        for label in sorted(set(said.labels) - set(HEADS[said.head])):
            yield "labels", f"{label!r} is none of {said.head}", f"write {', '.join(HEADS[said.head])}"
    if len(set(said.labels)) < 2 or not said.languages:
        yield "labels" if said.languages else "languages", "are too few", "name what the model tells apart, and where"
    if said.longest < 8:
        yield "longest", f"{said.longest} is out of range", "write 8 tokens or more"
    if not 0 < said.temperature < math.inf:
        yield "temperature", f"{said.temperature:g} is out of range", "write a number above 0, such as 1.2"
    if not 0 < said.weight <= 1:
        yield "weight", f"{said.weight:g} is out of range", "write a share above 0, 1 at most"


def _odd_files(said: Pin) -> Iterator[tuple[str, str, str]]:
    """Yield key, what is wrong and the repair."""
    for name, digest in sorted(said.sha256.items()):
        if not (_FILE.fullmatch(name) and _DIGEST.fullmatch(digest)):
            yield "sha256", f"{name!r} is no plain name with its SHA-256", f"take {name} out of the folder"
    if NETWORK not in said.sha256:
        yield "sha256", f"does not list {NETWORK}", "export the model first: answerable models export"
