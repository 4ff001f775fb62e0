"""Boards for Kibana, on facts alone: build their files, check them, or put them into a running Kibana.

answerable kibana build --out boards             # boards/boards.zh.ndjson and boards/boards.en.ndjson
answerable kibana check                          # what build would write
answerable kibana check boards/boards.zh.ndjson boards/boards.en.ndjson
answerable kibana push --role                    # the boards, and the role of those who look at them
answerable kibana push --lang en --wait 120      # in English, as soon as Kibana is ready

Where Kibana is stands in [kibana] of the settings. `push` replaces boards of the same name, so keep changes of your
own in copies.

exit codes: 0 done, 1 Kibana or the check refuses, 3 settings are wrong, 4 Kibana cannot be reached
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from answerable.app import options as shared
from answerable.app.cli import EXIT
from answerable.errors import Unavailable
from answerable.settings import Settings
from deploy.kibana.boards import BOARDS
from deploy.kibana.check import check
from deploy.kibana.panel import LANGUAGES, Lang
from deploy.kibana.push import push, push_role
from deploy.kibana.saved import ndjson

_PAUSE_S = 2.0
_T = TypeVar("_T")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare build, check and push."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="build|check|push")
    build = verbs.add_parser("build", help="write one file a language")
    build.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="folder (default: this one)")
    checked = verbs.add_parser("check", help="say what is wrong in files, or in what build would write")
    checked.add_argument("files", nargs="*", type=Path, metavar="FILE", help="boards.LANG.ndjson, of every language")
    pushed = verbs.add_parser("push", help="import the boards into Kibana, over those of the same name")
    pushed.add_argument("--lang", choices=[*LANGUAGES, "all"], help="language (default: general.locale)")
    pushed.add_argument("--role", action="store_true", help="also put the role that reads facts and opens dashboards")
    pushed.add_argument(
        "--wait", type=float, default=0.0, metavar="SECONDS", help="try again for so long while Kibana is not ready"
    )
    for verb in verbs.choices.values():
        shared.settings_file(verb)


def run(given: argparse.Namespace) -> int:
    """Do it; return the exit code."""
    settings = shared.of(given)
    match given.what:
        case "build":
            return _build(settings, given.out)
        case "check":
            return _check(settings, given.files)
        case _:
            return _push(settings, given)


def _built(settings: Settings) -> dict[Lang, bytes]:
    return {lang: ndjson(BOARDS, settings.elastic.prefix, lang) for lang in LANGUAGES}


def _name(lang: Lang) -> str:
    return f"boards.{lang}.ndjson"


def _build(settings: Settings, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for lang, data in _built(settings).items():
        (folder / _name(lang)).write_bytes(data)
        sys.stdout.write(f"{folder / _name(lang)}\n")
    return EXIT["ok"]


def _check(settings: Settings, paths: list[Path]) -> int:
    built = {_name(lang): data for lang, data in _built(settings).items()}
    files = {str(path): path.read_bytes() for path in paths} or built
    faults = check(files, settings.elastic.prefix)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    sys.stderr.write(f"{len(faults) or 'no'} faults in {len(files)} files\n")
    return EXIT["failed" if faults else "ok"]


def _push(settings: Settings, given: argparse.Namespace) -> int:
    wanted = given.lang or settings.general.locale
    until = time.monotonic() + given.wait
    for lang, data in _built(settings).items():
        if wanted in (lang, "all"):
            count = _patiently(until, partial(push, settings.kibana, _name(lang), data))
            sys.stdout.write(f"{_name(lang)}: {count} objects\n")
    if given.role:
        sys.stdout.write(f"role {_patiently(until, partial(push_role, settings.kibana, settings.elastic.prefix))}\n")
    return EXIT["ok"]


def _patiently(until: float, ask: Callable[[], _T]) -> _T:
    """Ask, and ask again until then while Kibana cannot answer."""
    while True:
        try:
            return ask()
        except Unavailable:
            if time.monotonic() + _PAUSE_S > until:
                raise
            time.sleep(_PAUSE_S)
