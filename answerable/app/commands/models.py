"""The models of the full tier: take them in, list them, verify every byte, make int8 ones. Nothing is fetched.

answerable models add FOLDER    # with its own manifest.json, or pinned by --repository --revision --licence …
answerable models list
answerable models verify
answerable models export TUNED --out FOLDER    # pinned as by add

A folder that brings its own manifest.json is held to it; else the words above pin it. `export` quantises the network
of a sequence classifier, a float model.onnx or (with the extra `torch`) safetensors, to int8, for each channel.
docs/models.md tells it step by step.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from answerable.app import options as shared
from answerable.app.cli import EXIT
from answerable.app.extras import need
from answerable.app.shelf import add, named, names
from answerable.errors import Refused, SettingsError
from answerable.settings import Settings
from nlp.pins import Pin, check_words, digest_of, verified

_ORIGIN = ("repository", "revision", "licence", "head", "languages", "labels")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare add, list, verify and export."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="add|list|verify|export")
    added = verbs.add_parser("add", help="take in a model from a folder")
    exported = verbs.add_parser("export", help="make an int8 model of a sequence classifier")
    for making in (added, exported):
        making.add_argument("source", type=Path, metavar="FOLDER")
        _describing(making)
    added.add_argument("--name", metavar="N", help="its name here (default: the folder's)")
    exported.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="new")
    verbs.add_parser("list", help="name, what it answers, origin and licence of each")
    verbs.add_parser("verify", help="compare every byte with the manifests").add_argument(
        "names", nargs="*", metavar="NAME"
    )
    for verb in verbs.choices.values():
        shared.settings_file(verb)


def _describing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repository", metavar="OWNER/NAME", help="where it was published")
    parser.add_argument("--revision", metavar="H", help="the commit there, 40 hex digits")
    parser.add_argument("--licence", metavar="L", help="its licence, such as Apache-2.0")
    parser.add_argument("--head", metavar="H", help="what it answers: sentiment or emotion")
    parser.add_argument("--languages", metavar="L,…", help="what it reads, such as en,de")
    parser.add_argument("--labels", metavar="L,…", help="our label for each of its outputs, in order")
    parser.add_argument(
        "--longest", type=int, default=128, metavar="N", help="tokens of a text that are read (default: 128)"
    )
    parser.add_argument("--temperature", type=float, default=1.0, metavar="T", help="its logits are divided by it")
    parser.add_argument(
        "--weight", type=float, default=1.0, metavar="W", help="its share in an answer, the fast head has the rest"
    )


def run(given: argparse.Namespace) -> int:
    """Do it."""
    settings = shared.of(given)
    if given.what in ("add", "export") and not given.source.is_dir():
        raise Refused(f"{given.source} is no folder")
    match given.what:
        case "add":
            return _add(given, settings)
        case "list":
            return _each(names(settings), settings, _line)
        case "verify":
            return _each(given.names or names(settings), settings, _whole)
        case _:
            return _export(given)


def _add(given: argparse.Namespace, settings: Settings) -> int:
    need(structs.replace(settings, nlp=structs.replace(settings.nlp, tier="full")), "nlp.tier")
    from nlp.transformer import Transformer

    name = given.name or given.source.resolve().name
    found = add(settings, given.source, name, _said(given), Transformer)
    sys.stdout.write(f'{_line(name, found)}\nwith tier = "full" and models = ["{name}"] below [nlp] it reads\n')
    return EXIT["ok"]


def _said(given: argparse.Namespace) -> Pin | None:
    """Return what the words say of a model, None where they say nothing; raise Refused where they say too little.

    Raises SettingsError where they say what cannot be meant.
    """
    absent = [key for key in _ORIGIN if not getattr(given, key)]
    if len(absent) == len(_ORIGIN):
        return None
    if absent:
        raise Refused(f"a model is pinned by all of --{' --'.join(_ORIGIN)}; missing: --{' --'.join(absent)}")
    said = Pin(
        repository=given.repository, revision=given.revision, licence=given.licence, head=given.head,
        languages=tuple(given.languages.split(",")), labels=tuple(given.labels.split(",")), sha256={},
        longest=given.longest, temperature=given.temperature, weight=given.weight,
    )  # fmt: skip
    check_words(said)
    return said


def _line(name: str, said: Pin) -> str:
    origin = f"{said.repository}@{said.revision[:12]}"
    return f"{name}: {said.head} in {', '.join(said.languages)}; {origin}, {said.licence}; {digest_of(said)}"


def _whole(name: str, said: Pin) -> str:
    return f"{name}: every byte of {len(said.sha256)} files is as listed ({digest_of(said)})"


def _each(wanted: list[str], settings: Settings, line: Callable[[str, Pin], str]) -> int:
    """Write a line for each model, or what is wrong with it, and go on; return the exit code."""
    worst = EXIT["ok"]
    for name in wanted:
        try:
            sys.stdout.write(line(name, verified(named(settings, name))) + "\n")
        except SettingsError as error:
            sys.stdout.write(f"{name}: {error}\n")
            worst = EXIT["settings"]
    return worst


def _export(given: argparse.Namespace) -> int:
    from nlp.export import export

    said = _said(given)
    if said is None:
        raise Refused(f"say where the model comes from and what it answers: --{' --'.join(_ORIGIN)}")
    export(given.source, given.out, said)
    sys.stdout.write(f"{_line(given.out.name, verified(given.out))}\n")
    return EXIT["ok"]
