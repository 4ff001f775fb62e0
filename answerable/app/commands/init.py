"""Write commented settings and the files beside them, overwrite nothing, and say what comes next.

answerable init                  # in this folder
answerable init /etc/answerable
"""

from __future__ import annotations

import argparse
import stat
import sys
from pathlib import Path

from answerable.app.starter import contents
from answerable.errors import Refused

_SECRETS = "secrets"


def options(parser: argparse.ArgumentParser) -> None:
    """Declare DIR."""
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=Path(), help="default: this folder")


def run(given: argparse.Namespace) -> int:
    """Write what is missing."""
    folder: Path = given.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = [_write(folder / name, text) for name, text in contents().items()]
        told.append(_make_secrets(folder / _SECRETS))
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}; name a folder that you may write") from None
    settings = folder / "answerable.toml"
    check = "answerable check" if folder == Path() else f"answerable check --settings {settings}"
    for line in told:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"\nnext: fill in [legal] in {settings}, then run `{check}`\n")
    return 0


def _write(path: Path, text: str) -> str:
    """Write a file that is not there yet; what is there stays as it is, to the byte."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return f"kept   {path} (it was there already)"
    return f"wrote  {path}"


def _make_secrets(folder: Path) -> str:
    """Make the folder for files such as a mail password, closed to others."""
    if folder.exists():
        mode = stat.S_IMODE(folder.stat().st_mode)
        beware = "" if mode & 0o077 == 0 else f"; others may look into it: chmod 700 {folder}"
        return f"kept   {folder}/ (it was there already{beware})"
    folder.mkdir(mode=0o700)
    return f"made   {folder}/ for passwords, open to this user alone"
