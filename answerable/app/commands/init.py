"""Write commented settings and the files beside them, overwrite nothing, and say what comes next.

answerable init                  # in this folder
answerable init /etc/answerable
answerable init --compose desk/  # for docker compose: also its variables and a secret for every user
"""

from __future__ import annotations

import argparse
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from answerable.app.starter import contents
from answerable.app.starter.compose import SECRETS, env_text, fresh
from answerable.errors import Refused

_SECRETS = "secrets"
_READ_BY_ALL = 0o644  # a container's user is nobody that this machine knows; the closed folder keeps others out
_PAGE = 0o644


def options(parser: argparse.ArgumentParser) -> None:
    """Declare DIR and --compose."""
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=Path(), help="default: this folder")
    parser.add_argument("--compose", action="store_true", help="also write what deploy/compose.yaml needs")


def run(given: argparse.Namespace) -> int:
    """Write what is missing."""
    folder: Path = given.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        told = [_write(folder / name, text) for name, text in contents().items()]
        told.append(_make_secrets(folder / _SECRETS))
        told += _compose(folder) if given.compose else ()
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}; name a folder that you may write") from None
    for line in told:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"\nnext: fill in [legal] in {folder / 'answerable.toml'}, then run `{_next(given)}`\n")
    return 0


def _next(given: argparse.Namespace) -> str:
    folder: Path = given.folder
    if given.compose:
        return f"docker compose --env-file {folder / '.env'} --file deploy/compose.yaml up --build --detach"
    return "answerable check" if folder == Path() else f"answerable check --settings {folder / 'answerable.toml'}"


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


def _compose(folder: Path) -> Iterator[str]:
    """Write variables and secrets, and let a container's user read what it is given."""
    for name in SECRETS:
        path = folder / _SECRETS / name
        yield _write(path, fresh(name))
        path.chmod(_READ_BY_ALL)
    yield _write(folder / ".env", env_text(folder))
    folder.chmod(folder.stat().st_mode | 0o055)
    for name in contents():
        (folder / name).chmod((folder / name).stat().st_mode | _PAGE)
