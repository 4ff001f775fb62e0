"""The machine below the desk: its folder, its disk, secrets that only it may read, models whose bytes are known."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from alerts.ledger import VERSION as LEDGER
from answerable.app import wiring
from answerable.app.check.finding import Finding, Grade, shown, well, wrong
from answerable.app.door import only_one
from answerable.database import fits
from answerable.errors import SettingsError, Unavailable
from answerable.settings import SECRETS, Settings
from console.users import Users
from crawlers.cursor import VERSION as CURSOR
from index.sqlite import VERSION as INDEX
from nlp.heads import FOLDER, Heads

__all__ = ["data_folder", "is_running", "machine"]

_LEAST_FREE = 1_000_000_000
_MOUNTED = "/run/secrets/"  # whoever mounts a secret there says who may read it; modes say nothing
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def data_folder(settings: Settings) -> Path:
    """Return where the data lie, without making the folder as `files.data_dir` does."""
    return settings.beside("general.data_dir", settings.general.data_dir)


def machine(settings: Settings, models: Path = FOLDER) -> Iterator[Finding]:
    """Yield what was found below the desk; `models` is the folder of the shipped ones."""
    folder = data_folder(settings)
    yield from _folder(settings, folder)
    yield _room(shutil.disk_usage(_nearest(folder)).free)
    yield from _passwords(settings)
    if settings.stream.engine == "embedded":
        yield from _log(settings, folder)
    if settings.index.engine == "embedded":
        yield from _versioned("index", folder / "index" / "facts.db", INDEX)
    yield from _versioned("ledger", folder / "ledger.db", LEDGER)
    for path in sorted((folder / "crawl").glob("*.cursor")):
        yield from (found for found in _versioned("crawl", path, CURSOR) if not found.ok)
    yield from _users(folder / "users.json")
    yield from _models(settings, models)


def is_running(folder: Path) -> bool:
    """Tell whether a desk runs on a data folder: it holds the folder's lock."""
    if not (folder / "run.lock").exists():
        return False
    try:
        with only_one(folder):
            return False
    except (Unavailable, OSError):
        return True


def _folder(settings: Settings, folder: Path) -> Iterator[Finding]:
    problem = _cannot_write(folder)
    where = settings.origin.get("general.data_dir", "")
    if problem:
        repair = "name a folder that this user may write"
        yield wrong("data", SettingsError(problem, file=where, key="general.data_dir", repair=repair))
    elif folder.is_dir() and folder.stat().st_mode & _OTHERS:
        repair = f"chmod 700 {shown(folder)}"
        yield wrong("data", SettingsError("others may read it", file=str(folder), repair=repair), Grade.WARNING)
    else:
        yield well("data", "can be written" if folder.exists() else "will be made at the first start", folder)


def _cannot_write(folder: Path) -> str:
    """Return why nothing can be kept in a folder that exists or would be made; "" where it can."""
    nearest = _nearest(folder)
    if not nearest.is_dir():
        return f"{shown(folder)} cannot be made: {shown(nearest)} is no folder"
    if not os.access(nearest, os.W_OK | os.X_OK):
        return f"{shown(nearest)} cannot be written by this user"
    if nearest == folder:
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            return f"{shown(folder)} cannot be written: {error.strerror}"
    return ""


def _nearest(folder: Path) -> Path:
    """Return the folder, or what of the way to it exists."""
    return next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))


def _room(free: int) -> Finding:
    """Judge how many bytes are free.

    >>> print(_room(500_000_000).text)
    ! disk: 0.5 GB are free; make room: a full disk stops the intake, nothing that was taken in is lost
    """
    told = f"{free / 1e9:.1f} GB are free"
    if free >= _LEAST_FREE:
        return well("disk", told)
    repair = "make room: a full disk stops the intake, nothing that was taken in is lost"
    return wrong("disk", SettingsError(told, repair=repair), Grade.WARNING)


def _passwords(settings: Settings) -> Iterator[Finding]:
    told = set[str]()
    for section, key in SECRETS:
        for finding in _password(settings, section, key):
            if finding.text not in told:
                yield finding
            told.add(finding.text)


def _password(settings: Settings, section: str, name: str) -> Iterator[Finding]:
    """Look whether others may read a secret where it is written."""
    keys = getattr(settings, section)
    named: str = getattr(keys, f"{name}_file")
    key = f"{section}.{name}_file" if named else f"{section}.{name}"
    where = settings.origin.get(key, "")
    own = str(settings.beside(key, named)) if named else ""
    file = own or where.rpartition(":")[0]
    if not getattr(keys, name).reveal() or file.startswith(_MOUNTED) or not Path(file or "/").is_file():
        return
    if not Path(file).stat().st_mode & _OTHERS:
        yield well("secrets", "only this user may read it", file)
    elif named:
        what = f"others may read {shown(file)}"
        yield wrong("secrets", SettingsError(what, file=where, key=key, repair=f"chmod 600 {shown(file)}"))
    else:
        repair = f"put it into a file of mode 0600 and name that as {name}_file, or chmod 600 {shown(file)}"
        what = f"others may read the {name.replace('_', ' ')}"
        yield wrong("secrets", SettingsError(what, file=where, key=key, repair=repair))


def _log(settings: Settings, folder: Path) -> Iterator[Finding]:
    path = folder / "log.db"
    if not path.is_file():
        return
    try:
        wiring.log(settings, path).close()
    except SettingsError as error:
        yield wrong("log", error)
    except Unavailable as error:
        yield Finding(check="log", grade=Grade.UNREACHABLE, message=str(error), repair="look at the disk")
    else:
        yield well("log", "has the partitions that the settings name", path)


def _versioned(check: str, path: Path, version: int) -> Iterator[Finding]:
    """Look whether a file that exists was written by this version."""
    if not path.is_file():
        return
    try:
        fits(path, version)
    except SettingsError as error:
        yield wrong(check, error)
    except Unavailable as error:
        yield Finding(check=check, grade=Grade.UNREACHABLE, message=str(error), repair="look at the disk")
    else:
        yield well(check, "is of this version", path)


def _users(path: Path) -> Iterator[Finding]:
    if not path.exists():
        return
    try:
        users = Users.load(path)
    except SettingsError as error:
        yield wrong("users", error)
    except OSError as error:
        repair = "let this user read it, and nobody else"
        yield wrong("users", SettingsError(f"cannot be read: {error.strerror}", file=str(path), repair=repair))
    else:
        yield well("users", f"{len(users.all())} users", path)


def _models(settings: Settings, folder: Path) -> Iterator[Finding]:
    try:
        yield well("models", f"every byte is as listed ({Heads.load(folder).digest})")
        for path, reader in wiring.slow_readers(settings).items():
            yield well("models", f"answers {reader.pin.head} in {', '.join(reader.pin.languages)}", path)
    except SettingsError as error:
        yield wrong("models", error)
